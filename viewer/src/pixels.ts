// One frame's numbers over the wire.
import type { RawPixels } from "./description";

export type Numbers = Int16Array | Uint16Array | Uint8Array | Float32Array;

const KINDS = { int16: Int16Array, uint16: Uint16Array, uint8: Uint8Array, float32: Float32Array } as const;
const GZIP = [0x1f, 0x8b];

/** Little-endian numbers, row by row; gzip'd as a transfer (the browser inflates) or as a file (we do). */
export async function fetchPixels(address: string, raw: RawPixels): Promise<Numbers> {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error("The image’s pixels can’t be read.");
  const kind = KINDS[raw.dtype];
  const expected = raw.width * raw.height * kind.BYTES_PER_ELEMENT;
  let bytes = await reply.arrayBuffer();
  if (bytes.byteLength !== expected && GZIP.every((byte, at) => new Uint8Array(bytes)[at] === byte)) {
    bytes = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }
  if (bytes.byteLength !== expected) throw new Error("The image’s pixels arrived incomplete.");
  return new kind(bytes);
}
