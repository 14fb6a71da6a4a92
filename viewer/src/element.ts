// <casekin-viewer src="/v1/uploads/ID" region="box|brush|none" group="compare" label="Film asked with">
//
// `box`, `overlays` and `map` may also be attributes, in JSON. What is inside the element is shown until the picture is there, and stays where none comes: put a server-rendered
// picture there. Events: `ready`, `problem` {message}, `region` {box, mask}. Properties: `box`, `overlays`, `map`.
import { openPicture } from "./picture";
import { drawPanel, fitPanel, listenToPanel } from "./panel";
import { isAlone, join, lead, leave, type Following, type Member } from "./link";
import { buildParts, type Action, type Parts, type Tool } from "./controls";
import { Brush } from "./brush";
import { middleBox, moveBox, strideOf, WHOLE } from "./boxes";
import { describe, type Box, type Description, type Plane, type Range } from "./description";
import { listenToKeys } from "./keys";
import { listenToPointers } from "./pointers";
import { paintMap, type CellMap, type Overlay } from "./overlay";
import type { Renderer } from "./renderer";
import { boxBetween, clamp, fitScale, fitView, keepWithin, panBy, zoomAt, type Point, type Size, type View } from "./view";
import { centerOf, presetsOf, tell, widthOf, windowAround, type Preset } from "./windows";
import css from "./style.css?inline";

const JSON_ATTRIBUTES = ["box", "overlays", "map"] as const; // properties that a page without a script of its own sets
const ZOOM_STEP = 1.25;
const SAID_AFTER_MS = 400; // words for screen readers wait until the hand rests

/** A plane of the image with how it is looked at. */
export interface Face {
  plane: Plane;
  frame: number;
  view: View | null; // null: fitted
  window: Range;
  isInverted: boolean;
}

export class CasekinViewer extends HTMLElement implements Member {
  static observedAttributes = ["src", "region", "group", "label", ...JSON_ATTRIBUTES];

