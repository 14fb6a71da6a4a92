// Which part of a picture is seen: arithmetic between stored pixels and the stage's CSS pixels, nothing else.
import type { Box, Plane } from "./description";

export type Point = [number, number];

/** The stored pixel in the stage's middle, and CSS pixels a column. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

const MOST_SCALE = 40;
const LEAST_OF_FIT = 0.25;

/** Height of a stored pixel over its width: 1 where the spacing is square or unknown. */
export function aspectOf(plane: Plane): number {
  return plane.spacing ? plane.spacing[0] / plane.spacing[1] : 1;
}

export function fitScale(plane: Plane, stage: Size): number {
  return Math.min(stage.width / plane.width, stage.height / (plane.height * aspectOf(plane))) || 1;
}

export function fitView(plane: Plane, stage: Size): View {
  return { x: plane.width / 2, y: plane.height / 2, scale: fitScale(plane, stage) };
}

/** The view with its scale between a quarter of "fit" and 40, and its middle on the picture. */
export function keepWithin(view: View, plane: Plane, stage: Size): View {
  return {
    x: clamp(view.x, 0, plane.width),
    y: clamp(view.y, 0, plane.height),
    scale: clamp(view.scale, fitScale(plane, stage) * LEAST_OF_FIT, MOST_SCALE),
  };
}

export function toStage(view: View, plane: Plane, stage: Size, [x, y]: Point): Point {
  return [stage.width / 2 + (x - view.x) * view.scale, stage.height / 2 + (y - view.y) * view.scale * aspectOf(plane)];
}

export function toPixels(view: View, plane: Plane, stage: Size, [left, top]: Point): Point {
  return [view.x + (left - stage.width / 2) / view.scale, view.y + (top - stage.height / 2) / (view.scale * aspectOf(plane))];
}

/** Zoom so that the pixel under a point of the stage stays there. */
export function zoomAt(view: View, plane: Plane, stage: Size, at: Point, factor: number): View {
  const [x, y] = toPixels(view, plane, stage, at);
  const scale = keepWithin({ ...view, scale: view.scale * factor }, plane, stage).scale;
  const ratio = view.scale / scale;
  return keepWithin({ x: x + (view.x - x) * ratio, y: y + (view.y - y) * ratio, scale }, plane, stage);
}

/** Move what is seen by CSS pixels. */
export function panBy(view: View, plane: Plane, stage: Size, [right, down]: Point): View {
  return keepWithin({ ...view, x: view.x - right / view.scale, y: view.y - down / (view.scale * aspectOf(plane)) }, plane, stage);
}

/** The half-open box of whole pixels between two points; null where it would be empty. */
export function boxBetween(a: Point, b: Point, plane: Plane): Box | null {
  const [x0, x1] = [a[0], b[0]].map((x) => clamp(Math.round(x), 0, plane.width)).sort((p, q) => p - q) as Point;
  const [y0, y1] = [a[1], b[1]].map((y) => clamp(Math.round(y), 0, plane.height)).sort((p, q) => p - q) as Point;
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : null;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
