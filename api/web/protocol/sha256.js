/** SHA-256 (FIPS 180-4) over a stream, since WebCrypto hashes only what it holds whole: nothing else may live here. */

import { toHex } from "./bytes.js";

const BLOCK = 64;
const PRIMES = firstPrimes(64);
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2));
const ROUND = Int32Array.from(PRIMES, (prime) => fraction(prime, 3));

/** The hash of what it is fed, piece after piece. After `digest` it takes nothing more. */
export class Sha256 {
  #state = Int32Array.from(INITIAL);
  #words = new Int32Array(64);
  #held = new Uint8Array(BLOCK);
  #count = 0; // Bytes so far; exact up to 2^53, far beyond 20 GiB.

  /** Feed more bytes. @param {Uint8Array} bytes @returns {this} */
  update(bytes) {
    const filled = this.#count % BLOCK;
    this.#count += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, bytes.length);
      this.#held.set(bytes.subarray(0, at), filled);
      if (filled + at < BLOCK) return this;
      this.#compress(this.#held, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#compress(bytes, at);
    this.#held.set(bytes.subarray(at));
    return this;
  }

  /** The 32 bytes of the hash. @returns {Uint8Array} */
  digest() {
    const filled = this.#count % BLOCK;
    const end = new Uint8Array(filled < 56 ? BLOCK : 2 * BLOCK);
    end.set(this.#held.subarray(0, filled));
    end[filled] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(this.#count / 2 ** 29));
    view.setUint32(end.length - 4, (this.#count * 8) % 2 ** 32);
    for (let at = 0; at < end.length; at += BLOCK) this.#compress(end, at);
    const result = new Uint8Array(32);
    this.#state.forEach((word, at) => new DataView(result.buffer).setInt32(4 * at, word));
    return result;
  }

  #compress(bytes, at) {
    const words = this.#words;
    for (let t = 0; t < 16; t += 1, at += 4) {
      words[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const x = words[t - 15];
      const y = words[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[t] = (words[t - 16] + s0 + words[t - 7] + s1) | 0;
    }
    const state = this.#state;
    const rounds = ROUND; // Named here, since engines read what belongs to a module more slowly.
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + s1 + (g ^ (e & (f ^ g))) + rounds[t] + words[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (s0 + ((a & b) | (c & (a | b)))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

/** The SHA-256 of bytes that are at hand. @param {Uint8Array} bytes @returns {Uint8Array} */
export function sha256(bytes) {
  return new Sha256().update(bytes).digest();
}

/** The same in lower-case hexadecimal. @param {Uint8Array} bytes @returns {string} */
export function sha256Hex(bytes) {
  return toHex(sha256(bytes));
}

function firstPrimes(count) {
  const primes = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** FIPS 180-4 §4.2.2: the first 32 bits of the fraction of the square or cube root, found exactly by bisection. */
function fraction(prime, power) {
  const target = BigInt(prime) << BigInt(32 * power);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(power) <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}
