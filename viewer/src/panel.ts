// What the viewer's controls show, and what they do when they are used.
import { act } from "./actions";
import { ACTIONS, isRegional, TOOLS } from "./controls";
import type { Box, Plane } from "./description";
import type { CasekinViewer } from "./element";
import type { Face } from "./face";
import { isAlone } from "./link";
import { drawScene, placeMap, zoomWords } from "./overlay";
import type { View } from "./view";
import { centerOf, sameWindow, widthOf } from "./windows";

/** An empty stage of the size that the picture will have, with a word of what is awaited. */
export function emptyPanel(viewer: CasekinViewer, words: string): void {
  const { parts } = viewer;
  parts.root.hidden = false;
  parts.problem.hidden = true;
  parts.overlay.replaceChildren();
  for (const corner of Object.values(parts.corner)) corner.textContent = "";
  parts.corner.title.textContent = words;
  parts.stage.ariaBusy = "true";
  fitPanel(viewer);
}

/** Show the controls that this image and tool have; while the image is still coming, those that every image has. */
export function fitPanel(viewer: CasekinViewer): void {
  const { parts, tool, face, faces } = viewer;
  const takesRegions = viewer.region !== "none" && (faces === null || viewer.regionPlane !== null);
  const count = face?.plane.frames.length ?? 1;
  for (const name of TOOLS) {
    parts.buttons[name].setAttribute("aria-pressed", String(name === tool));
    if (isRegional(name)) parts.buttons[name].hidden = !takesRegions;
  }
  parts.buttons.frontal.hidden = !faces?.frontal;
  parts.buttons.frontal.setAttribute("aria-pressed", String(face !== null && face === faces?.frontal));
  parts.buttons.keys.setAttribute("aria-expanded", String(!parts.keys.hidden));
  parts.fields.window.hidden = tool !== "window" && tool !== "move";
  parts.fields.box.hidden = tool !== "box";
  for (const part of [...parts.corners, parts.place]) part.disabled = face === null; // there is nothing yet to place a box on
  parts.fields.brush.hidden = tool !== "brush" && tool !== "eraser";
  parts.fields.map.hidden = !viewer.map;
  parts.fields.link.hidden = isAlone(viewer);
  parts.sliceRow.hidden = count < 2;
  parts.slice.max = String(count);
  parts.stage.setAttribute("aria-label", viewer.getAttribute("label") ?? "Image");
  parts.stage.setAttribute("aria-keyshortcuts", "W M B P E F O I R + - ?");
  if (face) fitToPlane(viewer, face.plane);
}

function fitToPlane({ parts, presets }: CasekinViewer, plane: Plane): void {
  parts.corners.forEach((input, at) => (input.max = String(at % 2 ? plane.height : plane.width)));
  const names = presets.map((preset) => preset.name);
  if (parts.preset.options.length !== names.length + 1) {
    parts.preset.replaceChildren(...[...names, "Other"].map((name) => new Option(name)));
  }
}

/** Bring everything but the pixels up to date. */
export function drawPanel(viewer: CasekinViewer, face: Face, view: View): void {
  const { parts, size } = viewer;
  const { plane, frame } = face;
  const isRegionPlane = plane === viewer.regionPlane;
  const paints = isRegionPlane && (viewer.tool === "brush" || viewer.tool === "eraser");
  drawScene(parts.overlay, {
    plane,
    view,
    stage: size,
    box: isRegionPlane ? viewer.box : null,
    overlays: isRegionPlane ? viewer.overlays : [],
    pointer: viewer.linkedPointer,
    brush: paints && viewer.pointer ? { at: viewer.pointer, diameter: viewer.pointed.brushDiameter } : null,
    showsMiddle: !viewer.pointer && viewer.shadowRoot?.activeElement === parts.stage,
  });
  const { brush } = viewer.pointed;
  brush?.place(view, size);
  if (brush) brush.canvas.hidden = !isRegionPlane;
  drawMap(viewer, face, view);
  const count = plane.frames.length;
  const title = [count > 1 ? `Slice ${frame + 1} / ${count}` : "", viewer.description?.isKept === false ? "preview, 8 bits" : "", viewer.trouble];
  parts.corner.title.textContent = title.filter(Boolean).join(" · ");
  parts.corner.window.textContent = `C ${viewer.tell(centerOf(face.window))}  W ${viewer.tell(widthOf(face.window))}`;
  parts.corner.zoom.textContent = zoomWords({ view, plane, stage: size }) + (face.isInverted ? " · inverted" : "");
  parts.corner.value.textContent = valueWords(viewer, view);
  parts.slice.value = String(frame + 1);
  parts.slice.setAttribute("aria-valuetext", `${frame + 1} of ${count}`);
  parts.buttons.invert.setAttribute("aria-pressed", String(face.isInverted));
  fill(parts.center, centerOf(face.window), viewer);
  fill(parts.width, widthOf(face.window), viewer);
  const chosen = viewer.presets.findIndex((preset) => sameWindow(preset.window, face.window));
  parts.preset.selectedIndex = chosen < 0 ? viewer.presets.length : chosen;
  tellCorners(viewer);
}