  readonly parts: Parts = buildParts();
  description: Description | null = null;
  faces: { slices: Face; frontal: Face | null } | null = null;
  face: Face | null = null;
  drawing: Renderer | null = null;
  #opening = new AbortController();
  /** Why the frame asked for isn't on screen; empty where it is. */
  trouble = "";
  #tool: Tool = "window";
  #box: Box | null = null;
  brush: Brush | null = null;
  #overlays: Overlay[] = [];
  #map: CellMap | null = null;
  mapCanvas = document.createElement("canvas");
  pointer: Point | null = null;
  linkedPointer: Point | null = null;
  #isDrawn = true;
  #pending = 0; // drawings under way
  #saidTimer = 0;
  #sizes = new ResizeObserver(() => this.#resize());

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.parts.problem, this.parts.root, document.createElement("slot"));
    this.mapCanvas.className = "map";
    listenToPanel(this);
    listenToKeys(this);
    listenToPointers(this);
  }

  // --- what the page sets and reads -------------------------------------------------------------------------------

  get group(): string {
    return this.getAttribute("group") ?? "";
  }

  get region(): "box" | "brush" | "none" {
    const asked = this.getAttribute("region");
    return asked === "box" || asked === "brush" ? asked : "none";
  }

  /** The drawn box `[left, top, right, bottom]`, or null. Setting it rubs out what was painted, and makes no event. */
  get box(): Box | null {
    return this.#box ? [...this.#box] : null;
  }

  set box(box: Box | null) {
    const plane = this.regionPlane;
    this.#box = box && plane ? boxBetween([box[0], box[1]], [box[2], box[3]], plane) : box;
    this.brush?.clear();
    this.draw();
  }

  get overlays(): Overlay[] {
    return this.#overlays;
  }

  set overlays(overlays: Overlay[]) {
    this.#overlays = overlays ?? [];
    this.draw();
  }

  /** One side of a pair map `{box, rows, columns, cells}`, or null. */
  get map(): CellMap | null {
    return this.#map;
  }

  set map(map: CellMap | null) {
    this.#map = map;
    if (map) paintMap(this.mapCanvas, map);
    fitPanel(this);
    this.draw();
  }

  /** Empty until the picture is there; then `webgl`, `cpu` or `server`: what draws it. */
  get renderer(): string {
    return this.drawing?.kind ?? "";
  }

  /** Black and white, in the image's units. */
  get window(): Range | null {
    return this.face && [...this.face.window];
  }

  set window(window: Range) {
    this.setWindow(window);
  }

  get slice(): number {
    return this.face?.frame ?? 0;
  }

  set slice(number: number) {
    this.setFrame(number);
  }

  // --- life -------------------------------------------------------------------------------------------------------

  connectedCallback(): void {
    join(this);
    this.#sizes.observe(this.parts.stage);
    void this.#open();
  }

  disconnectedCallback(): void {
    leave(this);
    this.#sizes.disconnect();
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    const property = JSON_ATTRIBUTES.find((one) => one === name);
    if (property) (this[property] as unknown) = JSON.parse(now || "null");
    if (property || !this.isConnected || before === now) return;
    if (name === "src") void this.#open();
    else fitPanel(this);
  }

  #close(): void {
    this.#opening.abort();
    this.drawing?.dispose();
    this.drawing = null;
    this.brush?.canvas.remove();
    this.brush = null;
    this.faces = this.face = this.description = null;
  }

  async #open(): Promise<void> {
    this.#close();
    const address = this.getAttribute("src");
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    if (!address) return this.#hide();
    void import("./cornerstone").catch(() => undefined); // while the server reads the image
    this.#await("Reading the image…");
    try {
      const description = await describe(address, signal);
      if (signal.aborted) return;
      this.description = description;
      const face = (plane: Plane): Face => ({
        plane,
        frame: Math.floor((plane.frames.length - 1) / 2),
        view: null,
        window: plane.window,
        isInverted: false,
      });
      this.faces = { slices: face(description.plane), frontal: description.frontal && face(description.frontal) };
      if (!(await this.#turnTo(this.faces.slices, signal))) return;
      this.pick(this.regionPlane === this.face?.plane && this.region !== "none" ? this.region : "window");
      this.dispatchEvent(new CustomEvent("ready", { bubbles: true, detail: { renderer: this.renderer } }));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** Show one of the image's faces; false where another image was asked for meanwhile. */
  async #turnTo(face: Face, signal: AbortSignal): Promise<boolean> {
    this.drawing?.dispose();
    this.drawing = null;
    this.face = face;
    fitPanel(this);
    const renderer = await this.#openRenderer(face);
    if (signal.aborted || this.face !== face) {
      renderer.dispose();
      return false;
    }
    this.drawing = renderer;
    this.trouble = "";
    this.parts.stage.ariaBusy = "false";
    this.draw();
    return true;
  }

  async #openRenderer(face: Face): Promise<Renderer> {
    const { stage } = this.parts;
    const address = this.getAttribute("src")!;
    const shown = { frame: face.frame, view: this.view!, window: face.window, isInverted: face.isInverted };
    try {
      const { openCornerstone } = await import("./cornerstone");
      return await openCornerstone(stage, address, face.plane, shown);
    } catch {
      return openPicture(stage, address, face.plane, shown);
    }
  }

  /** An empty stage of the size that the picture will have. */
  #await(words: string): void {
    this.parts.root.hidden = false;
    this.parts.problem.hidden = true;
    this.shadowRoot!.querySelector("slot")!.hidden = true;
    this.parts.overlay.replaceChildren();
    for (const corner of Object.values(this.parts.corner)) corner.textContent = "";
    this.parts.corner.title.textContent = words;
    this.parts.stage.ariaBusy = "true";
  }

  #hide(): void {
    this.parts.root.hidden = true;
    this.shadowRoot!.querySelector("slot")!.hidden = false;
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : "The image can’t be shown.";
    this.#hide();
    this.parts.problem.textContent = message;
    this.parts.problem.hidden = false;
    this.dispatchEvent(new CustomEvent("problem", { bubbles: true, detail: { message } }));
  }

  // --- state, as gestures and keys change it ----------------------------------------------------------------------

  get size(): Size {
    return { width: this.parts.stage.clientWidth || 1, height: this.parts.stage.clientHeight || 1 };
  }

  get plane(): Plane | null {
    return this.face?.plane ?? null;
  }

  /** The plane that boxes and masks lie in: a volume's frontal view; null where the volume has none. */
  get regionPlane(): Plane | null {
    if (!this.faces) return null;
    const { slices, frontal } = this.faces;
    return slices.plane.frames.length > 1 ? (frontal?.plane ?? null) : slices.plane;
  }

  get view(): View | null {
    return this.face && (this.face.view ?? fitView(this.face.plane, this.size));
  }

  get tool(): Tool {
    return this.#tool;
  }

  get isInverted(): boolean {
    return this.face?.isInverted ?? false;
  }

  resizeBrush(factor: number): void {
    const { brushSize } = this.parts;
    brushSize.valueAsNumber = clamp(Math.round(brushSize.valueAsNumber * factor) + Math.sign(factor - 1), 1, 100);
    this.say(`Brush ${Math.round(this.brushDiameter)} pixels wide`);
  }

  get brushDiameter(): number {
    const { plane } = this;
    return plane ? Math.max(1, (Math.max(plane.width, plane.height) * Number(this.parts.brushSize.value)) / 400) : 1;
  }

  setView(view: View | null): void {
    if (!this.face) return;
    this.face.view = view;
    this.#lead();
    this.draw();
  }

  zoom(factor: number, at: Point = [this.size.width / 2, this.size.height / 2]): void {
    const { view, plane } = this;
    if (view && plane) this.setView(zoomAt(view, plane, this.size, at, factor));
  }

  pan(by: Point): void {
    const { view, plane } = this;
    if (view && plane) this.setView(panBy(view, plane, this.size, by));
  }

  setWindow(window: Range): void {
    if (!this.face) return;
    this.face.window = windowAround(centerOf(window), widthOf(window), this.face.plane);
    this.#lead();
    this.draw();
    this.say(`Window centre ${this.tell(centerOf(this.face.window))}, width ${this.tell(widthOf(this.face.window))}`);
  }

  pickPreset(number: number): void {
    const preset = this.presets[number];
    if (preset) this.setWindow(preset.window);
  }

  setFrame(number: number): void {
    const face = this.face;
    if (!face) return;
    const frame = clamp(Math.round(number), 0, face.plane.frames.length - 1);
    if (frame === face.frame) return;
    face.frame = frame;
    this.#lead();
    this.draw();
    this.say(`Slice ${frame + 1} of ${face.plane.frames.length}`);
  }

  pick(tool: Tool): void {
    if (!this.face) return;
    const isRegional = tool !== "window" && tool !== "move";
    if (isRegional && (this.region === "none" || !this.regionPlane)) return;
    this.#tool = tool;
    if (isRegional && this.regionPlane !== this.plane) void this.turn();
    fitPanel(this);
    this.draw();
  }

  act(action: Action): void {
    const { plane, view } = this;
    if (!this.face || !plane || !view) return;
    if (action === "fit") this.setView(null);
    else if (action === "one") this.setView(keepWithin({ ...view, scale: 1 }, plane, this.size));
    else if (action === "in" || action === "out") this.zoom(action === "in" ? ZOOM_STEP : 1 / ZOOM_STEP);
    else if (action === "frontal") void this.turn();
    else if (action === "keys") {
      this.parts.keys.hidden = !this.parts.keys.hidden;
      fitPanel(this);
    }
    else if (action === "invert") {
      this.face.isInverted = !this.face.isInverted;
      this.#lead();
      this.draw();
      this.say(this.face.isInverted ? "Inverted" : "Not inverted");
    } else {
      this.face.isInverted = false;
      this.face.view = null;
      this.setWindow(plane.window);
      this.say("View and window reset");
    }
  }

  /** From slices to the frontal view, and back. */
  async turn(): Promise<void> {
    const faces = this.faces;
    if (!faces?.frontal) return;
    const next = this.face === faces.slices ? faces.frontal : faces.slices;
    try {
      if (next === faces.slices && this.#tool !== "move") this.pick("window");
      if (await this.#turnTo(next, this.#opening.signal)) this.say(next === faces.frontal ? "Frontal view" : "Slices");
    } catch (error) {
      this.#fail(error);
    }
  }

  // --- regions ----------------------------------------------------------------------------------------------------

  /** Draw or move the box; `isDone` tells the page. A box replaces what was painted. */
  setBox(box: Box | null, isDone: boolean): void {
    this.#box = box;
    if (box) this.brush?.clear();
    this.draw();
    if (isDone) this.#tellRegion(null);
  }

  moveBox(by: Point, isResizing: boolean): void {
    const plane = this.regionPlane;
    if (!plane || plane !== this.plane) return;
    const stride = strideOf(plane);
    const far: Point = [by[0] * stride, by[1] * stride];
    this.setBox(this.#box ? moveBox(this.#box, isResizing ? [2, 3] : WHOLE, far, plane) : middleBox(plane), true);
  }

  placeBox(): void {
    if (this.regionPlane && this.region !== "none") this.setBox(middleBox(this.regionPlane), true);
  }

  paint(to: Point): void {
    const plane = this.plane!;
    if (!this.brush) {
      this.brush = new Brush(plane);
      this.parts.overlay.before(this.brush.canvas);
    }
    this.#box = null;
    this.brush.stroke(to, this.brushDiameter, this.#tool === "eraser");
    this.draw();
  }

  async endPainting(): Promise<void> {
    if (!this.brush) return;
    this.brush.lift();
    this.#tellRegion(await this.brush.mask());
  }

  clearRegion(): void {
    this.#box = null;
    this.brush?.clear();
    this.draw();
    this.#tellRegion(null);
  }

  #tellRegion(mask: Blob | null): void {
    const box = this.box;
    this.say(box ? `Box from ${box[0]}, ${box[1]} to ${box[2]}, ${box[3]}` : mask ? "Region painted" : "No region");
    this.dispatchEvent(new CustomEvent("region", { bubbles: true, detail: { box, mask } }));
  }

  // --- groups -----------------------------------------------------------------------------------------------------

  /** Where the pointer is, in stored pixels; the group's others show it too. */
  point(at: Point | null): void {
    this.pointer = at;
    this.#lead();
    this.draw();
  }

  #lead(): void {
    const { view, plane } = this;
    const face = this.face;
    if (!view || !plane || !face || isAlone(this)) return;
    const [low, high] = plane.window;
    const relative = (value: number): number => (value - low) / (high - low || 1);
    lead(this, {
      x: view.x / plane.width,
      y: view.y / plane.height,
      zoom: view.scale / fitScale(plane, this.size),
      slice: plane.frames.length > 1 ? face.frame / (plane.frames.length - 1) : 0,
      window: this.parts.linksWindow.checked ? [relative(face.window[0]), relative(face.window[1])] : null,
      isInverted: face.isInverted,
      pointer: this.pointer && [this.pointer[0] / plane.width, this.pointer[1] / plane.height],
    });
  }

  follow(what: Following): void {
    const face = this.face;
    if (!face) return;
    const { plane } = face;
    face.view = { x: what.x * plane.width, y: what.y * plane.height, scale: what.zoom * fitScale(plane, this.size) };
    face.frame = Math.round(what.slice * (plane.frames.length - 1));
    if (what.window) {
      const [low, high] = plane.window;
      face.window = what.window.map((share) => low + share * (high - low)) as Range;
      face.isInverted = what.isInverted;
    }
    this.linkedPointer = what.pointer && [what.pointer[0] * plane.width, what.pointer[1] * plane.height];
    this.parts.linksWindow.checked = what.window !== null;
    this.draw();
  }

  // --- showing ----------------------------------------------------------------------------------------------------

  get presets(): Preset[] {
    return this.face ? presetsOf(this.face.plane) : [];
  }

  tell(value: number): string {
    return this.face ? tell(value, this.face.plane.valueRange) : "";
  }

  /** Whether what was asked for last is on screen. */
  get isSettled(): boolean {
    return this.#pending === 0 && this.#isDrawn;
  }

  /** Draw everything once before the next frame of the screen. */
  draw(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    requestAnimationFrame(() => {
      this.#isDrawn = true;
      const { face, view, drawing } = this;
      if (!face || !view || !drawing) return;
      drawPanel(this, face, view);
      this.#pending += 1;
      drawing
        .show({ frame: face.frame, view, window: face.window, isInverted: face.isInverted })
        .then(
          () => this.#tellTrouble(face, ""),
          (error) => this.#tellTrouble(face, error instanceof Error ? error.message : "This slice can’t be shown."),
        )
        .finally(() => (this.#pending -= 1));
    });
  }

  /** Say something to who can't see the picture. */
  say(words: string): void {
    clearTimeout(this.#saidTimer);
    this.#saidTimer = window.setTimeout(() => (this.parts.said.textContent = words), SAID_AFTER_MS);
  }

  /** After a frame came or failed: the value under the pointer is another's now. */
  #tellTrouble(face: Face, words: string): void {
    if (this.face !== face) return;
    if (words && words !== this.trouble) this.say(words);
    this.trouble = words;
    drawPanel(this, face, this.view!);
  }

  #resize(): void {
    this.drawing?.resize(this.size);
    this.draw();
  }
}

customElements.define("casekin-viewer", CasekinViewer);
