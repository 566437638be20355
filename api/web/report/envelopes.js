/** Envelopes: a message with its files, encrypted once, its key wrapped for each who may read it; and opening one. */

import { newId, randomBytes } from "../client/chance.js";
import { toBase64url } from "../protocol/bytes.js";
import {
  bytesOf, decodeMessage, decrypt, encodeIdentity, encodeMessage, encrypt, encryptFile, forIdentity, forMessage, halve,
  keyIdOf, ReportMalformed, unwrap, wrap, wrapForHalf, wrapForMessage,
} from "../protocol/reports/reports.js";
import { curves } from "./curves.js";

/**
 * A fresh message for these public keys, with a content key of its own that is then forgotten.
 * @returns {Promise<{input: object, files: Map<string, Uint8Array>}>} the message as the server takes it, and the files
 */
export async function enclose({ words, answers = {}, attached = [], publics }) {
  const [id, key, files, told] = [newId(), randomBytes(32), new Map(), []];
  for (const { data, kind, type } of attached) {
    const [file, ofFile] = [newId(), randomBytes(32)];
    told.push({ id: file, kind, type, size: data.length, key: ofFile });
    files.set(file, await encryptFile(data, ofFile, file));
  }
  const said = encodeMessage({ words, answers, files: told });
  const ciphertext = toBase64url(await encrypt(said, key, forMessage(id)));
  const wraps = await wrapped(key, publics, (keyId) => wrapForMessage(id, keyId));
  return { input: { id, ciphertext, wraps, fileIds: [...files.keys()] }, files };
}

/** The identity as the server takes it: half a of its key for each custodian, half b for each officer. */
export async function lockAway(who, { custodians, officers }) {
  const [id, key] = [newId(), randomBytes(32)];
  const [a, b] = halve(key);
  return {
    id,
    ciphertext: toBase64url(await encrypt(encodeIdentity(who), key, forIdentity(id))),
    halvesA: await wrapped(a, custodians, (keyId) => wrapForHalf(id, "a", keyId)),
    halvesB: await wrapped(b, officers, (keyId) => wrapForHalf(id, "b", keyId)),
  };
}

/** The message that was wrapped for this box. ReportMalformed for any other. */
export async function openMessage({ id, ciphertext, wrap: wrappedKey }, box) {
  const computes = await curves();
  const purpose = wrapForMessage(id, keyIdOf(await computes.boxPublic(box)));
  const key = await unwrap(computes, bytesOf(wrappedKey), box, purpose);
  return decodeMessage(await decrypt(bytesOf(ciphertext), key, forMessage(id)));
}

/** The public keys of a list from the server, each of which must be named by its own digest. */
export function publicKeys(told) {
  return told.map(({ id, publicKey }) => {
    const found = bytesOf(publicKey, { size: 32, reason: "public key" });
    if (keyIdOf(found) !== id.replaceAll("-", "")) throw new ReportMalformed("key id");
    return found;
  });
}

async function wrapped(secret, publics, purposeOf) {
  const computes = await curves();
  const made = new Map();
  for (const open of publics) {
    const keyId = keyIdOf(open);
    made.set(keyId, toBase64url(await wrap(computes, secret, open, purposeOf(keyId))));
  }
  return [...made].map(([keyId, bytes]) => ({ keyId, bytes }));
}
