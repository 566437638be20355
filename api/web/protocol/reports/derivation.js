/** From a receipt to its keys: Argon2id with the parameters that the receipt names, twice and compared, then HKDF. */

import { same, utf8 } from "../bytes.js";
import { expand as expandHkdf, hmac } from "./ciphers.js";
import { ReportMalformed } from "./malformed.js";

/** Memory in KiB and passes for each digit: a weak phone pays with time what it lacks in memory. */
export const COSTS = { 3: [65_536, 3], 2: [32_768, 6], 1: [16_384, 12] };
/** Bytes of a salt. */
export const SALT_SIZE = 16;

/** Two derivations of one receipt gave two keys: this machine's memory cannot be trusted with a receipt. */
export class DerivationDiffers extends Error {
  constructor() {
    super("the two derivations differ");
    this.name = "DerivationDiffers";
  }
}

/** Argon2id 1.3 of this secret at this cost. @typedef {(secret: Uint8Array, salt: Uint8Array, cost: {memory: number,
 *   passes: number, lanes: 1, size: 32}) => Promise<Uint8Array>} Argon2id */

/** The root of a receipt, at the cost that its digit names. @param {Argon2id} argon2id */
export async function rootOf(argon2id, secret, salt, parameters) {
  if (!Object.hasOwn(COSTS, parameters)) throw new ReportMalformed("parameters");
  if (salt.length !== SALT_SIZE) throw new ReportMalformed("salt");
  const [memory, passes] = COSTS[parameters];
  return argon2id(secret, salt, { memory, passes, lanes: 1, size: 32 });
}

/** The root of a receipt; DerivationDiffers unless a second derivation gives the same. */
export async function derive(argon2id, receipt, salt) {
  const secret = utf8(receipt.secret);
  const first = await rootOf(argon2id, secret, salt, receipt.parameters);
  const second = await rootOf(argon2id, secret, salt, receipt.parameters);
  if (!same(first, second)) throw new DerivationDiffers();
  return first;
}

/**
 * Box, login and claim, each from its own line of HKDF, so that none says anything of another.
 * @returns {Promise<{box: Uint8Array, login: Uint8Array, claim: Uint8Array}>} the secret halves
 */
export async function keysOf(root) {
  const [box, login, claim] = await Promise.all(["box", "login", "claim"].map((name) => expand(root, name)));
  return { box, login, claim };
}

/** The 32 raw bytes of each public half. */
export async function publicsOf(curves, keys) {
  const { boxPublic, signPublic } = curves;
  return { box: await boxPublic(keys.box), login: await signPublic(keys.login), claim: await signPublic(keys.claim) };
}

/** HKDF-SHA256 with an empty salt and the line of this name. */
export async function expand(root, name) {
  return expandHkdf(await hmac(new Uint8Array(32), root), utf8(`pithead report ${name} v1`), 32);
}
