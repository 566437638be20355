/** Bytes, and the ways in which they are written as text: nothing else may live here. */

import { Refusal } from "./refusals.js";

const URL_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STANDARD_SIGNS = URL_SIGNS.replace("-_", "+/");
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text. @param {string} text @returns {Uint8Array} */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** The text of UTF-8 bytes, a byte order mark included; TypeError if they are none. @returns {string} */
export function textOf(bytes) {
  return DECODER.decode(bytes);
}

/**
 * The byte at which the first ill-formed sequence begins; -1 if the bytes are UTF-8 (Unicode, table 3-7).
 * @param {Uint8Array} bytes
 * @returns {number}
 */
export function firstFaultOfUtf8(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at];
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return at;
    // The second byte alone tells overlong forms, surrogates and what lies beyond U+10FFFF from the rest.
    const low = { 0xe0: 0xa0, 0xf0: 0x90 }[first] ?? 0x80;
    const high = { 0xed: 0x9f, 0xf4: 0x8f }[first] ?? 0xbf;
    if (length > 1 && (bytes[at + 1] < low || bytes[at + 1] > high)) return at;
    for (let more = 2; more < length; more += 1) if ((bytes[at + more] & 0xc0) !== 0x80) return at;
    at += length;
  }
  return -1;
}

/** All of them after each other. @param {...Uint8Array} pieces @returns {Uint8Array} */
export function concat(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Are they the same bytes? Not in constant time: nothing that is compared here is secret. @returns {boolean} */
export function same(left, right) {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** Lower-case hexadecimal. @param {Uint8Array} bytes @returns {string} */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of hexadecimal digits; Refusal if they are none. @param {string} text @returns {Uint8Array} */
export function fromHex(text) {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) throw new Refusal("not lower-case hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** RFC 4648 §5 without padding. @param {Uint8Array} bytes @returns {string} */
export function toBase64url(bytes) {
  return encode(bytes, URL_SIGNS);
}

/** RFC 4648 §4 with padding, as notes have it. @param {Uint8Array} bytes @returns {string} */
export function toBase64(bytes) {
  const text = encode(bytes, STANDARD_SIGNS);
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

/**
 * The bytes of base64url without padding; Refusal unless `text` is the one way to write them.
 * @param {unknown} text
 * @returns {Uint8Array}
 */
export function fromBase64url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new Refusal("not base64url without padding");
  }
  const bytes = decode(text, URL_SIGNS);
  if (toBase64url(bytes) !== text) throw new Refusal("base64url with bits left over");
  return bytes;
}

/** The bytes of base64 with padding; null unless `text` is the one way to write them. @returns {Uint8Array | null} */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = decode(text.replace(/=+$/, ""), STANDARD_SIGNS);
  return toBase64(bytes) === text ? bytes : null;
}

function encode(bytes, signs) {
  const text = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(bytes.length - at, 3) + 1;
    for (let sign = 0; sign < count; sign += 1) text.push(signs[(group >> (18 - 6 * sign)) & 63]);
  }
  return text.join("");
}

function decode(text, signs) {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const sign of text) {
    held = ((held << 6) | signs.indexOf(sign)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}
