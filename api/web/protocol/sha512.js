/** SHA-512 (FIPS 180-4) of bytes at hand, for hosts that verify Ed25519 without WebCrypto: nothing else may live here. */

const BLOCK = 128;
const WORD = (1n << 64n) - 1n;
const PRIMES = firstPrimes(80);
const INITIAL = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2n));
const ROUND = PRIMES.map((prime) => fraction(prime, 3n));

/** The 64 bytes of the hash. @param {Uint8Array} bytes @returns {Uint8Array} */
export function sha512(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = INITIAL;
  for (let at = 0; at < padded.length; at += BLOCK) state = compress(state, view, at);
  const result = new DataView(new ArrayBuffer(64));
  state.forEach((word, at) => result.setBigUint64(8 * at, word));
  return new Uint8Array(result.buffer);
}

function compress(state, view, at) {
  const words = Array.from({ length: 16 }, (_, t) => view.getBigUint64(at + 8 * t));
  for (let t = 16; t < 80; t += 1) {
    const [x, y] = [words[t - 15], words[t - 2]];
    const first = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n);
    const second = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
    words.push((words[t - 16] + first + words[t - 7] + second) & WORD);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 80; t += 1) {
    const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const first = (h + s1 + (g ^ (e & (f ^ g))) + ROUND[t] + words[t]) & WORD;
    const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    const second = (s0 + ((a & b) | (c & (a | b)))) & WORD;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & WORD, c, b, a, (first + second) & WORD];
  }
  return [a, b, c, d, e, f, g, h].map((word, at2) => (word + state[at2]) & WORD);
}

function turn(word, by) {
  return ((word >> by) | (word << (64n - by))) & WORD;
}

function firstPrimes(count) {
  const primes = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** FIPS 180-4 §4.2.3: the first 64 bits of the fraction of the square or cube root, found exactly by bisection. */
function fraction(prime, power) {
  const target = BigInt(prime) << (64n * power);
  let [low, high] = [0n, 1n << 80n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** power <= target) low = middle;
    else high = middle;
  }
  return low & WORD;
}
