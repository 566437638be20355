/** Beacons (protocol §14): random bytes with the server's time, which give a recording its earliest moment. */

import { fromBase64url } from "./bytes.js";
import { differingMembers, isInteger, isUuid, parseCanonical } from "./canonical.js";
import { keyOf, wasValidAt } from "./keys.js";
import { BeaconRefused, Refusal } from "./refusals.js";
import { DOMAINS, verify, webCrypto } from "./signatures.js";

/** Milliseconds for which a beacon may open a recording. */
export const BEACON_VALIDITY = 24 * 3_600_000;
/** The most bytes that a beacon may have. */
export const BEACON_LIMIT = 256;

/**
 * What the beacon says; BeaconRefused if the bytes are none. Who signed it is not looked at.
 * @param {{beacon: string, key: string, signature: string}} signed as it was handed out, binary in base64url
 * @returns {{id: string, device: string, at: number, until: number}}
 */
export function readBeacon(signed) {
  return refusing(() => {
    const members = parseCanonical(fromBase64url(signed.beacon), BEACON_LIMIT);
    const { v, id, device, at, until } = members;
    if (differingMembers(members, ["v", "id", "device", "at", "until"]).length > 0 || v !== DOMAINS.beacon) {
      throw new Refusal(`not an object of v (${DOMAINS.beacon}), id, device, at and until`);
    }
    if (typeof id !== "string" || !/^[0-9a-f]{32}$/.test(id) || !isUuid(device)) {
      throw new Refusal("id is not 16 bytes in hex, or device no lower-case UUID");
    }
    if (!isInteger(at) || !isInteger(until, at))
      throw new Refusal("at or until is no time, or it ends before it begins");
    return { id, device, at, until };
  });
}

/**
 * What the beacon says, if a promise key of these keys that was valid at its time signed it; else BeaconRefused.
 * @param {{beacon: string, key: string, signature: string}} signed
 * @param {import("./keys.js").PublicKeys} keys
 */
export async function verifyBeacon(signed, keys, verifier = webCrypto) {
  const beacon = readBeacon(signed);
  const key = refusing(() => keyOf(keys, signed.key));
  if (key.name !== "promise" || !wasValidAt(key, beacon.at)) {
    throw new BeaconRefused(`${key.id} is no promise key that was valid then`);
  }
  const [message, signature] = refusing(() => [fromBase64url(signed.beacon), fromBase64url(signed.signature)]);
  const { algorithm, publicKey } = key;
  if (!(await verify({ algorithm, publicKey, kind: "beacon", message, signature }, verifier))) {
    throw new BeaconRefused(`the signature is not one of ${key.id} over this beacon`);
  }
  return beacon;
}

function refusing(step) {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? new BeaconRefused(error.message) : error;
  }
}
