/** The one form of PNG in which covered pictures are published (protocol §8d), read strictly into plain pixels. */

import { concat, same, textOf } from "./bytes.js";
import { Refusal } from "./refusals.js";

export const MOST_PIXELS = 1_048_576;
export const LARGEST_PNG = 4_194_304;
export const BYTES = 3;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const PLAIN = Uint8Array.of(8, 2, 0, 0, 0);

/**
 * Pixels, row by row from the top left corner, three bytes each. No canvas takes part: browsers change colours on it.
 * @typedef {{width: number, height: number, pixels: Uint8Array}} Raster
 */

/** @param {Uint8Array} data @returns {Promise<Raster>} Refusal for anything but 8-bit RGB in IHDR, IDAT and IEND. */
export async function readPng(data) {
  if (data.length > LARGEST_PNG || !same(data.subarray(0, PNG.length), PNG)) {
    throw new Refusal("it is no PNG, or larger than any that is published");
  }
  const chunks = chunksOf(data);
  const kinds = chunks.map(({ kind }) => kind);
  const between = kinds.slice(1, -1);
  if (kinds[0] !== "IHDR" || kinds.at(-1) !== "IEND" || between.length < 1 || between.some((one) => one !== "IDAT")) {
    throw new Refusal("it holds other chunks than IHDR, IDAT and IEND");
  }
  const head = chunks[0].body;
  if (head.length !== 13 || !same(head.subarray(8), PLAIN) || chunks.at(-1).body.length > 0) {
    throw new Refusal("it is no 8-bit RGB picture without interlacing");
  }
  const [width, height] = [numberAt(head, 0), numberAt(head, 4)];
  if (width < 1 || height < 1 || width * height > MOST_PIXELS) {
    throw new Refusal(`${width} x ${height} pixels are none, or more than ${MOST_PIXELS}`);
  }
  const packed = concat(...chunks.slice(1, -1).map(({ body }) => body));
  return { width, height, pixels: unfiltered(await unpacked(packed, height * (width * BYTES + 1)), width, height) };
}

function chunksOf(data) {
  const found = [];
  for (let at = PNG.length; at < data.length; ) {
    const length = at + 12 <= data.length ? numberAt(data, at) : Infinity;
    if (at + 12 + length > data.length || crc32(data.subarray(at + 4, at + 8 + length)) !== numberAt(data, at + 8 + length)) {
      throw new Refusal("a chunk is cut off, or its checksum is wrong");
    }
    const kind = data.subarray(at + 4, at + 8);
    const named = kind.every((one) => one > 0x20 && one < 0x7f) ? textOf(kind) : "";
    found.push({ kind: named, body: data.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

/** Exactly so many bytes, and nothing behind them, which some hosts pass over: without its last byte it ends nowhere. */
async function unpacked(packed, wanted) {
  const plain = await read(packed, wanted);
  if (plain === null || (await read(packed.subarray(0, -1), wanted)) !== null || adler32(plain) !== numberAt(packed, packed.length - 4)) {
    throw new Refusal("its pixels cannot be unpacked, or are more or fewer than it says");
  }
  return plain;
}

/** So many bytes; null where there are others. What is packed to more is not unpacked further than by one piece. */
async function read(packed, wanted) {
  const plain = new Uint8Array(wanted);
  let length = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > wanted) {
        await reader.cancel();
        return null;
      }
      plain.set(part.value, length);
      length += part.value.length;
    }
  } catch {
    return null;
  }
  return length === wanted ? plain : null;
}

function adler32(bytes) {
  let [low, high] = [1, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    low = (low + bytes[at]) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

function unfiltered(plain, width, height) {
  const line = width * BYTES;
  const pixels = new Uint8Array(line * height);
  for (let row = 0; row < height; row += 1) {
    const filter = plain[row * (line + 1)];
    if (filter > 4) throw new Refusal("a row is written in a way that PNG does not know");
    for (let at = 0; at < line; at += 1) {
      const place = row * line + at;
      const left = at >= BYTES ? pixels[place - BYTES] : 0;
      const up = row > 0 ? pixels[place - line] : 0;
      const corner = at >= BYTES && row > 0 ? pixels[place - line - BYTES] : 0;
      pixels[place] = plain[row * (line + 1) + 1 + at] + foretold(filter, left, up, corner);
    }
  }
  return pixels;
}

function foretold(filter, left, up, corner) {
  if (filter < 3) return [0, left, up][filter];
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function numberAt(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}

const CRC = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 255];
  return (value ^ 0xffffffff) >>> 0;
}
