/** Base45 (RFC 9285): bytes in the signs that a QR code writes most densely; nothing else may live here. */

import { Refusal } from "./refusals.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Three signs for two bytes, two for a last one. @param {Uint8Array} data @returns {string} */
export function toBase45(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 2) {
    const whole = at + 1 < data.length;
    const number = whole ? data[at] * 256 + data[at + 1] : data[at];
    text += ALPHABET[number % 45] + ALPHABET[Math.floor(number / 45) % 45];
    if (whole) text += ALPHABET[Math.floor(number / 2025)];
  }
  return text;
}

/** The bytes; Refusal for what `toBase45` does not write. @param {string} text @returns {Uint8Array} */
export function fromBase45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const values = Array.from(text.slice(at, at + 3), (sign) => ALPHABET.indexOf(sign));
    const size = values.length - 1;
    const number = values.reduceRight((sum, value) => sum * 45 + value, 0);
    if (size === 0 || values.includes(-1) || number >= 256 ** size) throw new Refusal(`not base45 at sign ${at}`);
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return Uint8Array.from(bytes);
}
