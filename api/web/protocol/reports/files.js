/** Files of a report: frames of 64 KiB under the file's own key, padded so that a length says little. */

import { randomBytes } from "../../client/chance.js";
import { concat, utf8 } from "../bytes.js";
import { decrypted, encrypted } from "./ciphers.js";
import { mustBeId, ReportMalformed } from "./malformed.js";

/** Bytes of one frame, before its tag. */
export const FRAME = 65_536;
const [PREFIX, FRAMES_AT_MOST, TAG] = [8, 256, 16];
/** 16 MiB: the largest power of two of frames that stays under the 20 MB that the server takes. */
export const LARGEST = FRAME * FRAMES_AT_MOST;

/** How many frames hold so many bytes: 1, 2, 4, 8 … 256; ReportMalformed for none or too many. */
export function framesFor(size) {
  if (!(size >= 1 && size <= LARGEST)) throw new ReportMalformed("file size", size);
  let frames = 1;
  while (frames * FRAME < size) frames *= 2;
  return frames;
}

/** The prefix, then every frame with its tag; the last one says that it is, so a file cannot be cut short. */
export async function encryptFile(plain, key, id, { random = randomBytes } = {}) {
  const [frames, prefix] = [framesFor(plain.length), random(PREFIX)];
  const out = [prefix];
  for (let number = 0; number < frames; number += 1) {
    const frame = new Uint8Array(FRAME);
    frame.set(plain.subarray(number * FRAME, (number + 1) * FRAME));
    out.push(await encrypted(key, nonceOf(prefix, number), frame, boundOf(id, number, frames)));
  }
  return concat(...out);
}

/** The file of `size` bytes, as its message says; ReportMalformed if a frame, its order or the padding is not so. */
export async function decryptFile(data, key, id, size) {
  const frames = (data.length - PREFIX) / (FRAME + TAG);
  if (framesFor(size) !== frames) throw new ReportMalformed("file size", size);
  const out = [];
  for (let number = 0; number < frames; number += 1) {
    const start = PREFIX + number * (FRAME + TAG);
    const nonce = nonceOf(data.subarray(0, PREFIX), number);
    const frame = await decrypted(key, nonce, data.subarray(start, start + FRAME + TAG), boundOf(id, number, frames));
    if (frame === null) throw new ReportMalformed("frame", number);
    out.push(frame);
  }
  const padded = concat(...out);
  if (padded.subarray(size).some((byte) => byte !== 0)) throw new ReportMalformed("padding");
  return padded.slice(0, size);
}

function nonceOf(prefix, number) {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, number);
  return concat(prefix, four);
}

function boundOf(id, number, frames) {
  return utf8(`pithead report file v1\n${mustBeId(id, "file")}\n${number}\n${Number(number === frames - 1)}`);
}
