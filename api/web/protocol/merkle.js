/** Proofs in the Merkle tree of RFC 6962 (protocol §5), verified as in RFC 9162: pure functions over bytes. */

import { concat, same } from "./bytes.js";
import { sha256 } from "./sha256.js";

/** The root of a tree without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array(0));

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const WIDTH = 256;

/** RFC 6962 §2.1: the hash of a leaf whose data is `digest`. @returns {Uint8Array} */
export function leafHash(digest) {
  return sha256(concat(LEAF, digest));
}

/** RFC 6962 §2.1: the hash of an inner node. @returns {Uint8Array} */
export function nodeHash(left, right) {
  return sha256(concat(NODE, left, right));
}

/**
 * RFC 6962 §2.1: the root over all leaf hashes in order.
 * @param {Uint8Array[]} leaves
 * @returns {Uint8Array}
 */
export function rootOf(leaves) {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0];
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

/**
 * RFC 9162 §2.1.3.2: the root that the path leads to; null if its length cannot belong to this position and size.
 * @param {Uint8Array} leaf the leaf's hash
 * @param {bigint | number} position from 0
 * @param {bigint | number} size leaves of the tree
 * @param {Uint8Array[]} proof
 * @returns {Uint8Array | null}
 */
export function inclusionRoot(leaf, position, size, proof) {
  let [node, last] = [BigInt(position), BigInt(size) - 1n];
  if (node < 0n || node > last) return null;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0n || sibling.length !== 32) return null;
    if ((node & 1n) === 1n || node === last) {
      root = nodeHash(sibling, root);
      [node, last] = withoutTrailingZeros(node, last);
    } else {
      root = nodeHash(root, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n ? root : null;
}

/** Does the path lead from the leaf hash to the root? @returns {boolean} */
export function verifyInclusion(leaf, position, size, proof, root) {
  const found = inclusionRoot(leaf, position, size, proof);
  return found !== null && same(found, root);
}

/**
 * RFC 9162 §2.1.4.2: does the tree with the new root begin with the tree with the old one?
 * @param {{oldSize: bigint | number, newSize: bigint | number, oldRoot: Uint8Array, newRoot: Uint8Array}} trees
 * @param {Uint8Array[]} proof
 * @returns {boolean}
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot }, proof) {
  const [first, second] = [BigInt(oldSize), BigInt(newSize)];
  if (first < 0n || first > second || proof.some((item) => item.length !== 32)) return false;
  if (first === second) return proof.length === 0 && same(oldRoot, newRoot);
  if (first === 0n) return proof.length === 0 && same(oldRoot, EMPTY_ROOT);
  const path = (first & (first - 1n)) === 0n ? [oldRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let [node, last] = [first - 1n, second - 1n];
  while ((node & 1n) === 1n) [node, last] = [node >> 1n, last >> 1n];
  let [before, after] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      [node, last] = withoutTrailingZeros(node, last);
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && same(before, oldRoot) && same(after, newRoot);
}

/** The C2SP tlog-tiles path of a tile, `tile/L/x001/x234/067` and `.p/W` if it is partial. @returns {string} */
export function tilePath(level, index, width) {
  if (index < 0 || width < 1 || width > WIDTH) throw new RangeError("a tile has an index from 0 and 1 to 256 hashes");
  const groups = [];
  for (let rest = BigInt(index); groups.length === 0 || rest > 0n; rest /= 1000n) {
    groups.unshift(`${groups.length > 0 ? "x" : ""}${String(rest % 1000n).padStart(3, "0")}`);
  }
  return `tile/${level}/${groups.join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
}

function withoutTrailingZeros(node, last) {
  while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
  return [node, last];
}
