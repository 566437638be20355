/** Wraps: a small secret encrypted for one public key by HPKE (RFC 9180, base mode), bound to what it is for. */

import { randomBytes } from "../../client/chance.js";
import { concat, utf8 } from "../bytes.js";
import { sha256Hex } from "../sha256.js";
import { decrypted, encrypted, expand, hmac } from "./ciphers.js";
import { shared } from "./curves.js";
import { mustBeId, ReportMalformed } from "./malformed.js";

const [KEY_SIZE, TAG] = [32, 16];
const NOTHING = new Uint8Array();
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, by their numbers in RFC 9180 §7.
const KEM = concat(utf8("KEM"), Uint8Array.of(0, 0x20));
const SUITE = concat(utf8("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 2));

/** The id of a public key: the first 16 bytes of its SHA-256 in hexadecimal. @returns {string} */
export function keyIdOf(publicKey) {
  return sha256Hex(publicKey).slice(0, 32);
}

/** The purpose of a content key's wrap: this message, for the key of this id. */
export function wrapForMessage(id, key) {
  return utf8(`pithead report wrap v1\n${mustBeId(id, "message id")}\n${mustBeKeyId(key)}`);
}

/** The purpose of the wrap of one half (`a` or `b`) of the key of an identity. */
export function wrapForHalf(id, half, key) {
  if (half !== "a" && half !== "b") throw new ReportMalformed("half");
  return utf8(`pithead report half v1\n${mustBeId(id, "message id")}\n${half}\n${mustBeKeyId(key)}`);
}

/**
 * The secret for whoever holds the private half: the one-time key, the ciphertext, the tag.
 * @param {import("./curves.js").Curves} curves
 */
export async function wrap(curves, secret, publicKey, purpose, { random = randomBytes } = {}) {
  const sender = random(KEY_SIZE);
  const oneTime = await curves.boxPublic(sender);
  const { key, nonce } = await scheduled(await shared(curves, sender, publicKey), oneTime, publicKey, purpose);
  return concat(oneTime, await encrypted(key, nonce, secret, NOTHING));
}

/** The secret of a wrap; ReportMalformed unless it was made for this key and this purpose and has this size. */
export async function unwrap(curves, wrapped, secret, purpose, { size = KEY_SIZE } = {}) {
  if (wrapped.length !== KEY_SIZE + size + TAG) throw new ReportMalformed("wrap");
  const [oneTime, mine] = [wrapped.slice(0, KEY_SIZE), await curves.boxPublic(secret)];
  let agreed;
  try {
    agreed = await shared(curves, secret, oneTime);
  } catch {
    throw new ReportMalformed("wrap");
  }
  const { key, nonce } = await scheduled(agreed, oneTime, mine, purpose);
  const found = await decrypted(key, nonce, wrapped.subarray(KEY_SIZE), NOTHING);
  if (found === null) throw new ReportMalformed("wrap");
  return found;
}

/** RFC 9180 §4.1 and §5.1: from what both sides computed to the key and nonce of the one message. */
async function scheduled(agreed, oneTime, publicKey, purpose) {
  const extracted = await extract(KEM, NOTHING, "eae_prk", agreed);
  const kem = await expandLabelled(KEM, extracted, "shared_secret", concat(oneTime, publicKey), KEY_SIZE);
  const psk = await extract(SUITE, NOTHING, "psk_id_hash", NOTHING);
  const context = concat(Uint8Array.of(0), psk, await extract(SUITE, NOTHING, "info_hash", purpose));
  const secret = await extract(SUITE, kem, "secret", NOTHING);
  const key = await expandLabelled(SUITE, secret, "key", context, KEY_SIZE);
  return { key, nonce: await expandLabelled(SUITE, secret, "base_nonce", context, 12) };
}

function extract(suite, salt, label, data) {
  return hmac(salt.length > 0 ? salt : new Uint8Array(32), utf8("HPKE-v1"), suite, utf8(label), data);
}

function expandLabelled(suite, key, label, info, length) {
  const told = concat(Uint8Array.of(length >> 8, length & 255), utf8("HPKE-v1"), suite, utf8(label), info);
  return expand(key, told, length);
}

function mustBeKeyId(id) {
  if (!/^[0-9a-f]{32}$/.test(id)) throw new ReportMalformed("key id");
  return id;
}
