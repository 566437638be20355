/**
 * Verifying signatures without WebCrypto: Ed25519 (RFC 8032) and ECDSA over P-256 (FIPS 186-5), on the host's BigInt.
 *
 * Verifying has no secret, so nothing here runs in constant time; and nothing here signs, which has one.
 */

import { concat, same, toHex } from "./bytes.js";
import { sha256 } from "./sha256.js";
import { sha512 } from "./sha512.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n, P), P);
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n, P);
const BASE = decoded(bytesOf(mod(4n * inverse(5n, P), P)));

const Q = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  1n,
];
const NOWHERE = [0n, 1n, 0n];
const P256 = curveOver(Q);

/** What verifies raw signatures on any host. @type {import("./signatures.js").Verifier} */
export const plainVerifier = Object.freeze({
  verify(algorithm, publicKey, message, signature) {
    if (algorithm === "Ed25519") return verifyEd25519(publicKey.subarray(12), message, signature);
    return verifyP256(publicKey.subarray(27), message, signature);
  },
});

/** RFC 8032 §5.1.7 without the cofactor, as the reference's library has it: R is compared byte by byte. */
function verifyEd25519(raw, message, signature) {
  const point = decoded(raw);
  const s = little(signature.subarray(32));
  if (point === null || s >= ORDER) return false;
  const challenge = mod(little(sha512(concat(signature.subarray(0, 32), raw, message))), ORDER);
  const [x, y, z] = bothTimes(s, BASE, challenge, negated(point), plusEdwards, [0n, 1n, 1n, 0n]);
  const unit = inverse(z, P);
  return same(encoded(mod(x * unit, P), mod(y * unit, P)), signature.subarray(0, 32));
}

/** FIPS 186-5 §6.4.2. */
function verifyP256(point, message, signature) {
  const [r, s] = [big(signature.subarray(0, 32)), big(signature.subarray(32))];
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const unit = inverse(s, N);
  const [first, second] = [mod(big(sha256(message)) * unit, N), mod(r * unit, N)];
  const key = [big(point.subarray(0, 32)), big(point.subarray(32)), 1n];
  const [x, , z] = P256.bothTimes(first, G, second, key);
  if (z === 0n) return false;
  return mod(mod(x * inverse(z * z, Q), Q), N) === r;
}

/** a·A + b·B in one pass over the bits of both (Shamir's trick). */
function bothTimes(a, A, b, B, plus, zero) {
  const both = plus(A, B);
  const bits = Math.max(a.toString(2).length, b.toString(2).length);
  let sum = zero;
  for (let at = BigInt(bits - 1); at >= 0n; at -= 1n) {
    sum = plus(sum, sum);
    const [one, other] = [(a >> at) & 1n, (b >> at) & 1n];
    if (one && other) sum = plus(sum, both);
    else if (one) sum = plus(sum, A);
    else if (other) sum = plus(sum, B);
  }
  return sum;
}

/** RFC 8032 §5.1.4: complete, so that doubling is no case of its own. */
function plusEdwards([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2), P);
  const b = mod((y1 + x1) * (y2 + x2), P);
  const c = mod(2n * D * t1 * t2, P);
  const d = mod(2n * z1 * z2, P);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
}

/**
 * The points of a curve y² = x³ − 3x + b over a field of prime order, in Jacobian coordinates: x = X/Z², y = Y/Z³; Z is
 * 0 for the point at infinity.
 * @param {bigint} field
 * @returns {{bothTimes(a: bigint, A: bigint[], b: bigint, B: bigint[]): bigint[]}} a·A + b·B
 */
export function curveOver(field) {
  const plus = (left, right) => plusWeierstrass(left, right, field);
  return Object.freeze({ bothTimes: (a, A, b, B) => bothTimes(a, A, b, B, plus, NOWHERE) });
}

function plusWeierstrass([x1, y1, z1], [x2, y2, z2], field) {
  if (z1 === 0n) return [x2, y2, z2];
  if (z2 === 0n) return [x1, y1, z1];
  const [zz1, zz2] = [mod(z1 * z1, field), mod(z2 * z2, field)];
  const [u1, u2] = [mod(x1 * zz2, field), mod(x2 * zz1, field)];
  const [s1, s2] = [mod(y1 * zz2 * z2, field), mod(y2 * zz1 * z1, field)];
  if (u1 === u2) return s1 === s2 ? doubled(x1, y1, z1, field) : NOWHERE;
  const [h, r] = [mod(u2 - u1, field), mod(s2 - s1, field)];
  const hh = mod(h * h, field);
  const [hhh, v] = [mod(h * hh, field), mod(u1 * hh, field)];
  const x = mod(r * r - hhh - 2n * v, field);
  return [x, mod(r * (v - x) - s1 * hhh, field), mod(z1 * z2 * h, field)];
}

function doubled(x, y, z, field) {
  const yy = mod(y * y, field);
  const s = mod(4n * x * yy, field);
  const zz = mod(z * z, field);
  const m = mod(3n * (x - zz) * (x + zz), field); // a = −3.
  const x3 = mod(m * m - 2n * s, field);
  return [x3, mod(m * (s - x3) - 8n * yy * yy, field), mod(2n * y * z, field)];
}

/** RFC 8032 §5.1.3; null if there is no such point. */
function decoded(raw) {
  const written = little(raw);
  const [sign, y] = [written >> 255n, written & (2n ** 255n - 1n)];
  if (y >= P) return null;
  const [u, v] = [mod(y * y - 1n, P), mod(D * y * y + 1n, P)];
  let x = mod(u * v ** 3n * power(mod(u * v ** 7n, P), (P - 5n) / 8n, P), P);
  const square = mod(v * x * x, P);
  if (square === mod(-u, P)) x = mod(x * ROOT_OF_MINUS_1, P);
  else if (square !== u) return null;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y, P)];
}

function negated([x, y, z, t]) {
  return [mod(-x, P), y, z, mod(-t, P)];
}

function encoded(x, y) {
  return bytesOf(y | ((x & 1n) << 255n));
}

function bytesOf(number) {
  const digits = number.toString(16).padStart(64, "0");
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(digits.slice(62 - 2 * at, 64 - 2 * at), 16));
}

function big(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

function little(bytes) {
  return big(Uint8Array.from(bytes).reverse());
}

/** The remainder from 0 on. @returns {bigint} */
export function mod(number, modulus) {
  const rest = number % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function power(base, exponent, modulus) {
  let [result, square] = [1n, mod(base, modulus)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square, modulus);
    square = mod(square * square, modulus);
  }
  return result;
}

/** By the extended algorithm of Euclid; the modulus is prime and the number is not 0. @returns {bigint} */
export function inverse(number, modulus) {
  let [a, b, x, y] = [mod(number, modulus), modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return mod(x, modulus);
}
