/** Answers questions of the Python tests, one JSON document of them on standard input, by the JavaScript verifier. */

import { readFileSync } from "node:fs";

import * as pithead from "../../../api/web/pithead.js";

const { fromBase64url, toBase64url } = pithead;

const QUESTIONS = {
  parse: ({ data, limit }) => ({ written: toBase64url(pithead.canonical(pithead.parseCanonical(fromBase64url(data), limit))) }),
  write: ({ value }) => ({ written: toBase64url(pithead.canonical(value)) }),
  statement: ({ data }) => ({ written: toBase64url(pithead.encodeStatement(pithead.decodeStatement(fromBase64url(data)))) }),
  trust: ({ data }) => ({ origin: pithead.readTrust(fromBase64url(data)).origin }),
  key: ({ algorithm, data }) => ({ holds: pithead.isPublicKey(algorithm, fromBase64url(data)) }),
  name: ({ name }) => ({ holds: pithead.isPlainName(name) }),
  async bundle({ data, original, name, trust }) {
    const bytes = original === null ? null : fromBase64url(original);
    const verdict = await pithead.verifyBundle(fromBase64url(data), { original: bytes, name, trust });
    const { status, summary, exitCode, complete } = verdict;
    return { status, summary, exitCode, complete, checks: verdict.checks.map(({ name: check, ok }) => [check, ok]) };
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
