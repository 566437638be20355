/** Checking a picture of which parts are covered (protocol §8d): that all the rest is what it was, asking no one. */

import { concat, fromBase64url, fromHex, same, toHex, utf8 } from "./bytes.js";
import { differingMembers, isHash, isInteger, parseCanonical } from "./canonical.js";
import { COPY_LIMIT, DISCLOSURE_LIMIT, verifyDisclosure } from "./disclosures.js";
import { BYTES, MOST_PIXELS, readPng } from "./rasters.js";
import { Refusal } from "./refusals.js";
import { sha256, sha256Hex } from "./sha256.js";
import { webCrypto } from "./signatures.js";
import { Checks, Status, verdictOf } from "./verdicts.js";

/** The most bytes of a bundle. */
export const PICTURE_LIMIT = 8_388_608;

const VERSION = "pithead/picture-bundle/1";
const RENDITION = "pithead/rendition/1";
const TILE = 16;
const FILL = 128;
const HINT = 4;
const MOST_REGIONS = 40;
const MOST_PICTURES = 6;
const MEMBERS = ["v", "disclosure", "ordinal", "picture", "proof", "hints"];
const PICTURE = [
  "alt", "file", "size", "original", "rendition", "reduced", "width", "height", "tile", "root", "regions",
];
const REGION = ["left", "top", "right", "bottom"];
const [LEAF, NODE, LEFT, RIGHT] = [0, 1, 2, 3].map((byte) => Uint8Array.of(byte));

/**
 * Check a picture's bundle: the disclosure in it, the file, and that all but the covered tiles is what it was.
 * @param {Uint8Array} data the bundle's bytes
 * @param {{trust?: object | null, verifier?: import("./signatures.js").Verifier}} [options]
 * @returns {Promise<import("./verdicts.js").Verdict>}
 */
export async function verifyPicture(data, { trust = null, verifier = webCrypto } = {}) {
  const checks = new Checks();
  const parts = await checks.run("bundle", [], () => read(data));
  const shown = await checks.run("disclosure", [parts], (found) => readDisclosure(found, trust, verifier));
  const member = await checks.run("member", [parts, shown], readMember);
  const raster = await checks.run("picture", [parts, member], readRaster);
  await checks.run("covered", [raster, member], checkFilled);
  await checks.run("tiles", [parts, raster, member], checkTiles);
  const failed = checks.made.find((check) => check.ok === false);
  if (failed) return verdictOf(Status.BROKEN, checks.made, `BROKEN: picture: ${failed.name}: ${failed.detail}`);
  const told = `picture ${parts.ordinal + 1}, ${share(member)}; ${shown.summary}`;
  return verdictOf(shown.status, checks.made, `${shown.status}: ${told}`);
}

function read(data) {
  const members = parseCanonical(data, PICTURE_LIMIT);
  if (differingMembers(members, MEMBERS).length > 0 || members.v !== VERSION) {
    throw new Refusal(`not an object of ${[...MEMBERS].sort().join(", ")} with v ${VERSION}`);
  }
  if (!isInteger(members.ordinal, 0, MOST_PICTURES - 1)) {
    throw new Refusal(`ordinal is no number from 0 to ${MOST_PICTURES - 1}`);
  }
  if (typeof members.disclosure !== "string") throw new Refusal("disclosure is no text");
  if (!Array.isArray(members.proof) || !members.proof.every(isHash)) throw new Refusal("proof is no list of hashes");
  return [members, `canonical, ${data.length} bytes`];
}

async function readDisclosure({ disclosure }, trust, verifier) {
  const found = await verifyDisclosure(utf8(disclosure), { trust, verifier });
  if (found.status === Status.BROKEN) throw new Refusal(found.summary);
  return [found, found.summary];
}

/** What the copy, whose digest the log holds, says of this picture. */
function readMember({ disclosure, ordinal }) {
  const copy = parseCanonical(utf8(parseCanonical(utf8(disclosure), DISCLOSURE_LIMIT).copy), COPY_LIMIT);
  const one = Array.isArray(copy.pictures) ? copy.pictures[ordinal] : undefined;
  if (one === undefined) throw new Refusal(`the copy has no picture ${ordinal + 1}`);
  if (differingMembers(one, PICTURE).length > 0 || one.rendition !== RENDITION || one.tile !== TILE) {
    throw new Refusal(`it is no object of ${[...PICTURE].sort().join(", ")}, or made in a way that is not known`);
  }
  if (![one.file, one.original, one.root].every(isHash)) throw new Refusal("file, original or root is no digest");
  if (![one.size, one.reduced, one.width, one.height].every((number) => isInteger(number, 1))) {
    throw new Refusal("a size is no number");
  }
  if (one.width * one.height > MOST_PIXELS) throw new Refusal(`it is larger than ${MOST_PIXELS} pixels`);
  mustBeRegions(one);
  return [one, `original ${one.original}, root ${one.root}`];
}

function mustBeRegions({ width, height, regions }) {
  if (!Array.isArray(regions) || regions.length > MOST_REGIONS) {
    throw new Refusal(`regions is no list of at most ${MOST_REGIONS}`);
  }
  regions.forEach((one, at) => {
    if (differingMembers(one, REGION).length > 0 || !REGION.every((side) => isInteger(one[side]))) {
      throw new Refusal(`region ${at} is no object of ${[...REGION].sort().join(", ")}`);
    }
    if (!isOfTiles(one.left, one.right, width) || !isOfTiles(one.top, one.bottom, height)) {
      throw new Refusal(`region ${at} is none of whole tiles within the picture`);
    }
  });
}

