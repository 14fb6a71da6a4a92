// A plane of the image with how it is looked at: a volume has two, its slices and its frontal view.
import type { Description, Plane, Range } from "./description";
import type { View } from "./view";

export interface Face {
  plane: Plane;
  frame: number;
  view: View | null; // null: fitted
  window: Range;
  isInverted: boolean;
}

export interface Faces {
  slices: Face;
  frontal: Face | null;
}

export function facesOf({ plane, frontal }: Description): Faces {
  return { slices: faceOf(plane), frontal: frontal && faceOf(frontal) };
}

/** Seen whole, in its default window, at the middle slice. */
function faceOf(plane: Plane): Face {
  const frame = Math.floor((plane.frames.length - 1) / 2);
  return { plane, frame, view: null, window: plane.window, isInverted: false };
}
