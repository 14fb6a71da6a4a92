// The viewer's parts in the page: toolbar, stage, and the fields of the tool in hand. Behaviour is in element.ts.
import { icon } from "./icons";
import { svg } from "./overlay";

export const TOOLS = ["window", "move", "box", "brush", "eraser"] as const;
export type Tool = (typeof TOOLS)[number];

/** Whether a tool points at a region. */
export function isRegional(tool: Tool): boolean {
  return tool === "box" || tool === "brush" || tool === "eraser";
}

export const ACTIONS = ["fit", "one", "in", "out", "invert", "reset", "frontal", "keys"] as const;
export type Action = (typeof ACTIONS)[number];

const WORDS: Record<Tool | Action, string> = {
  window: "Window: drag for brightness and contrast (W)",
  move: "Move and zoom (M)",
  box: "Draw a box (B)",
  brush: "Paint a region (P)",
  eraser: "Rub out (E)",
  fit: "Fit (F)",
  one: "One to one (O)",
  in: "Zoom in (+)",
  out: "Zoom out (−)",
  invert: "Invert (I)",
  reset: "Reset view and window (R)",
  frontal: "Frontal view of the volume (V)",
  keys: "Keys (?)",
};

export const KEYS: [string, string][] = [
  ["W M B P E", "tools: window, move, box, paint, rub out"],
  ["arrows", "the tool’s own: window (↔ width, ↕ centre), move, or the box"],
  ["Shift + arrows", "box: its right and lower edge; else ten times as far"],
  ["Enter", "place a box in the middle"],
  ["Delete", "clear box and painting"],
  ["+ −", "zoom"],
  ["F O", "fit, one to one"],
  ["I R", "invert, reset"],
  ["1 … 5", "windows: default first"],
  ["PgUp PgDn Home End", "slices"],
  ["[ ]", "size of the brush"],
  ["V", "CT: frontal view and slices"],
  ["right button", "window, whatever the tool"],
  ["middle button", "move"],
  ["wheel", "slices; a clicked film: zoom (always with Ctrl)"],
  ["two fingers", "zoom and move"],
];

export interface Parts {
  root: HTMLElement;
  bar: HTMLElement;
  buttons: Record<Tool | Action, HTMLButtonElement>;
  stage: HTMLElement;
  overlay: SVGElement;
  corner: { title: HTMLElement; window: HTMLElement; value: HTMLElement; zoom: HTMLElement };
  slice: HTMLInputElement;
  sliceRow: HTMLElement;
  fields: Record<"window" | "box" | "brush" | "map" | "link", HTMLElement>;
  preset: HTMLSelectElement;
  center: HTMLInputElement;
  width: HTMLInputElement;
  corners: HTMLInputElement[];
  place: HTMLButtonElement;
  clear: HTMLButtonElement[];
  brushSize: HTMLInputElement;
  hasMap: HTMLInputElement;
  mapOpacity: HTMLInputElement;
  linksWindow: HTMLInputElement;
  keys: HTMLElement;
  said: HTMLElement;
  problem: HTMLElement;
}

type Inside = (Node | string)[];

function html<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...inside: Inside
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...inside);
  return node;
}

function field(words: string, input: HTMLElement): HTMLLabelElement {
  return html("label", {}, html("span", {}, words), input);
}

export function buildParts(): Parts {
  const names = [...TOOLS, ...ACTIONS];
  const buttons = Object.fromEntries(
    names.map((name) => [name, html("button", { type: "button", "aria-label": WORDS[name], title: WORDS[name] }, icon(name))]),
  ) as Parts["buttons"];
  buttons.keys.setAttribute("aria-expanded", "false");
  const corner = {
    title: html("p", { class: "corner title" }),
    window: html("p", { class: "corner window" }),
    value: html("p", { class: "corner value" }),
    zoom: html("p", { class: "corner zoom" }),
  };
  const overlay = svg("svg", { class: "overlay-root", "aria-hidden": "true" });
  const readouts = html("div", { "aria-hidden": "true" }, ...Object.values(corner));
  const stage = html("div", { class: "stage", part: "stage", tabindex: "0", role: "application" }, overlay, readouts);
  stage.setAttribute("aria-roledescription", "image viewer");
  const bar = html(
    "div",
    { class: "bar", role: "toolbar", "aria-label": "Image tools" },
    html("span", { class: "set" }, ...TOOLS.map((name) => buttons[name])),
    html("span", { class: "set" }, ...ACTIONS.map((name) => buttons[name])),
  );

  const preset = html("select");
  const number = (): HTMLInputElement => html("input", { type: "number", step: "any", inputmode: "decimal" });
  const [center, width] = [number(), number()];
  const corners = ["Left", "Top", "Right", "Bottom"].map((words) =>
    html("input", { type: "number", min: "0", step: "1", inputmode: "numeric", "aria-label": `${words} edge of the box` }),
  );
  const clear = [0, 1].map(() => html("button", { type: "button", class: "words" }, "Clear"));
  const place = html("button", { type: "button", class: "words" }, "Place box");
  const brushSize = html("input", { type: "range", min: "1", max: "100" });
  const hasMap = html("input", { type: "checkbox" });
  hasMap.checked = true;
  const mapOpacity = html("input", { type: "range", min: "0", max: "100", value: "60", "aria-label": "Opacity of the map" });
  const linksWindow = html("input", { type: "checkbox" });
  const slice = html("input", { type: "range", min: "1", step: "1", "aria-label": "Slice" });

  const fields: Parts["fields"] = {
    window: html("div", { class: "part" }, field("Window", preset), field("Centre", center), field("Width", width)),
    box: html(
      "div",
      { class: "part corners", role: "group", "aria-label": "Box in pixels" },
      ...corners.map((input, at) => field(["Left", "Top", "Right", "Bottom"][at]!, input)),
      place,
      clear[0]!,
    ),
    brush: html("div", { class: "part" }, field("Brush size", brushSize), clear[1]!),
    map: html("div", { class: "map-part" }, html("label", { class: "check" }, hasMap, "Map of what matches"), mapOpacity),
    link: html("div", { class: "part" }, html("label", { class: "check" }, linksWindow, "Same window in both")),
  };
  const keys = html(
    "dl",
    { class: "keys", hidden: "" },
    ...KEYS.flatMap(([key, words]) => [html("dt", {}, key), html("dd", {}, words)]),
  );
  const said = html("p", { class: "unseen", role: "status" });
  const problem = html("p", { class: "problem", role: "alert", hidden: "" });
  const sliceRow = html("div", { class: "slice" }, slice);
  const root = html(
    "div",
    { class: "viewer", part: "viewer", hidden: "" },
    bar,
    html("div", { class: "fields" }, ...Object.values(fields)),
    stage,
    sliceRow,
    keys,
    said,
  );
  return { root, bar, buttons, stage, overlay, corner, slice, sliceRow, fields, preset, center, width, corners, place, clear, brushSize, hasMap, mapOpacity, linksWindow, keys, said, problem };
}
