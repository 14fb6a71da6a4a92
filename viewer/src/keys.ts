// The keyboard on the stage. Letters act only while it has the focus.
import { act } from "./actions";
import type { Action, Tool } from "./controls";
import type { CasekinViewer } from "./element";
import type { Point } from "./view";
import { centerOf, widthOf } from "./windows";

const TOOL_KEYS: Record<string, Tool> = { w: "window", m: "move", b: "box", p: "brush", e: "eraser" };
const ACTION_KEYS: Record<string, Action> = {
  f: "fit",
  o: "one",
  "+": "in",
  "=": "in",
  "-": "out",
  i: "invert",
  r: "reset",
  v: "frontal",
  "?": "keys",
};
const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAN_STEP = 40;
const WINDOW_STEPS = 100; // of the default window's width

export function listenToKeys(viewer: CasekinViewer): void {
  viewer.parts.stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(viewer, event.key, event.shiftKey)) event.preventDefault();
  });
}

function press(viewer: CasekinViewer, key: string, isShifted: boolean): boolean {
  const name = key.length === 1 ? key.toLowerCase() : key;
  const tool = TOOL_KEYS[name];
  const action = ACTION_KEYS[name];
  const arrow = ARROWS[key];
  const count = viewer.plane?.frames.length ?? 1;
  if (tool) viewer.pick(tool);
  else if (action) act(viewer, action);
  else if (arrow) pressArrow(viewer, arrow, isShifted);
  else if (key === "Enter" && viewer.tool === "box") viewer.pointed.placeBox();
  else if (key === "Delete" || key === "Backspace") viewer.pointed.clear();
  else if (key === "[" || key === "]") viewer.pointed.resizeBrush(key === "]" ? 1.25 : 0.8);
  else if (/^[1-9]$/.test(key)) viewer.pickPreset(Number(key) - 1);
  else if (count > 1 && key === "PageUp") viewer.setFrame(viewer.slice - 1);
  else if (count > 1 && key === "PageDown") viewer.setFrame(viewer.slice + 1);
  else if (count > 1 && key === "Home") viewer.setFrame(0);
  else if (count > 1 && key === "End") viewer.setFrame(count - 1);
  else return false;
  return true;
}

function pressArrow(viewer: CasekinViewer, [right, down]: Point, isShifted: boolean): void {
  const { plane, window } = viewer;
  if (!plane || !window) return;
  const times = isShifted ? 10 : 1;
  if (viewer.tool === "window") {
    const step = (widthOf(plane.window) / WINDOW_STEPS) * times;
    const [center, width] = [centerOf(window) - down * step, widthOf(window) + right * step];
    viewer.setWindow([center - width / 2, center + width / 2]);
  } else if (viewer.tool === "box") viewer.pointed.moveBox([right, down], isShifted);
  else viewer.pan([-right * PAN_STEP * times, -down * PAN_STEP * times]);
}
