/** Random bytes and ids of the host's own generator: nothing else may live here. */

import { toHex } from "../protocol/bytes.js";
import { HostLacks } from "../protocol/refusals.js";

/** So many random bytes; HostLacks where the host has no generator that may be trusted. @returns {Uint8Array} */
export function randomBytes(count) {
  const source = globalThis.crypto;
  if (typeof source?.getRandomValues !== "function") {
    throw new HostLacks("this host has no crypto.getRandomValues: hand in `random`, a function of a count of bytes");
  }
  return source.getRandomValues(new Uint8Array(count));
}

/**
 * A fresh UUID (RFC 9562, version 4), to be written down before it is sent: a second sending is then the same act.
 * @param {(count: number) => Uint8Array} [random]
 * @returns {string}
 */
export function newId(random = randomBytes) {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
