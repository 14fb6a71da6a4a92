// What is drawn over the pixels, as SVG in the stage's own pixels: strokes keep their width at every zoom.
import type { Box, Plane } from "./description";
import { aspectOf, fitScale, toStage, type Point, type Size, type View } from "./view";

/** A box of the page's: a region of the answer, a finding's place. `kind` decides colour and dashes. */
export interface Overlay {
  box: Box;
  label?: string;
  kind?: "region" | "finding" | "other";
}

/** One side of a pair map, as an evidence card has it: chances in [0, 1] on a grid over a box. */
export interface CellMap {
  box: Box;
  rows: number;
  columns: number;
  cells: number[][];
}

export interface Scene {
  plane: Plane;
  view: View;
  stage: Size;
  box: Box | null;
  overlays: Overlay[];
  /** Where another viewer of the group is pointed at, in stored pixels. */
  pointer: Point | null;
  showsMiddle: boolean;
  /** The brush under the pointer, in stored pixels and columns. */
  brush: { at: Point; diameter: number } | null;
}

const NAMESPACE = "http://www.w3.org/2000/svg";
const HANDLE = 8;
const ROUND_LENGTHS_MM = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

type Attributes = Record<string, string | number>;

export function svg(name: string, attributes: Attributes = {}, ...inside: (Node | string)[]): SVGElement {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...inside);
  return node;
}

export function drawScene(root: SVGElement, scene: Scene): void {
  const { stage } = scene;
  root.setAttribute("viewBox", `0 0 ${stage.width} ${stage.height}`);
  const parts: SVGElement[] = scene.overlays.map((overlay) => drawOverlay(scene, overlay));
  if (scene.box) parts.push(drawBox(scene, scene.box));
  if (scene.pointer) parts.push(cross(toStage(scene.view, scene.plane, stage, scene.pointer), 14, "crosshair"));
  if (scene.brush) parts.push(...drawBrush(scene, scene.brush));
  if (scene.showsMiddle) parts.push(cross([stage.width / 2, stage.height / 2], 7, "middle"));
  parts.push(...drawSides(scene), ...drawScale(scene));
  root.replaceChildren(...parts);
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

function rectangleOf({ view, plane, stage }: Scene, box: Box): Rectangle {
  const [left, top] = toStage(view, plane, stage, [box[0], box[1]]);
  const [right, bottom] = toStage(view, plane, stage, [box[2], box[3]]);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function drawBox(scene: Scene, box: Box): SVGElement {
  const place = rectangleOf(scene, box);
  const corners = [0, 0.5, 1].flatMap((down) => [0, 0.5, 1].map((right) => [right, down])).filter(([x, y]) => x !== 0.5 || y !== 0.5);
  const small = Math.min(place.width, place.height) < 4 * HANDLE;
  const handles = corners
    .filter(([x, y]) => !small || (x !== 0.5 && y !== 0.5))
    .map(([x, y]) =>
      svg("rect", {
        class: "handle",
        x: place.x + x! * place.width - HANDLE / 2,
        y: place.y + y! * place.height - HANDLE / 2,
        width: HANDLE,
        height: HANDLE,
      }),
    );
  return svg("g", { class: "drawn" }, svg("rect", { ...place, class: "under" }), svg("rect", { ...place, class: "line" }), ...handles);
}

function drawOverlay(scene: Scene, { box, label, kind = "region" }: Overlay): SVGElement {
  const place = rectangleOf(scene, box);
  const words = label ? [svg("text", { x: place.x + 4, y: Math.max(place.y - 5, 13) }, label)] : [];
  return svg("g", { class: `overlay ${kind}` }, svg("rect", { ...place, class: "under" }), svg("rect", { ...place, class: "line" }), ...words);
}

function drawBrush({ view, plane, stage }: Scene, { at, diameter }: { at: Point; diameter: number }): SVGElement[] {
  const [cx, cy] = toStage(view, plane, stage, at);
  const rx = (diameter / 2) * view.scale;
  const place = { cx, cy, rx, ry: rx * aspectOf(plane) };
  return [svg("ellipse", { ...place, class: "under" }), svg("ellipse", { ...place, class: "brush" })];
}

function cross([x, y]: Point, arm: number, name: string): SVGElement {
  return svg("path", { class: name, d: `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}` });
}

function drawSides({ plane, stage }: Scene): SVGElement[] {
  const { left, right, top, bottom } = plane.sides ?? {};
  const at = (letter: string | undefined, x: number, y: number, anchor: string): SVGElement[] =>
    letter ? [svg("text", { class: "side", x, y, "text-anchor": anchor }, letter)] : [];
  return [
    ...at(left, 10, stage.height / 2, "start"),
    ...at(right, stage.width - 10, stage.height / 2, "end"),
    ...at(top, stage.width / 2, 22, "middle"),
    ...at(bottom, stage.width / 2, stage.height - 12, "middle"),
  ];
}

/** A bar of a round length, at most a quarter of the stage wide; none where the spacing is unknown. */
function drawScale({ plane, view, stage }: Scene): SVGElement[] {
  if (!plane.spacing) return [];
  const pixelsPerMm = view.scale / plane.spacing[1];
  const length = ROUND_LENGTHS_MM.findLast((mm) => mm * pixelsPerMm <= stage.width / 4);
  if (!length) return [];
  const [x, y, width] = [12, stage.height - 34, length * pixelsPerMm];
  const words = length >= 10 ? `${length / 10} cm` : `${length} mm`;
  const bar = `M${x} ${y - 4}V${y + 4}M${x} ${y}H${x + width}M${x + width} ${y - 4}V${y + 4}`;
  return [
    svg("path", { class: "scale under", d: bar }),
    svg("path", { class: "scale", d: bar }),
    svg("text", { class: "scale-words", x: x + width + 6, y: y + 4 }, words),
  ];
}

/** Percent of one stored pixel a device-independent pixel. */
export function zoomWords({ view, plane, stage }: Pick<Scene, "view" | "plane" | "stage">): string {
  const isFit = Math.abs(view.scale - fitScale(plane, stage)) < 1e-6;
  return `${Math.round(view.scale * 100)} %${isFit ? " (fit)" : ""}`;
}

/** A picture of a cell map, one pixel a cell: the likelier, the more opaque. In the colour of the cards’ maps. */
export function paintMap(canvas: HTMLCanvasElement, map: CellMap): void {
  canvas.width = map.columns;
  canvas.height = map.rows;
  const context = canvas.getContext("2d")!;
  const picture = context.createImageData(map.columns, map.rows);
  map.cells.flat().forEach((chance, cell) => picture.data.set([64, 220, 235, Math.round(255 * chance)], 4 * cell));
  context.putImageData(picture, 0, 0);
}

export function placeMap(canvas: HTMLCanvasElement, map: CellMap, view: View, plane: Plane, stage: Size): void {
  const [left, top] = toStage(view, plane, stage, [map.box[0], map.box[1]]);
  canvas.style.left = `${left}px`;
  canvas.style.top = `${top}px`;
  canvas.style.width = `${(map.box[2] - map.box[0]) * view.scale}px`;
  canvas.style.height = `${(map.box[3] - map.box[1]) * view.scale * aspectOf(plane)}px`;
}
