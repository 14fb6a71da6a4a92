// A box under a pointer or under keys: which part of it is held, and where it goes.
import type { Box, Plane } from "./description";
import { boxBetween, clamp, type Point } from "./view";

/** Which corners move: 0 left, 1 top, 2 right, 3 bottom. All four: the box as a whole. */
export type Hold = readonly number[];
export const WHOLE: Hold = [0, 1, 2, 3];

/** What a point holds of a box, within a reach in pixels along each axis; null outside. */
export function holdAt(box: Box, [x, y]: Point, reach: Point): Hold | null {
  const [rx, ry] = reach;
  if (x < box[0] - rx || x > box[2] + rx || y < box[1] - ry || y > box[3] + ry) return null;
  const hold: number[] = [];
  if (Math.abs(x - box[0]) <= rx) hold.push(0);
  else if (Math.abs(x - box[2]) <= rx) hold.push(2);
  if (Math.abs(y - box[1]) <= ry) hold.push(1);
  else if (Math.abs(y - box[3]) <= ry) hold.push(3);
  return hold.length ? hold : WHOLE;
}

/** The box after what is held of it moved by whole pixels; it stays on the picture, and an edge may cross its opposite. */
export function moveBox(box: Box, hold: Hold, [right, down]: Point, plane: Plane): Box {
  const [dx, dy] = [Math.round(right), Math.round(down)];
  if (hold.length === 4) {
    const left = clamp(box[0] + dx, 0, plane.width - (box[2] - box[0]));
    const top = clamp(box[1] + dy, 0, plane.height - (box[3] - box[1]));
    return [left, top, left + box[2] - box[0], top + box[3] - box[1]];
  }
  const next: Box = [...box];
  for (const corner of hold) next[corner]! += corner % 2 ? dy : dx;
  return boxBetween([next[0], next[1]], [next[2], next[3]], plane) ?? box;
}

/** The middle third of a picture: where a box begins that no pointer drew. */
export function middleBox(plane: Plane): Box {
  return [1, 1, 2, 2].map((third, axis) => Math.round((third * (axis % 2 ? plane.height : plane.width)) / 3)) as Box;
}

/** A hundredth of the longer side, at least a pixel: how far an arrow key moves. */
export function strideOf(plane: Plane): number {
  return Math.max(1, Math.round(Math.max(plane.width, plane.height) / 100));
}

export function cursorOf(hold: Hold | null): string {
  if (!hold) return "crosshair";
  const name = [...hold].sort().join("");
  return { "0123": "move", "0": "ew-resize", "2": "ew-resize", "1": "ns-resize", "3": "ns-resize", "01": "nwse-resize", "23": "nwse-resize", "12": "nesw-resize", "03": "nesw-resize" }[name] ?? "crosshair";
}
