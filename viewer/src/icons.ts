// The toolbar's icons, 24 × 24, drawn with one stroke.
import { svg } from "./overlay";

const PATHS: Record<string, string> = {
  window: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18M12 7l4-1.6M12 11h7M12 15l6 1",
  move: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
  box: "M5 6h14v12H5zM3.5 4.5h3v3h-3zM17.500 4.500h3v3h-3zM3.500 16.500h3v3h-3zM17.500 16.500h3v3h-3z",
  brush: "M20 4 11 13M9 12l3 3M10 13c-3 0-4 2-4 4 0 1-1 2-2 2 4 2 9 1 9-3",
  eraser: "M9 19 4 14 14 4l6 6-9 9zM9 9l6 6M9 19h11",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 9h6v6H9z",
  one: "M5 8l2-1.500V17M17 8l2-1.500V17M12 10v.1M12 14v.1",
  in: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 21 21M7.500 10.500h6M10.500 7.500v6",
  out: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 21 21M7.500 10.500h6",
  invert: "M4 4h16v16H4zM4 20 20 4M8 7v4M6 9h4M14 16h4",
  reset: "M5 5v5h5M5.500 10a7.500 7.500 0 1 1-1 5",
  frontal: "M8 3c-3 4-4 9-4 18h6V9M16 3c3 4 4 9 4 18h-6V9M12 3v9",
  keys: "M3 7h18v10H3zM7 10.500v.1M11 10.500v.1M15 10.500v.1M18 10.500v.1M8 14h8",
};

export function icon(name: string): SVGElement {
  const drawn = svg("path", { d: PATHS[name] ?? "" });
  return svg("svg", { viewBox: "0 0 24 24", width: 22, height: 22, class: "icon", "aria-hidden": "true" }, drawn);
}
