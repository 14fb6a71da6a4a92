// What is pointed at: a box or a painted mask, never both, in pixels of the plane that regions lie in.
import { middleBox, moveBox, strideOf, WHOLE } from "./boxes";
import { Brush } from "./brush";
import type { Box, Plane } from "./description";
import type { CasekinViewer } from "./element";
import { boxBetween, clamp, type Point } from "./view";

const BRUSH_STEPS = 400; // of the picture's longer side

export class Region {
  box: Box | null = null;
  brush: Brush | null = null;
  readonly #viewer: CasekinViewer;

  constructor(viewer: CasekinViewer) {
    this.#viewer = viewer;
  }

  /** The page's own box, or none; no event. */
  put(box: Box | null): void {
    const plane = this.#viewer.regionPlane;
    this.box = box && plane ? boxBetween([box[0], box[1]], [box[2], box[3]], plane) : box;
    this.brush?.clear();
    this.#viewer.draw();
  }

  /** Draw or move the box; `isDone` tells the page. */
  setBox(box: Box | null, isDone: boolean): void {
    this.box = box;
    if (box) this.brush?.clear();
    this.#viewer.draw();
    if (isDone) this.#tell(null);
  }

  /** Move the box, or its right and lower edge, by strides; one that isn't there is placed. */
  moveBox(by: Point, isResizing: boolean): void {
    const plane = this.#plane;
    if (!plane) return;
    const stride = strideOf(plane);
    const hold = isResizing ? [2, 3] : WHOLE;
    this.setBox(this.box ? moveBox(this.box, hold, [by[0] * stride, by[1] * stride], plane) : middleBox(plane), true);
  }

  /** A box in the middle, to be moved from there; one that is there stays. */
  placeBox(): void {
    if (this.#plane) this.setBox(this.box ?? middleBox(this.#plane), true);
  }

  get brushDiameter(): number {
    const { plane, parts } = this.#viewer;
    return plane ? Math.max(1, (Math.max(plane.width, plane.height) * parts.brushSize.valueAsNumber) / BRUSH_STEPS) : 1;
  }

  resizeBrush(factor: number): void {
    const { brushSize } = this.#viewer.parts;
    brushSize.valueAsNumber = clamp(Math.round(brushSize.valueAsNumber * factor) + Math.sign(factor - 1), 1, 100);
    this.#viewer.draw();
    this.#viewer.say(`Brush ${Math.round(this.brushDiameter)} pixels wide`);
  }

  paint(to: Point): void {
    const plane = this.#plane;
    if (!plane) return;
    if (!this.brush) {
      this.brush = new Brush(plane);
      this.#viewer.parts.overlay.before(this.brush.canvas);
    }
    this.box = null;
    this.brush.stroke(to, this.brushDiameter, this.#viewer.tool === "eraser");
    this.#viewer.draw();
  }

  async endPainting(): Promise<void> {
    if (!this.brush) return;
    this.brush.lift();
    this.#tell(await this.brush.mask());
  }

  clear(): void {
    this.put(null);
    this.#tell(null);
  }

  /** The image goes, and the mask's canvas with it. */
  lose(): void {
    this.brush?.canvas.remove();
    this.brush = null;
  }

  /** The plane on screen where regions lie in it and may be drawn. */
  get #plane(): Plane | null {
    const { plane, regionPlane, region } = this.#viewer;
    return region !== "none" && plane === regionPlane ? plane : null;
  }

  #tell(mask: Blob | null): void {
    const { box } = this.#viewer;
    this.#viewer.say(box ? `Box from ${box[0]}, ${box[1]} to ${box[2]}, ${box[3]}` : mask ? "Region painted" : "No region");
    this.#viewer.dispatchEvent(new CustomEvent("region", { bubbles: true, detail: { box, mask } }));
  }
}
