// <casekin-viewer src="/v1/uploads/ID" region="box|brush|none" group="compare" label="Film asked with">
//
// `box`, `overlays` and `map` may also be attributes, in JSON. What is inside the element is shown until the picture is there, and stays where none comes: put a server-rendered
// picture there. Events: `ready`, `problem` {message}, `region` {box, mask}. Properties: `box`, `overlays`, `map`.
import { drawPanel, emptyPanel, fitPanel, listenToPanel } from "./panel";
import { join, lead, leave } from "./link";
import { buildParts, isRegional, type Parts, type Tool } from "./controls";
import { describe, type Box, type Description, type Plane, type Range } from "./description";
import { facesOf, type Face, type Faces } from "./face";
import { listenToKeys } from "./keys";
import { listenToPointers } from "./pointers";
import { paintMap, type CellMap, type Overlay } from "./overlay";
import { Region } from "./region";
import { openRenderer, type Renderer } from "./renderer";
import { clamp, fitView, panBy, zoomAt, type Point, type Size, type View } from "./view";
import { centerOf, presetsOf, tell, widthOf, windowAround, type Preset } from "./windows";
import css from "./style.css?inline";

const JSON_ATTRIBUTES = ["box", "overlays", "map"] as const; // properties that a page without a script of its own sets
const SAID_AFTER_MS = 400; // words for screen readers wait until the hand rests

export class CasekinViewer extends HTMLElement {
  static observedAttributes = ["src", "region", "group", "label", ...JSON_ATTRIBUTES];

  readonly parts: Parts = buildParts();
  description: Description | null = null;
  faces: Faces | null = null;
  face: Face | null = null;
  drawing: Renderer | null = null;
  #opening = new AbortController();
  /** Why the frame asked for isn't on screen; empty where it is. */
  trouble = "";
  #tool: Tool = "window";
  #isChosen = false; // the tool, by hand: it stays when the picture comes
  #isReady = false;
  readonly pointed = new Region(this);
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
    return this.pointed.box && [...this.pointed.box];
  }

  set box(box: Box | null) {
    this.pointed.put(box);
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
    if (name === "src") {
      this.pointed.put(null); // it lay in the other image
      void this.#open();
    } else fitPanel(this);
  }

  #close(): void {
    this.#opening.abort();
    this.drawing?.dispose();
    this.drawing = null;
    this.pointed.lose();
    this.faces = this.face = this.description = null;
  }

  async #open(): Promise<void> {
    this.#close();
    const address = this.getAttribute("src");
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    if (!address) return this.#hide();
    this.#tool = this.region === "none" ? "window" : this.region;
    this.#isChosen = this.#isReady = false;
    void import("./cornerstone").catch(() => undefined); // while the server reads the image
    this.shadowRoot!.querySelector("slot")!.hidden = true;
    emptyPanel(this, "Reading the image…");
    try {
      const description = await describe(address, signal);
      if (signal.aborted) return;
      this.description = description;
      this.faces = facesOf(description);
      await this.#turnTo(this.#firstFace(this.faces), signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** A tool for regions that was chosen meanwhile begins where regions lie; else a volume begins with its slices. */
  #firstFace({ slices, frontal }: Faces): Face {
    if (!isRegional(this.#tool) || this.regionPlane === slices.plane) return slices;
    if (this.#isChosen && frontal) return frontal;
    this.#tool = "window";
    return slices;
  }

  /** Show one of the image's faces; false where another image was asked for meanwhile. */
  async #turnTo(face: Face, signal: AbortSignal): Promise<boolean> {
    this.drawing?.dispose();
    this.drawing = null;
    this.face = face;
    fitPanel(this);
    const shown = { frame: face.frame, view: this.view!, window: face.window, isInverted: face.isInverted };
    const renderer = await openRenderer(this.parts.stage, this.getAttribute("src")!, face.plane, shown);
    if (signal.aborted || this.face !== face) {
      renderer.dispose();
      return false;
    }
    this.drawing = renderer;
    this.trouble = "";
    this.parts.stage.ariaBusy = "false";
    this.draw();
    if (!this.#isReady) this.dispatchEvent(new CustomEvent("ready", { bubbles: true, detail: { renderer: this.renderer } }));
    this.#isReady = true;
    return true;
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

  setView(view: View | null): void {
    if (!this.face) return;
    this.face.view = view;
    lead(this);
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
    lead(this);
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
    lead(this);
    this.draw();
    this.say(`Slice ${frame + 1} of ${face.plane.frames.length}`);
  }

  /** Take a tool in hand, also while the image is still coming. */
  pick(tool: Tool): void {
    const isForRegions = isRegional(tool);
    if (isForRegions && (this.region === "none" || (this.faces && !this.regionPlane))) return;
    this.#tool = tool;
    this.#isChosen = true;
    if (isForRegions && this.face && this.regionPlane !== this.plane) void this.turn();
    fitPanel(this);
    this.draw();
  }

  invert(): void {
    if (!this.face) return;
    this.face.isInverted = !this.face.isInverted;
    lead(this);
    this.draw();
    this.say(this.face.isInverted ? "Inverted" : "Not inverted");
  }

  reset(): void {
    if (!this.face) return;
    this.face.isInverted = false;
    this.face.view = null;
    this.setWindow(this.face.plane.window);
    this.say("View and window reset");
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

  // --- groups -----------------------------------------------------------------------------------------------------

  /** Where the pointer is, in stored pixels; the group's others show it too. */
  point(at: Point | null): void {
    this.pointer = at;
    lead(this);
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