function isOfTiles(first, last, size) {
  return first >= 0 && first < last && last <= size && first % TILE === 0 && (last % TILE === 0 || last === size);
}

async function readRaster({ picture }, { file, size, width, height }) {
  const data = fromBase64url(picture);
  const digest = sha256Hex(data);
  if (digest !== file || data.length !== size) {
    throw new Refusal(`the file has digest ${digest} and ${data.length} bytes; the copy names ${file}`);
  }
  const found = await readPng(data);
  if (found.width !== width || found.height !== height) {
    throw new Refusal(`the file is ${found.width} x ${found.height} pixels large, not as the copy says`);
  }
  return [found, `${width} x ${height} pixels, digest ${digest}`];
}

function checkFilled(raster, member) {
  for (const { left, top, right, bottom } of member.regions) {
    for (let row = top; row < bottom; row += 1) {
      if (rowsOf(raster, { left, top: row, right, bottom: row + 1 }).some((byte) => byte !== FILL)) {
        throw new Refusal(`the covered region at ${left}, ${top} shows something in row ${row}`);
      }
    }
  }
  return [true, share(member)];
}

function checkTiles({ proof, hints }, raster, member) {
  const hidden = coveredTiles(member);
  const count = tilesOf(member);
  const found = new Uint8Array(count * HINT);
  const root = toHex(rootOf(raster, member, hidden, proof.map(fromHex), found));
  if (root !== member.root) {
    throw new Refusal(`${which(member, found, hints)}: the tiles come to root ${root}`);
  }
  return [true, `every pixel of ${count - hidden.size} tiles is what it was`];
}

function rootOf(raster, member, hidden, values, hints) {
  let next = 0;
  function ofSeed(low, high, seed) {
    if (high - low === 1) {
      const leaf = sha256(concat(LEAF, seed, rowsOf(raster, placeOf(member, low))));
      hints.set(leaf.subarray(0, HINT), low * HINT);
      return leaf;
    }
    const middle = low + split(high - low);
    const first = ofSeed(low, middle, sha256(concat(LEFT, seed)));
    return sha256(concat(NODE, first, ofSeed(middle, high, sha256(concat(RIGHT, seed)))));
  }
  function walk(low, high) {
    let many = 0;
    for (let at = low; at < high; at += 1) many += Number(hidden.has(at));
    if (many > 0 && many < high - low) {
      const middle = low + split(high - low);
      const first = walk(low, middle);
      return sha256(concat(NODE, first, walk(middle, high)));
    }
    if (next === values.length) throw new Refusal("the proof has fewer values than the regions ask for");
    next += 1;
    return many > 0 ? values[next - 1] : ofSeed(low, high, values[next - 1]);
  }
  const root = walk(0, tilesOf(member));
  if (next < values.length) throw new Refusal("the proof has more values than the regions ask for");
  return root;
}

/** Which tiles differ, as far as the hints say; they prove nothing. */
function which(member, found, told) {
  let hints;
  try {
    hints = fromBase64url(told);
  } catch {
    return "something differs";
  }
  const those = [];
  for (let at = 0; at < found.length; at += HINT) {
    if (!same(found.subarray(at, at + HINT), hints.subarray(at, at + HINT))) those.push(at / HINT);
  }
  if (those.length === 0) return "something differs";
  const { left, top } = placeOf(member, those[0]);
  return `the tile at ${left}, ${top}${those.length > 1 ? ` and ${those.length - 1} more` : ""} differs`;
}

function coveredTiles({ width, regions }) {
  const found = new Set();
  const across = Math.ceil(width / TILE);
  for (const { left, top, right, bottom } of regions) {
    for (let row = top / TILE; row < Math.ceil(bottom / TILE); row += 1) {
      for (let column = left / TILE; column < Math.ceil(right / TILE); column += 1) found.add(row * across + column);
    }
  }
  return found;
}

function tilesOf({ width, height }) {
  return Math.ceil(width / TILE) * Math.ceil(height / TILE);
}

function placeOf({ width, height }, tile) {
  const across = Math.ceil(width / TILE);
  const [left, top] = [(tile % across) * TILE, Math.floor(tile / across) * TILE];
  return { left, top, right: Math.min(left + TILE, width), bottom: Math.min(top + TILE, height) };
}

function rowsOf({ width, pixels }, { left, top, right, bottom }) {
  const line = (right - left) * BYTES;
  const found = new Uint8Array(line * (bottom - top));
  for (let row = top; row < bottom; row += 1) {
    const at = (row * width + left) * BYTES;
    found.set(pixels.subarray(at, at + line), (row - top) * line);
  }
  return found;
}

/** The largest power of two below the count. */
function split(count) {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

function share(member) {
  const [hidden, count] = [coveredTiles(member).size, tilesOf(member)];
  return `${hidden} of ${count} tiles covered (${(Math.floor((hidden * 1000) / count) / 10).toFixed(1)} %)`;
}
