// Viewers of one group follow each other: as shares of their pictures, so that films of different sizes go together.
import type { Range } from "./description";
import type { CasekinViewer } from "./element";
import { fitScale } from "./view";

interface Following {
  /** Middle as shares of width and height, zoom as a multiple of "fit", slice as a share of the stack. */
  x: number;
  y: number;
  zoom: number;
  slice: number;
  /** Low and high where the default window is 0 to 1; null where windows aren't linked. */
  window: [number, number] | null;
  isInverted: boolean; // counts where windows are linked
  /** Where the pointer is, as shares; null where it isn't over the picture. */
  pointer: [number, number] | null;
}

const members = new Set<CasekinViewer>();

export function join(viewer: CasekinViewer): void {
  members.add(viewer);
}

export function leave(viewer: CasekinViewer): void {
  members.delete(viewer);
}

export function isAlone(viewer: CasekinViewer): boolean {
  return othersOf(viewer).length === 0;
}

/** Tell the others of the group how a viewer looks at its picture. */
export function lead(viewer: CasekinViewer): void {
  const { face, view, pointer, parts } = viewer;
  if (!face || !view || isAlone(viewer)) return;
  const { plane } = face;
  const [low, high] = plane.window;
  const relative = (value: number): number => (value - low) / (high - low || 1);
  const what: Following = {
    x: view.x / plane.width,
    y: view.y / plane.height,
    zoom: view.scale / fitScale(plane, viewer.size),
    slice: plane.frames.length > 1 ? face.frame / (plane.frames.length - 1) : 0,
    window: parts.linksWindow.checked ? [relative(face.window[0]), relative(face.window[1])] : null,
    isInverted: face.isInverted,
    pointer: pointer && [pointer[0] / plane.width, pointer[1] / plane.height],
  };
  for (const other of othersOf(viewer)) followTo(other, what);
}

function followTo(viewer: CasekinViewer, what: Following): void {
  const { face, parts } = viewer;
  if (!face) return;
  const { plane } = face;
  face.view = { x: what.x * plane.width, y: what.y * plane.height, scale: what.zoom * fitScale(plane, viewer.size) };
  face.frame = Math.round(what.slice * (plane.frames.length - 1));
  if (what.window) {
    const [low, high] = plane.window;
    face.window = what.window.map((share) => low + share * (high - low)) as Range;
    face.isInverted = what.isInverted;
  }
  viewer.linkedPointer = what.pointer && [what.pointer[0] * plane.width, what.pointer[1] * plane.height];
  parts.linksWindow.checked = what.window !== null;
  viewer.draw();
}

function othersOf(viewer: CasekinViewer): CasekinViewer[] {
  return viewer.group ? [...members].filter((other) => other !== viewer && other.group === viewer.group) : [];
}
