// The brush: a canvas of the stored size that lies over the picture. What is painted on it is the mask.
import type { Plane } from "./description";
import { aspectOf, toStage, type Point, type Size, type View } from "./view";

const INK = "#ff9f1c";

export class Brush {
  readonly canvas = document.createElement("canvas");
  #context: CanvasRenderingContext2D;
  #plane: Plane;
  #last: Point | null = null;
  isEmpty = true;

  constructor(plane: Plane) {
    this.#plane = plane;
    this.canvas.className = "mask";
    this.canvas.width = plane.width;
    this.canvas.height = plane.height;
    this.#context = this.canvas.getContext("2d", { willReadFrequently: true })!;
    this.#context.fillStyle = this.#context.strokeStyle = INK;
    this.#context.lineCap = this.#context.lineJoin = "round";
  }

  /** Paint or rub out from the last point to this one, `diameter` stored columns wide. */
  stroke(to: Point, diameter: number, isErasing: boolean): void {
    const context = this.#context;
    context.globalCompositeOperation = isErasing ? "destination-out" : "source-over";
    context.lineWidth = diameter;
    context.beginPath();
    context.moveTo(...(this.#last ?? to));
    context.lineTo(to[0], to[1] + (this.#last ? 0 : 1e-3)); // a line without length paints nothing
    context.stroke();
    this.#last = to;
    if (!isErasing) this.isEmpty = false;
  }

  lift(): void {
    this.#last = null;
  }

  clear(): void {
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.isEmpty = true;
    this.#last = null;
  }

  place(view: View, stage: Size): void {
    const [left, top] = toStage(view, this.#plane, stage, [0, 0]);
    this.canvas.style.transform = `translate(${left}px, ${top}px) scale(${view.scale}, ${view.scale * aspectOf(this.#plane)})`;
  }

  /** A PNG of the stored size, white where painted and black elsewhere; null where nothing is painted. */
  async mask(): Promise<Blob | null> {
    const { width, height } = this.canvas;
    const painted = this.#context.getImageData(0, 0, width, height);
    let count = 0;
    for (let at = 0; at < painted.data.length; at += 4) {
      const isIn = painted.data[at + 3]! >= 128;
      painted.data.fill(isIn ? 255 : 0, at, at + 3);
      painted.data[at + 3] = 255;
      count += Number(isIn);
    }
    this.isEmpty = count === 0;
    if (!count) return null;
    const paper = new OffscreenCanvas(width, height);
    paper.getContext("2d")!.putImageData(painted, 0, 0);
    return paper.convertToBlob({ type: "image/png" });
  }
}
