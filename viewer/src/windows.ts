// Windows: presets, and how numbers are told.
import type { Plane, Range } from "./description";

export interface Preset {
  name: string;
  window: Range;
}

const CT_PRESETS: Preset[] = [
  { name: "Lung", window: [-1350, 150] },
  { name: "Mediastinum", window: [-160, 240] },
  { name: "Bone", window: [-800, 1200] },
];

/** The header's own window first; those of CT where values are Hounsfield units. */
export function presetsOf(plane: Plane): Preset[] {
  const own: Preset = { name: "Default", window: plane.window };
  const full: Preset = { name: "Full range", window: plane.valueRange };
  return plane.units === "HU" ? [own, ...CT_PRESETS, full] : [own, full];
}

export function centerOf([low, high]: Range): number {
  return (low + high) / 2;
}

export function widthOf([low, high]: Range): number {
  return high - low;
}

/** The window with a centre and a width; the width stays above a thousandth of the plane's range. */
export function windowAround(center: number, width: number, plane: Plane): Range {
  const least = Math.max(widthOf(plane.valueRange), 1e-6) / 1000;
  const half = Math.max(width, least) / 2;
  return [center - half, center + half];
}

export function sameWindow(a: Range, b: Range): boolean {
  const tolerance = Math.max(widthOf(a), widthOf(b)) / 1000;
  return Math.abs(a[0] - b[0]) <= tolerance && Math.abs(a[1] - b[1]) <= tolerance;
}

/** Three significant digits of a range, so that 0.5 and 1350 both read well. */
export function tell(value: number, range: Range): string {
  const digits = Math.max(0, Math.ceil(2 - Math.log10(Math.max(widthOf(range), 1e-9))));
  return value.toFixed(Math.min(digits, 6)).replace("-", "−");
}
