/** What media type a phone declares for bytes: by the bytes, since a file's name says nothing. */

import { toHex } from "../protocol/bytes.js";

/** Declared for bytes that this table does not know; the server then says whether it takes them. */
export const UNKNOWN_TYPE = "application/octet-stream";
/** How many of the first bytes `mediaTypeOf` wants. */
export const HEAD_SIZE = 512;
/** What a server takes as evidence. A phone says so at once of all else, before anything is signed about it. */
export const TAKEN_TYPES = Object.freeze([
  "audio/3gpp",
  "audio/aac",
  "audio/amr",
  "audio/mp4",
  "audio/mpeg",
  "audio/ogg",
  "audio/wav",
  "audio/webm",
  "audio/x-wav",
  "image/avif",
  "image/heic",
  "image/heif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "video/3gpp",
  "video/mp4",
  "video/quicktime",
  "video/webm",
]);

const STARTS = [
  ["ffd8ff", "image/jpeg"],
  ["89504e470d0a1a0a", "image/png"],
  ["1a45dfa3", "video/webm"],
  ["4f676753", "audio/ogg"],
  ["2321414d52", "audio/amr"],
  ["494433", "audio/mpeg"],
];
// The box `ftyp` of ISO/IEC 14496-12 names what the file wants to be, and what else it can be read as.
const BRANDS = {
  heic: "image/heic",
  heix: "image/heic",
  hevc: "image/heic",
  heim: "image/heic",
  heis: "image/heic",
  mif1: "image/heic",
  msf1: "image/heic",
  "qt  ": "video/quicktime",
  "M4A ": "audio/mp4",
  "M4B ": "audio/mp4",
  "3gp4": "video/3gpp",
  "3gp5": "video/3gpp",
  "3gp6": "video/3gpp",
  "3gg6": "video/3gpp",
  "3g2a": "video/3gpp",
};

/** The media type of a file that begins with these bytes, or UNKNOWN_TYPE. @param {Uint8Array} head @returns {string} */
export function mediaTypeOf(head) {
  const start = toHex(head.subarray(0, 8));
  for (const [digits, type] of STARTS) if (start.startsWith(digits)) return type;
  const [first, second] = [signs(head, 0), signs(head, 4)];
  if (first === "RIFF") return { WEBP: "image/webp", WAVE: "audio/wav" }[signs(head, 8)] ?? UNKNOWN_TYPE;
  if (second === "ftyp") return ofBrands(head);
  if (["moov", "mdat", "wide", "free", "skip"].includes(second)) return "video/quicktime";
  return ofSound(head);
}

function signs(head, at) {
  return String.fromCharCode(...head.subarray(at, at + 4));
}

function ofBrands(head) {
  const end = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const named = [signs(head, 8)];
  for (let at = 16; at < end - 3; at += 4) named.push(signs(head, at));
  // An AVIF may call itself `mif1`, "a picture in this container", and names itself among the compatible brands only.
  if (named.some((brand) => brand === "avif" || brand === "avis")) return "image/avif";
  const known = named.find((brand) => Object.hasOwn(BRANDS, brand));
  return known === undefined ? "video/mp4" : BRANDS[known];
}

/** Frames of sound begin with eleven set bits and carry no name. */
function ofSound(head) {
  if (head.length < 3 || head[0] !== 0xff) return UNKNOWN_TYPE;
  if ((head[1] & 0xf6) === 0xf0) return "audio/aac";
  return (head[1] & 0xe0) === 0xe0 && (head[1] & 0x06) !== 0 ? "audio/mpeg" : UNKNOWN_TYPE;
}
