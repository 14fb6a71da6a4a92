// Mouse, pen and fingers on the stage. Left or one finger: the tool in hand. Middle: move. Right: window. Two fingers: zoom and move.
import { cursorOf, holdAt, moveBox, type Hold } from "./boxes";
import type { Box, Range } from "./description";
import type { CasekinViewer } from "./element";
import { boxBetween, toPixels, type Point } from "./view";
import { centerOf, widthOf } from "./windows";

const REACH = { mouse: 9, pen: 12, touch: 20 } as const; // CSS pixels within which an edge is held
const DRAG_FOR_DOUBLE = 300; // CSS pixels that double the width, or move the centre by the default width
const NOTCH = 100; // wheel distance of one slice

interface Drag {
  kind: "window" | "move" | "box" | "paint";
  from: Point; // on the stage
  last: Point;
  window: Range;
  box: Box | null;
  hold: Hold | null;
}

export function listenToPointers(viewer: CasekinViewer): void {
  const { stage } = viewer.parts;
  const fingers = new Map<number, Point>();
  let drag: Drag | null = null;
  let wheeled = 0;

  stage.addEventListener("pointerdown", (event) => {
    if (!viewer.plane) return;
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(stage, event));
    if (fingers.size > 1) drag = cancel(viewer, drag);
    else drag = begin(viewer, pointOf(stage, event), event);
    event.preventDefault();
  });
  stage.addEventListener("pointermove", (event) => {
    const at = pointOf(stage, event);
    if (fingers.size > 1 && fingers.has(event.pointerId)) return pinch(viewer, fingers, event.pointerId, at);
    if (drag) carryOn(viewer, drag, at);
    else showCursor(viewer, at);
    viewer.point(pixelsAt(viewer, at));
  });
  for (const kind of ["pointerup", "pointercancel"] as const) {
    stage.addEventListener(kind, (event) => {
      fingers.delete(event.pointerId);
      if (drag) end(viewer, drag);
      drag = null;
    });
  }
  stage.addEventListener("pointerleave", () => viewer.point(null));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  stage.addEventListener("dblclick", () => viewer.tool === "move" && viewer.setView(null));
  stage.addEventListener(
    "wheel",
    (event) => {
      const isStack = (viewer.plane?.frames.length ?? 1) > 1;
      const isFocused = viewer.shadowRoot?.activeElement === stage;
      if (event.ctrlKey || (!isStack && isFocused)) viewer.zoom(Math.exp(-event.deltaY / 400), pointOf(stage, event));
      else if (isStack) {
        wheeled += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : Math.sign(event.deltaY) * NOTCH;
        const steps = Math.trunc(wheeled / NOTCH);
        wheeled -= steps * NOTCH;
        if (steps) viewer.setFrame(viewer.slice + steps);
      } else return; // the page scrolls until the picture was clicked
      event.preventDefault();
    },
    { passive: false },
  );
}

function pointOf(stage: HTMLElement, event: MouseEvent): Point {
  const place = stage.getBoundingClientRect();
  return [event.clientX - place.left - stage.clientLeft, event.clientY - place.top - stage.clientTop];
}

function pixelsAt(viewer: CasekinViewer, at: Point): Point {
  return toPixels(viewer.view!, viewer.plane!, viewer.size, at);
}

/** How far a pointer reaches, in stored pixels along both axes. */
function reachOf(viewer: CasekinViewer, kind: string): Point {
  const reach = REACH[kind as keyof typeof REACH] ?? REACH.mouse;
  const [a, b] = [pixelsAt(viewer, [0, 0]), pixelsAt(viewer, [reach, reach])];
  return [b[0] - a[0], b[1] - a[1]];
}

function begin(viewer: CasekinViewer, from: Point, { button, pointerType }: PointerEvent): Drag | null {
  const tools = { window: "window", move: "move", box: "box", brush: "paint", eraser: "paint" } as const;
  const kind = button === 1 ? "move" : button === 2 ? "window" : tools[viewer.tool];
  const { box } = viewer;
  const hold = kind === "box" && box ? holdAt(box, pixelsAt(viewer, from), reachOf(viewer, pointerType)) : null;
  if ((kind === "box" || kind === "paint") && viewer.plane !== viewer.regionPlane) return null;
  if (kind === "paint") viewer.pointed.paint(pixelsAt(viewer, from));
  return { kind, from, last: from, window: viewer.window!, box, hold };
}

function carryOn(viewer: CasekinViewer, drag: Drag, at: Point): void {
  const plane = viewer.plane!;
  if (drag.kind === "move") viewer.pan([at[0] - drag.last[0], at[1] - drag.last[1]]);
  else if (drag.kind === "paint") viewer.pointed.paint(pixelsAt(viewer, at));
  else if (drag.kind === "window") {
    const center = centerOf(drag.window) + ((at[1] - drag.from[1]) / DRAG_FOR_DOUBLE) * widthOf(plane.window);
    const width = widthOf(drag.window) * 2 ** ((at[0] - drag.from[0]) / DRAG_FOR_DOUBLE);
    viewer.setWindow([center - width / 2, center + width / 2]);
  } else {
    const [start, here] = [pixelsAt(viewer, drag.from), pixelsAt(viewer, at)];
    const moved: Point = [here[0] - start[0], here[1] - start[1]];
    const next = drag.hold && drag.box ? moveBox(drag.box, drag.hold, moved, plane) : boxBetween(start, here, plane);
    viewer.pointed.setBox(next ?? drag.box, false);
  }
  drag.last = at;
}

function end(viewer: CasekinViewer, drag: Drag): void {
  if (drag.kind === "paint") void viewer.pointed.endPainting();
  else if (drag.kind === "box" && String(viewer.box) !== String(drag.box)) viewer.pointed.setBox(viewer.box, true);
}

/** A second finger came: what the first began with it is taken back. */
function cancel(viewer: CasekinViewer, drag: Drag | null): null {
  if (drag?.kind === "box") viewer.pointed.setBox(drag.box, false);
  if (drag?.kind === "window") viewer.setWindow(drag.window);
  if (drag?.kind === "paint") void viewer.pointed.endPainting();
  return null;
}

function pinch(viewer: CasekinViewer, fingers: Map<number, Point>, id: number, at: Point): void {
  const [other] = [...fingers].filter(([finger]) => finger !== id).map(([, point]) => point);
  const before = fingers.get(id)!;
  fingers.set(id, at);
  if (!other) return;
  const span = (point: Point): number => Math.max(Math.hypot(point[0] - other[0], point[1] - other[1]), 1);
  viewer.zoom(span(at) / span(before), [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
  viewer.pan([(at[0] - before[0]) / 2, (at[1] - before[1]) / 2]);
}

function showCursor(viewer: CasekinViewer, at: Point): void {
  const { box, tool } = viewer;
  const overBox = tool === "box" && box && viewer.plane === viewer.regionPlane ? holdAt(box, pixelsAt(viewer, at), reachOf(viewer, "mouse")) : null;
  const cursors = { window: "default", move: "grab", box: cursorOf(overBox), brush: "none", eraser: "none" };
  viewer.parts.stage.style.cursor = cursors[tool];
}
