/** Chains (protocol §9): what the statements of one device in one recording come to, its gaps and its breaks. */

import { toHex } from "./bytes.js";
import { sha256 } from "./sha256.js";
import { decodeStatement } from "./statements.js";

/**
 * One device in one recording: the sequence numbers that it used as far as is known, the SHA-256 of the statement of
 * the highest, the runs [first, last] of which none is known, and the statements that contradict another.
 * @typedef {{recording: string, device: string, count: number, last: string, gaps: [number, number][],
 *   breaks: {seq: number, reason: string}[]}} Chain
 */

/**
 * The chains that these statements make, by recording and device; StatementMalformed for what is no statement. They
 * may come in any order, and the same bytes more than once.
 * @param {Iterable<Uint8Array>} statements
 * @returns {Chain[]}
 */
export function checkChains(statements) {
  const chains = new Map();
  for (const data of statements) {
    const { recording, device, seq, prev } = decodeStatement(data);
    const key = `${recording} ${device}`;
    if (!chains.has(key)) chains.set(key, new Map());
    chains.get(key).set(toHex(data), { seq, prev, hash: toHex(sha256(data)) });
  }
  return [...chains].sort(byFirst).map(([key, found]) => chainOf(key.split(" "), found));
}

function chainOf([recording, device], found) {
  const hashes = new Map();
  const chain = { recording, device, count: 0, last: "", gaps: [], breaks: [] };
  // By seq, and where two share one by their bytes, so that every verifier tells the same.
  const inOrder = [...found].sort((left, right) => left[1].seq - right[1].seq || byFirst(left, right));
  for (const [, { seq, prev, hash }] of inOrder) {
    if (hashes.has(seq)) chain.breaks.push({ seq, reason: `seq ${seq} stands there twice with other content` });
    else if (seq > chain.count) chain.gaps.push([chain.count, seq - 1]);
    if (hashes.has(seq - 1) && !hashes.get(seq - 1).includes(prev)) {
      chain.breaks.push({ seq, reason: `prev of seq ${seq} is not the statement before it` });
    }
    hashes.set(seq, [...(hashes.get(seq) ?? []), hash]);
    chain.count = seq + 1;
    chain.last = hash;
  }
  return chain;
}

/** Ids and hexadecimal digits are ASCII, so the order of JavaScript's texts is that of their bytes. */
function byFirst([left], [right]) {
  return left < right ? -1 : Number(left > right);
}
