// What the server says of an image, and where its frames are.

/** Left, top, right, bottom in pixels of the stored image; half-open. */
export type Box = [number, number, number, number];
export type Range = [number, number];

/** How one frame's numbers are sent: value = number × slope + intercept. */
export interface RawPixels {
  dtype: "int16" | "uint16" | "uint8" | "float32";
  width: number;
  height: number;
  slope: number;
  intercept: number;
}

/** Letters at the picture's edges, as radiographs carry them: R, L, A, P, H, F. */
export interface Sides {
  left?: string;
  right?: string;
  top?: string;
  bottom?: string;
}

export interface Plane {
  width: number;
  height: number;
  window: Range;
  valueRange: Range;
  /** Millimetres a row and a column; null where the header doesn't tell. */
  spacing: Range | null;
  pixels: RawPixels;
  sides: Sides | null;
  /** Of the values: HU, or null. */
  units: string | null;
  /** Addresses' last part of each frame, in order. */
  frames: string[];
}

export interface Description {
  isKept: boolean;
  plane: Plane;
  /** A volume seen from the front: boxes and masks of a CT lie in its pixels. */
  frontal: Plane | null;
}

type Json = Record<string, any>;

/** Ask the server what lies at an address; throws with the server's own words. */
export async function describe(address: string, signal: AbortSignal): Promise<Description> {
  const reply = await fetch(address, { signal, headers: { Accept: "application/json" } });
  const said: Json = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(said["detail"] ?? "The image can’t be read.");
  const count = Number(said["frames"] ?? 1);
  const turned = said["orientation"] ? { left: "R", right: "L", top: "H", bottom: "F" } : null; // the service turns it so
  const frontal = said["frontal"] && { ...said["frontal"], orientation: turned };
  return {
    isKept: said["kept"] !== false,
    plane: planeOf(said, Array.from({ length: count }, (_, number) => String(number))),
    frontal: frontal ? planeOf(frontal, ["frontal"]) : null,
  };
}

function planeOf(said: Json, frames: string[]): Plane {
  const raw: Json = said["pixels"] ?? {};
  const spacing: number[] | null = said["spacing_mm"] ?? null;
  const range: Range = said["value_range"] ?? said["window"] ?? [0, 255];
  return {
    width: said["width"],
    height: said["height"],
    window: said["window"] ?? range,
    valueRange: range,
    spacing: spacing && spacing.length >= 2 ? (spacing.slice(-2) as Range) : null,
    pixels: {
      dtype: raw["dtype"] ?? "float32",
      width: raw["width"] ?? said["width"],
      height: raw["height"] ?? said["height"],
      slope: raw["slope"] ?? 1,
      intercept: raw["intercept"] ?? 0,
    },
    sides: said["orientation"] ?? null,
    units: said["units"] ?? null,
    frames,
  };
}
