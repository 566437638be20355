/** SM2 with SM3 (GB/T 32918.2, GB/T 32905): only verified, never made, so nothing in this module is ever a secret. */

import { concat, same, toHex, utf8 } from "../bytes.js";
import { curveOver, inverse, mod } from "../curves.js";

/** The DER in front of a point: SubjectPublicKeyInfo of id-ecPublicKey over sm2p256v1 (GM/T 0006), uncompressed. */
export const SM2_HEAD = Uint8Array.from(
  [0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04],
);

// Who signs, where nothing else was agreed (GM/T 0009).
const IDENTITY = utf8("1234567812345678");
const P = 2n ** 256n - 2n ** 224n - 2n ** 96n + 2n ** 64n - 1n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const G = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  1n,
];
const CURVE = curveOver(P);

/** Is it the SPKI DER of a point on the curve, written the one usual way? @returns {boolean} */
export function isSm2Key(publicKey) {
  return pointOf(publicKey) !== null;
}

/**
 * Did this key sign the message (r ‖ s)? False, never an exception, for what is malformed.
 * @param {Uint8Array} publicKey SPKI DER
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {boolean}
 */
export function verifySm2(publicKey, message, signature) {
  const point = pointOf(publicKey);
  if (point === null || signature.length !== 64) return false;
  const [r, s] = [big(signature.subarray(0, 32)), big(signature.subarray(32))];
  const t = (r + s) % N;
  if (r < 1n || r >= N || s < 1n || s >= N || t === 0n) return false;
  const [x, , z] = CURVE.bothTimes(s, G, t, point);
  if (z === 0n) return false;
  return mod(signed(publicKey, message) + mod(x * inverse(z * z, P), P), N) === r;
}

/** The number that is signed: SM3 over the digest of whoever signs, and the message. */
function signed(publicKey, message) {
  const bits = Uint8Array.of((8 * IDENTITY.length) >> 8, (8 * IDENTITY.length) & 0xff);
  const curve = concat(...[P - 3n, B, G[0], G[1]].map(bytesOf));
  const who = sm3(concat(bits, IDENTITY, curve, publicKey.subarray(SM2_HEAD.length)));
  return big(sm3(concat(who, message)));
}

function pointOf(publicKey) {
  const head = SM2_HEAD.length;
  if (publicKey.length !== head + 64 || !same(publicKey.subarray(0, head), SM2_HEAD)) return null;
  const [x, y] = [big(publicKey.subarray(head, head + 32)), big(publicKey.subarray(head + 32))];
  const isOnCurve = x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
  return isOnCurve ? [x, y, 1n] : null;
}

function big(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

function bytesOf(number) {
  const digits = number.toString(16).padStart(64, "0");
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

const START = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
];

/** GB/T 32905: the digest of bytes that are at hand. @param {Uint8Array} data @returns {Uint8Array} */
export function sm3(data) {
  const end = new Uint8Array(data.length % 64 < 56 ? 64 - (data.length % 64) : 128 - (data.length % 64));
  end[0] = 0x80;
  const view = new DataView(end.buffer);
  view.setUint32(end.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(end.length - 4, (data.length * 8) % 2 ** 32);
  const whole = concat(data, end);
  const blocks = new DataView(whole.buffer);
  let state = START;
  for (let at = 0; at < whole.length; at += 64) state = compressed(state, blocks, at);
  const found = new Uint8Array(32);
  state.forEach((word, at) => new DataView(found.buffer).setUint32(4 * at, word));
  return found;
}

/** GB/T 32905 §5.3: the state after one more block. */
function compressed(state, blocks, start) {
  const words = expanded(blocks, start);
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < 64; round += 1) {
    const early = round < 16;
    const constant = turned(early ? 0x79cc4519 : 0x7a879d8a, round % 32);
    const first = turned((turned(a, 12) + e + constant) | 0, 7);
    const second = first ^ turned(a, 12);
    const chosen = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const other = early ? e ^ f ^ g : (e & f) | (~e & g);
    const one = (chosen + d + second + (words[round] ^ words[round + 4])) | 0;
    const two = (other + h + first + words[round]) | 0;
    [d, c, b, a] = [c, turned(b, 9), a, one];
    [h, g, f, e] = [g, turned(f, 19), e, two ^ turned(two, 9) ^ turned(two, 17)];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => word ^ state[at]);
}

/** GB/T 32905 §5.3.2: the 68 words of a block. */
function expanded(blocks, start) {
  const words = Array.from({ length: 16 }, (_, at) => blocks.getInt32(start + 4 * at));
  for (let at = 16; at < 68; at += 1) {
    const mixed = words[at - 16] ^ words[at - 9] ^ turned(words[at - 3], 15);
    words.push(mixed ^ turned(mixed, 15) ^ turned(mixed, 23) ^ turned(words[at - 13], 7) ^ words[at - 6]);
  }
  return words;
}

function turned(word, bits) {
  return (word << bits) | (word >>> (32 - bits));
}
