// What draws pixels. Cornerstone3D does (cornerstone.ts); where it can't be loaded, the server (picture.ts).
import type { Plane, Range } from "./description";
import { openPicture } from "./picture";
import type { Size, View } from "./view";

export interface Shown {
  frame: number;
  view: View;
  window: Range;
  isInverted: boolean;
}

export interface Renderer {
  /** Which one it is, for the page and its tests. */
  readonly kind: "webgl" | "cpu" | "server";
  /** Draw; resolves once the frame asked for is on screen. */
  show(shown: Shown): Promise<void>;
  /** The value at a stored pixel of the frame on screen; null where it isn't known. */
  valueAt(x: number, y: number): number | null;
  resize(stage: Size): void;
  dispose(): void;
}

export async function openRenderer(stage: HTMLElement, address: string, plane: Plane, first: Shown): Promise<Renderer> {
  try {
    const { openCornerstone } = await import("./cornerstone");
    return await openCornerstone(stage, address, plane, first);
  } catch {
    return openPicture(stage, address, plane, first);
  }
}