/** The box in its fields. Until it changes they are left alone: what is typed of a box that isn't whole yet stays. */
function tellCorners({ parts, box, shadowRoot }: CasekinViewer): void {
  const told = box?.join() ?? "";
  if (told === (parts.fields.box.dataset["told"] ?? "")) return;
  parts.fields.box.dataset["told"] = told;
  parts.corners.forEach((input, at) => {
    if (shadowRoot?.activeElement !== input) input.value = box ? String(box[at]) : "";
  });
}

function drawMap(viewer: CasekinViewer, face: Face, view: View): void {
  const { parts, map, mapCanvas } = viewer;
  const isShown = map !== null && parts.hasMap.checked && face.plane === viewer.regionPlane;
  if (!isShown) return mapCanvas.remove();
  if (!mapCanvas.isConnected) parts.overlay.before(mapCanvas);
  mapCanvas.style.opacity = String(Number(parts.mapOpacity.value) / 100);
  placeMap(mapCanvas, map, view, face.plane, viewer.size);
}

/** Pixel and value under the pointer, else in the middle of what is seen. */
function valueWords(viewer: CasekinViewer, view: View): string {
  const [x, y] = viewer.pointer ?? [view.x, view.y];
  const value = viewer.drawing?.valueAt(x, y) ?? null;
  const units = viewer.plane?.units ? ` ${viewer.plane.units}` : "";
  return `${Math.floor(x)}, ${Math.floor(y)}${value === null ? "" : `: ${viewer.tell(value)}${units}`}`;
}

function fill(input: HTMLInputElement, value: number, viewer: CasekinViewer): void {
  if (viewer.shadowRoot?.activeElement !== input) input.value = viewer.tell(value).replace("−", "-");
}

export function listenToPanel(viewer: CasekinViewer): void {
  const { parts } = viewer;
  for (const name of TOOLS) parts.buttons[name].addEventListener("click", () => viewer.pick(name));
  for (const name of ACTIONS) parts.buttons[name].addEventListener("click", () => act(viewer, name));
  parts.preset.addEventListener("change", () => viewer.pickPreset(parts.preset.selectedIndex));
  for (const input of [parts.center, parts.width]) {
    input.addEventListener("change", () => {
      const [center, width] = [parts.center.valueAsNumber, parts.width.valueAsNumber];
      if (Number.isFinite(center) && width > 0) viewer.setWindow([center - width / 2, center + width / 2]);
    });
  }
  parts.slice.addEventListener("input", () => viewer.setFrame(Number(parts.slice.value) - 1));
  for (const input of parts.corners) input.addEventListener("input", () => readCorners(viewer));
  parts.place.addEventListener("click", () => viewer.pointed.placeBox());
  for (const button of parts.clear) button.addEventListener("click", () => viewer.pointed.clear());
  for (const input of [parts.hasMap, parts.mapOpacity]) input.addEventListener("input", () => viewer.draw());
  parts.linksWindow.addEventListener("change", () => viewer.setWindow(viewer.window!));
  for (const kind of ["focus", "blur"]) parts.stage.addEventListener(kind, () => viewer.draw());
}

/** The box as it is typed: four whole numbers within the picture, right beyond left and bottom below top. */
function readCorners(viewer: CasekinViewer): void {
  const { parts, regionPlane: plane } = viewer;
  if (!plane) return;
  const values = parts.corners.map((input) => input.valueAsNumber);
  const fits =
    values.every((value, at) => value >= 0 && value <= (at % 2 ? plane.height : plane.width)) &&
    values[2]! > values[0]! &&
    values[3]! > values[1]!;
  const isComplete = values.every(Number.isFinite);
  for (const input of parts.corners) input.setAttribute("aria-invalid", String(isComplete && !fits));
  if (isComplete && fits) viewer.pointed.setBox(values.map(Math.round) as Box, true);
}
