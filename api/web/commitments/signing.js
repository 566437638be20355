/** What the signing page asks of the server, and the ceremony of a passkey; no words here. */

import { fromBase64url, toBase64url, utf8 } from "../protocol/bytes.js";
import { sha256Hex } from "../protocol/sha256.js";

const PROBLEM = "problem { code message parameters { name value } }";
const CLAUSE = `key field title { zh en } says { zh en } checked { zh en } article evidence condition { words { zh en } }`;
const STANDS = `query($mine: UUID!, $year: Int!) {
  selfEvaluation(mineId: $mine, year: $year) { lines {
    own standing clause { ${CLAUSE} } answer { outcome byDay measure words evidence } contradictions { kind day words } } }
  mineSigning(mineId: $mine) { principal agreements { principal } keys {
    uuid purpose way algorithm publicKey accountId credentialId registeredAt checkedAt endedAt } }
  mineCommitment(mineId: $mine, year: $year) { cause standing { uuid way digest signedAt seal { way } stamp { level } } }
}`;
const mutation = (name, answer) => {
  const input = `${name[0].toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) { ${answer} ${PROBLEM} } }`;
};

/** The line of somebody of a mine. */
export class Desk {
  /** @param {import("../client/server.js").Server} line @param {{id: string, name: string}} who @param {object} mine */
  constructor(line, who, mine) {
    Object.assign(this, { line, who, mine });
  }

  /** The desk of the mine that an account belongs to; null if it belongs to none. */
  static async of(line, who) {
    if (who.mineId === null) return null;
    const { node } = await line.ask("query($id: ID!) { node(id: $id) { ... on Mine { uuid name } } }", { id: who.mineId });
    return node === null ? null : new Desk(line, who, node);
  }

  /** What the mine says of its clauses, with what it signs, and what it signed. */
  async stands(year) {
    return this.line.ask(STANDS, { mine: this.mine.uuid, year });
  }

  /** Says something of clauses. */
  async answers(year, answers) {
    await this.#act("answerClauses", "answers { key }", { mineId: this.mine.uuid, year, answers });
  }

  /** Lays before the principal what he is to sign. */
  async preview(year) {
    const told = "preview { uuid digest content challenge pdfSha256 pdfUrl supersedes }";
    const { preview } = await this.#act("previewCommitment", told, { mineId: this.mine.uuid, year });
    return { ...preview, pdf: await pdfOf(preview) };
  }

  /** Makes a passkey on this device, which the device asks its owner for. */
  async makePasskey() {
    const told = "challenge { uuid challenge relyingParty relyingPartyName userHandle exclude algorithms }";
    const { challenge: asked } = await this.#act("askForPasskey", told, { mineId: this.mine.uuid });
    const made = await navigator.credentials.create({ publicKey: {
      challenge: fromBase64url(asked.challenge), attestation: "none",
      rp: { id: asked.relyingParty, name: asked.relyingPartyName },
      user: { id: fromBase64url(asked.userHandle), name: this.who.name, displayName: this.who.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.exclude.map((id) => ({ type: "public-key", id: fromBase64url(id) })),
      authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
    } });
    await this.#act("registerPasskey", "key { uuid }", {
      challengeId: asked.uuid, credentialId: written(made.rawId), clientData: written(made.response.clientDataJSON),
      attestation: written(made.response.attestationObject),
    });
  }

  /** Signs a preview with a passkey of these; the commitment. */
  async signByPasskey(preview, keys) {
    const answer = await navigator.credentials.get({ publicKey: {
      challenge: fromBase64url(preview.challenge), userVerification: "required",
      allowCredentials: keys.map(({ credentialId }) => ({ type: "public-key", id: fromBase64url(credentialId) })),
    } });
    const { clientDataJSON, authenticatorData, signature } = answer.response;
    const assertion = { clientData: written(clientDataJSON), authenticatorData: written(authenticatorData), signature: written(signature) };
    const key = keys.find(({ credentialId }) => credentialId === written(answer.rawId));
    return this.#sign(preview, { way: "PASSKEY", keyId: key.uuid, assertion });
  }

  /** Binds the scan of a paper that he signed by hand: the lower level. */
  async signByInk(preview, scan) {
    return this.#sign(preview, { way: "INK", scan: sha256Hex(new Uint8Array(await scan.arrayBuffer())) });
  }

  /** Everything that proves a commitment; null until the log's next checkpoint holds it. */
  async bundle(id) {
    return (await this.line.ask("query($id: UUID!) { commitmentBundle(id: $id) { name content } }", { id })).commitmentBundle;
  }

  /** The sheet of the notice board, as the bytes of its PDF; null until the log's next checkpoint. */
  async sheet(id) {
    const { commitmentBundle: found } = await this.line.ask("query($id: UUID!) { commitmentBundle(id: $id) { sheet } }", { id });
    return found === null ? null : fromBase64url(found.sheet);
  }

  async #sign(preview, signature) {
    return (await this.#act("signCommitment", "commitment { uuid }", { previewId: preview.uuid, signature })).commitment;
  }

  /** One act; what the browser repeats of it by itself is the same act. */
  async #act(name, answer, input) {
    return this.line.act(mutation(name, answer), { operationId: crypto.randomUUID(), ...input });
  }
}

/**
 * The PDF of a preview, held here: its address is good for a minute, and whoever signs may read for fifteen. Null where
 * the store is out of reach; a DOMException for other bytes than those whose digest is signed.
 */
async function pdfOf({ pdfUrl, pdfSha256 }) {
  // Where the store has no origin of its own, this page may load from none but its own: under another name, none at all.
  const apart = document.querySelector("meta[name=pithead-store]").content === "other";
  if (!apart && new URL(pdfUrl, location).origin !== location.origin) return null;
  let bytes;
  try {
    bytes = new Uint8Array(await (await fetch(pdfUrl, { credentials: "omit", referrerPolicy: "no-referrer" })).arrayBuffer());
  } catch {
    return null;
  }
  if (sha256Hex(bytes) !== pdfSha256) throw new DOMException("SHA-256");
  return URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
}

/** A public key as two people compare it on two screens. */
export function fingerprint({ publicKey }) {
  return sha256Hex(fromBase64url(publicKey)).slice(0, 16).replace(/.{4}(?=.)/g, "$& ");
}

/** Is what is laid before him what its digest names? The page shows no other than what will be signed. */
export function isItself({ content, digest }) {
  return sha256Hex(utf8(content)) === digest;
}

function written(buffer) {
  return toBase64url(new Uint8Array(buffer));
}
