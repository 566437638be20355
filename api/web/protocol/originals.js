/** Reading an original of any size once, in pieces: its size, its hash and those of its parts. */

import { toHex } from "./bytes.js";
import { Refusal } from "./refusals.js";
import { Sha256, sha256 } from "./sha256.js";
import { PART_SIZE, partsRoot } from "./statements.js";

/**
 * What an original may come as: bytes, a Blob or File, a ReadableStream, or any async iterable of bytes (in Node a
 * stream of `fs.createReadStream`).
 * @typedef {Uint8Array | ArrayBuffer | Blob | ReadableStream | AsyncIterable<Uint8Array>} Source
 */

/**
 * Size, SHA-256, parts_root and the SHA-256 of each 8 MiB part, in one pass that holds one part at a time.
 * @param {Source} source
 * @param {object} [options]
 * @param {(bytes: number) => void} [options.progress] told the bytes so far after each piece
 * @param {{update(bytes: Uint8Array): unknown, digest(): Uint8Array}} [options.whole] a faster streaming SHA-256
 * @returns {Promise<{size: number, sha256: string, parts_root: string, parts: string[]}>} Refusal if it cannot be read
 */
export async function measure(source, { progress = () => {}, whole = new Sha256() } = {}) {
  const part = new Uint8Array(PART_SIZE);
  const parts = [];
  let size = 0;
  for await (const piece of readable(source)) {
    whole.update(piece);
    for (let at = 0; at < piece.length;) {
      const filled = size % PART_SIZE;
      const taken = piece.subarray(at, at + PART_SIZE - filled);
      part.set(taken, filled);
      at += taken.length;
      size += taken.length;
      if (size % PART_SIZE === 0) parts.push(await digestOf(part));
    }
    progress(size);
  }
  if (size % PART_SIZE > 0) parts.push(await digestOf(part.subarray(0, size % PART_SIZE)));
  return { size, sha256: toHex(whole.digest()), parts_root: toHex(partsRoot(parts)), parts: parts.map(toHex) };
}

/** A part is held whole, so the host may hash it natively. */
async function digestOf(part) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? new Uint8Array(await subtle.digest("SHA-256", part)) : sha256(part);
}

async function* readable(source) {
  try {
    yield* piecesOf(source);
  } catch (error) {
    throw new Refusal(`cannot be read: ${error?.message}`);
  }
}

async function* piecesOf(source) {
  if (source instanceof ArrayBuffer) yield new Uint8Array(source);
  else if (source instanceof Uint8Array) yield source;
  else if (typeof source.stream === "function") yield* streamed(source.stream());
  else if (typeof source.getReader === "function") yield* streamed(source);
  else yield* source;
}

/** By its reader: not every browser lets a ReadableStream be iterated. */
async function* streamed(stream) {
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
}
