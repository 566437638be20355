/** The key of an identity in two halves, each of which alone is noise: nothing else may live here. */

import { randomBytes } from "../../client/chance.js";
import { ReportMalformed } from "./malformed.js";

const SIZE = 32;

/** Two halves: a is random, b is the key XOR a. @returns {[Uint8Array, Uint8Array]} */
export function halve(key, { random = randomBytes } = {}) {
  const a = random(SIZE);
  return [a, join(a, key)];
}

/** The key of two halves. */
export function join(a, b) {
  if (a.length !== SIZE || b.length !== SIZE) throw new ReportMalformed("secret");
  return a.map((byte, at) => byte ^ b[at]);
}
