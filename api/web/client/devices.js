/** The device's key in use: each kind of signature that a phone makes, over exactly what the protocol says (§2, §14). */

import { toBase64url } from "../protocol/bytes.js";
import { canonical } from "../protocol/canonical.js";
import { signingInput } from "../protocol/signatures.js";
import { encodeStatement } from "../protocol/statements.js";

/** One device: its id, made by itself, and what signs for it. */
export class DeviceKey {
  /** @param {string} device its UUID @param {import("../protocol/signatures.js").Signer} signer */
  constructor(device, signer) {
    this.device = device;
    this.signer = signer;
  }

  /** The public half, SPKI DER in base64url. @returns {string} */
  get publicKey() {
    return toBase64url(this.signer.publicKey);
  }

  /** About what was taken. @returns {Promise<{statement: string, signature: string}>} both base64url */
  async signStatement(statement) {
    const data = encodeStatement(statement);
    return { statement: toBase64url(data), signature: await this.sign("statement", data) };
  }

  /** That this key asks to be this device of this account. @param {string} owner the account's UUID */
  async signEnrolment(owner) {
    return this.sign("enrol", canonical({ id: this.device, key: this.publicKey, owner }));
  }

  /** That this device signs in, with a challenge (base64url) that the server gave out just now. */
  async signChallenge(challenge, login) {
    return this.sign("challenge", canonical({ challenge, device: this.device, login: plainLogin(login) }));
  }

  /** That this device renews its sign-in; the nonce (base64url) is fresh for each request. */
  async signRefresh(token, nonce) {
    return this.sign("refresh", canonical({ nonce, token }));
  }

  /** A closing, as its first officer. @param {Uint8Array} closing */
  async signClosing(closing) {
    return this.sign("closing", closing);
  }

  /** The same closing, as its second officer. @param {Uint8Array} closing */
  async signCosigning(closing) {
    return this.sign("cosign", closing);
  }

  /** The paper of a takeover (§3a). @param {Uint8Array} paper */
  async signTakeover(paper) {
    return this.sign("takeover", paper);
  }

  /** The signature of one kind over these bytes, base64url. @returns {Promise<string>} */
  async sign(kind, message) {
    return toBase64url(await this.signer.sign(signingInput(kind, message)));
  }
}

/** A login as it is signed: in lower case, without space around it. @returns {string} */
export function plainLogin(login) {
  return login.trim().toLowerCase();
}
