/** What WebCrypto gives on every host that has it: HKDF's two halves, and AES-256-GCM. Nothing else may live here. */

import { concat } from "../bytes.js";
import { HostLacks } from "../refusals.js";
import { ReportMalformed } from "./malformed.js";

/** WebCrypto of this host; HostLacks where there is none, as on pages without HTTPS. @returns {SubtleCrypto} */
export function subtle() {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new HostLacks("this host has no WebCrypto: pages need HTTPS for it");
  return found;
}

/** HMAC-SHA256, which is also HKDF's extraction. @returns {Promise<Uint8Array>} */
export async function hmac(key, ...pieces) {
  const held = await subtle().importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle().sign("HMAC", held, concat(...pieces)));
}

/** HKDF-SHA256's expansion (RFC 5869 §2.3). @returns {Promise<Uint8Array>} */
export async function expand(key, info, length) {
  let [out, block] = [new Uint8Array(), new Uint8Array()];
  for (let number = 1; out.length < length; number += 1) {
    block = await hmac(key, block, info, Uint8Array.of(number));
    out = concat(out, block);
  }
  return out.slice(0, length);
}

/** The ciphertext with its tag behind it. @returns {Promise<Uint8Array>} */
export async function encrypted(key, nonce, data, bound) {
  const held = await aesKey(key, "encrypt");
  return new Uint8Array(await subtle().encrypt({ name: "AES-GCM", iv: nonce, additionalData: bound }, held, data));
}

/** The data again; null unless it was encrypted under this key, for this purpose, and not changed since. */
export async function decrypted(key, nonce, data, bound) {
  const held = await aesKey(key, "decrypt");
  try {
    return new Uint8Array(await subtle().decrypt({ name: "AES-GCM", iv: nonce, additionalData: bound }, held, data));
  } catch {
    return null;
  }
}

async function aesKey(key, use) {
  if (key.length !== 32) throw new ReportMalformed("content key");
  return subtle().importKey("raw", key, "AES-GCM", false, [use]);
}
