// Cornerstone3D: a stack viewport on WebGL, or on its CPU renderer where there is none. Loaded when the first image is shown.
import { getShouldUseCPURendering, init } from "cornerstone/init.js";
import cache from "cornerstone/cache/cache.js";
import { registerImageLoader, loadAndCacheImage } from "cornerstone/loaders/imageLoader.js";
import { addProvider } from "cornerstone/metaData.js";
import RenderingEngine from "cornerstone/RenderingEngine/RenderingEngine.js";
import type { Plane, Range } from "./description";
import { fetchPixels, type Numbers } from "./pixels";
import type { Renderer, Shown } from "./renderer";
import { aspectOf, clamp, type View } from "./view";

const MOST_CACHED_BYTES = 512 * 1024 ** 2;
const AHEAD = 12; // frames loaded on either side of the one that is read
const ENGINE = "casekin";

interface Frame {
  address: string;
  plane: Plane;
}

const frames = new Map<string, Frame>(); // by Cornerstone's image id
let engine: RenderingEngine | null = null;
let openedCount = 0;

/** Open an image on a stage. Throws where neither WebGL nor a canvas can show it. */
export async function openCornerstone(stage: HTMLElement, address: string, plane: Plane, first: Shown): Promise<Renderer> {
  engine ??= start();
  const isCpu = getShouldUseCPURendering();
  const ids = plane.frames.map((name) => {
    const id = `casekin:${address}/pixels/${name}`;
    frames.set(id, { address: `${address}/pixels/${name}`, plane });
    return id;
  });
  const viewportId = `casekin-${++openedCount}`;
  const element = document.createElement("div");
  element.className = "pixels";
  stage.prepend(element);
  engine.enableElement({ viewportId, type: "stack", element, defaultOptions: { background: [0, 0, 0] } } as any);
  element.removeAttribute("tabindex"); // the engine makes it focusable; the stage around it is
  const viewport: any = engine.getViewport(viewportId);
  let number = first.frame; // on screen
  let latest = first; // asked for last
  let turning: Promise<void> | null = null;
  let isDisposed = false;
  const dispose = (): void => {
    isDisposed = true;
    engine?.disableElement(viewportId);
    element.remove();
  };
  try {
    await loadAndCacheImage(ids[number]!); // the viewport keeps a failure to itself
    await viewport.setStack(ids, number);
  } catch (error) {
    dispose();
    throw error;
  }

  const draw = ({ view, window, isInverted }: Shown): void => {
    const [lower, upper] = rawWindow(window, viewport.getCornerstoneImage());
    viewport.setProperties({ voiRange: { lower, upper }, invert: isInverted });
    place(viewport, view, plane, isCpu);
    viewport.render();
  };
  /** Load one frame after the other until the one asked for last is there: who scrolls fast skips what lies between. */
  const turn = async (): Promise<void> => {
    while (number !== latest.frame) {
      const next = latest.frame;
      await loadAndCacheImage(ids[next]!);
      if (isDisposed) return;
      await viewport.setImageIdIndex(next);
      if (isDisposed) return;
      number = next;
      draw(latest);
    }
    void prefetch(ids, number, () => !isDisposed && latest.frame === number);
  };
  const show = async (shown: Shown): Promise<void> => {
    latest = shown;
    draw(shown);
    turning ??= turn().finally(() => (turning = null));
    await turning;
  };
  await show(first);
  return {
    kind: isCpu ? "cpu" : "webgl",
    show,
    valueAt: (x, y) => valueAt(viewport.getCornerstoneImage(), plane, x, y),
    resize: () => engine?.resize(true, true),
    dispose,
  };
}

function start(): RenderingEngine {
  init({ rendering: { webGlContextCount: 1 } } as any);
  cache.setMaxCacheSize(MOST_CACHED_BYTES);
  registerImageLoader("casekin", ((id: string) => ({ promise: load(id) })) as any);
  addProvider(metadata, 100);
  return new RenderingEngine(ENGINE);
}

/** The camera that shows a view. In the engine's world a sent column is 1 wide and the first pixel's middle is the origin. */
function place(viewport: any, view: View, plane: Plane, isCpu: boolean): void {
  const { pixels } = plane;
  const height = rowHeight(plane);
  const [x, y] = [(view.x * pixels.width) / plane.width, (view.y * pixels.height) / plane.height];
  const scale = (view.scale * plane.width) / pixels.width; // CSS pixels a sent column
  if (isCpu) {
    // Its own camera mixes CSS and device pixels, so what it draws by is set: scale of the shorter side of a pixel in
    // pixels of the canvas, and how far the picture's middle lies from the stage's.
    const { canvas, viewport: drawn } = viewport._cpuFallbackEnabledElement;
    drawn.scale = (scale * canvas.width * Math.min(1, height)) / viewport.element.clientWidth;
    drawn.translation = { x: pixels.width / 2 - x, y: pixels.height / 2 - y };
    return;
  }
  const camera = viewport.getCamera();
  const focalPoint = [x - 0.5, (y - 0.5) * height, camera.focalPoint[2]];
  const position = [focalPoint[0], focalPoint[1], camera.position[2]];
  viewport.setCamera({ focalPoint, position, parallelScale: viewport.element.clientHeight / 2 / scale });
}

