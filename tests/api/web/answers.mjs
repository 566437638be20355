/** Answers questions of the Python tests, one JSON document of them on standard input, by the JavaScript verifier. */

import { lstatSync, openAsBlob, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as pithead from "../../../api/web/pithead.js";
import * as commitments from "../../../api/web/protocol/commitments/commitments.js";

const { fromBase64url, toBase64url } = pithead;

/** The files of a pack by path; null for what is neither a file nor the folder `data` itself. */
async function filesIn(folder, below = "") {
  const files = new Map();
  for (const name of readdirSync(join(folder, below))) {
    const path = join(below, name);
    const found = lstatSync(join(folder, path));
    if (path === "data" && found.isDirectory()) {
      for (const [inner, file] of await filesIn(folder, path)) files.set(inner, file);
    } else files.set(path, found.isFile() ? await openAsBlob(join(folder, path)) : null);
  }
  return files;
}

function told({ status, summary, exitCode, complete, checks }) {
  return { status, summary, exitCode, complete, checks: checks.map(({ name, ok }) => [name, ok]) };
}

function written(bytes) {
  return { written: toBase64url(bytes) };
}

const QUESTIONS = {
  async pack({ folder, trust }) {
    return told(await pithead.verifyPack(await filesIn(folder), { trust }));
  },
  async checkpoint({ note, keys }) {
    const known = keys.map((key) => ({ name: key.name, publicKey: pithead.fromBase64(key.public) }));
    const { size, signatures } = await pithead.parseCheckpoint(note, known);
    return { size: String(size), signers: signatures.filter(({ key }) => key).map(({ name }) => name) };
  },
  commitment: async ({ data, trust }) => told(await commitments.verifyCommitment(fromBase64url(data), { trust })),
  code: async ({ text, trust }) => told(await commitments.verifyCode(text, { trust })),
  parse: ({ data, limit }) => written(pithead.canonical(pithead.parseCanonical(fromBase64url(data), limit))),
  contradictions({ closing, statements }) {
    const chains = pithead.checkChains(statements.map(fromBase64url));
    const said = pithead.contradictionsOf(pithead.decodeClosing(fromBase64url(closing)), chains);
    const breaks = chains.flatMap(({ device, breaks: all }) => all.map(({ seq, reason }) => [device, seq, reason]));
    return { said, breaks };
  },
  closing: ({ data }) => written(pithead.encodeClosing(pithead.decodeClosing(fromBase64url(data)))),
  write: ({ value }) => written(pithead.canonical(value)),
  statement: ({ data }) => written(pithead.encodeStatement(pithead.decodeStatement(fromBase64url(data)))),
  trust: ({ data }) => ({ origin: pithead.readTrust(fromBase64url(data)).origin }),
  key: ({ algorithm, data }) => ({ holds: pithead.isPublicKey(algorithm, fromBase64url(data)) }),
  name: ({ name }) => ({ holds: pithead.isPlainName(name) }),
  async bundle({ data, original, name, trust }) {
    const bytes = original === null ? null : fromBase64url(original);
    return told(await pithead.verifyBundle(fromBase64url(data), { original: bytes, name, trust }));
  },
};

async function answer(question) {
  try {
    return await QUESTIONS[question.ask](question);
  } catch (error) {
    if (!(error instanceof pithead.Refusal)) throw error;
    return { refused: error.message, offset: error.offset ?? null };
  }
}

const answers = [];
for (const question of JSON.parse(readFileSync(0, "utf8"))) answers.push(await answer(question));
process.stdout.write(JSON.stringify(answers));