/** Height of a sent row, where a sent column is 1 wide. */
function rowHeight(plane: Plane): number {
  const { pixels } = plane;
  return (aspectOf(plane) * plane.height * pixels.width) / (pixels.height * plane.width);
}

/** The window in the numbers as they are sent. */
function rawWindow([low, high]: Range, image: any): Range {
  const { slope, intercept } = image.casekin;
  return [(low - intercept) / slope, (high - intercept) / slope];
}

function valueAt(image: any, plane: Plane, x: number, y: number): number | null {
  if (!image || x < 0 || y < 0 || x >= plane.width || y >= plane.height) return null;
  const { slope, intercept } = image.casekin;
  const column = Math.floor((x * image.columns) / plane.width);
  const row = Math.floor((y * image.rows) / plane.height);
  const numbers: Numbers = image.voxelManager.getScalarData();
  return numbers[row * image.columns + column]! * slope + intercept;
}

/** Load what lies around a frame, nearest first, while nobody has scrolled on. */
async function prefetch(ids: string[], around: number, isCurrent: () => boolean): Promise<void> {
  for (let step = 1; step <= AHEAD; step++) {
    for (const id of [ids[around + step], ids[around - step]]) {
      if (id === undefined) continue;
      if (!isCurrent()) return;
      await loadAndCacheImage(id).catch(() => undefined); // it is asked for again when it is looked at
    }
  }
}

async function load(id: string): Promise<any> {
  const frame = frames.get(id);
  if (!frame) throw new Error("unknown image");
  const { plane, address } = frame;
  const sent = { numbers: await fetchPixels(address, plane.pixels), slope: plane.pixels.slope, intercept: plane.pixels.intercept };
  const { numbers, slope, intercept } = getShouldUseCPURendering() ? asIntegers(sent, plane.valueRange) : sent;
  const [minPixelValue, maxPixelValue] = plane.valueRange.map((value) => (value - intercept) / slope);
  const { width, height } = plane.pixels;
  return {
    imageId: id,
    casekin: { slope, intercept },
    minPixelValue,
    maxPixelValue,
    slope: 1, // windows are given in the numbers as they are
    intercept: 0,
    windowCenter: (minPixelValue! + maxPixelValue!) / 2,
    windowWidth: maxPixelValue! - minPixelValue!,
    voiLUTFunction: "LINEAR_EXACT", // the other one takes widths below 1 for negative
    color: false,
    rgba: false,
    numberOfComponents: 1,
    rows: height,
    columns: width,
    height,
    width,
    columnPixelSpacing: 1,
    rowPixelSpacing: rowHeight(plane),
    invert: false,
    photometricInterpretation: "MONOCHROME2",
    sizeInBytes: numbers.byteLength,
    dataType: numbers.constructor.name,
    getPixelData: () => numbers,
    imageFrame: {},
  };
}

interface Sent {
  numbers: Numbers;
  slope: number;
  intercept: number;
}

/** The CPU renderer looks brightness up in a table of whole numbers, so fractions become 16 bits of the range. */
function asIntegers(sent: Sent, [least, most]: Range): Sent {
  if (!(sent.numbers instanceof Float32Array)) return sent;
  const step = (most - least) / 65535 || 1;
  const numbers = Uint16Array.from(sent.numbers, (raw) => clamp(Math.round((raw * sent.slope + sent.intercept - least) / step), 0, 65535));
  return { numbers, slope: step, intercept: least };
}

function metadata(kind: string, id: string): unknown {
  const frame = frames.get(id);
  if (!frame) return undefined;
  const { width, height, dtype } = frame.plane.pixels;
  const bits = { uint8: 8, int16: 16, uint16: 16, float32: 32 }[dtype];
  if (kind === "imagePlaneModule") {
    return {
      frameOfReferenceUID: frame.address,
      rows: height,
      columns: width,
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      imagePositionPatient: [0, 0, 0], // of every frame: the camera stays where it is while one scrolls
      columnPixelSpacing: 1,
      rowPixelSpacing: rowHeight(frame.plane),
    };
  }
  if (kind === "imagePixelModule") {
    return {
      samplesPerPixel: 1,
      photometricInterpretation: "MONOCHROME2",
      rows: height,
      columns: width,
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
      pixelRepresentation: dtype === "int16" ? 1 : 0,
    };
  }
  return kind === "generalSeriesModule" ? { modality: "OT" } : undefined;
}
