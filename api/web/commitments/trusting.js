/** The server keys that the checking page trusts: those of the first contact, kept on this phone, and what they vouch for. */

import { meet } from "../client/trust.js";
import { AnotherServer } from "../client/answers.js";
import { keyOf, parseKeys, reach, readTrust } from "../protocol/keys.js";
import { Refusal } from "../protocol/refusals.js";
import { anyHost } from "../protocol/signatures.js";

const KEPT = "pithead.check.keys";

/**
 * What is trusted: the keys document, since when (ms), and whether it came from the server or from a file.
 * @typedef {{document: object, since: number, from: "server" | "file"}} Trust
 */

/** What was kept; null if nothing was, or if it cannot be read. @returns {Trust | null} */
export function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT));
    parseKeys(found.document);
    return found;
  } catch {
    return null;
  }
}

/**
 * Trust with what the server serves now: at the first contact all of it, later what the kept keys vouch for.
 * AnotherServer if it contradicts the kept keys. Without a network, what was kept.
 * @returns {Promise<Trust | null>}
 */
export async function meetServer() {
  const before = kept();
  let served;
  try {
    const answer = await fetch("/.well-known/pithead-keys", { cache: "no-store" });
    if (!answer.ok) return before;
    served = await answer.json();
  } catch {
    return before;
  }
  await meet(served, before?.document ?? null, anyHost);
  if (before === null) return keep({ document: served, since: Date.now(), from: "server" });
  return keep({ ...before, document: await vouchedFor(before.document, served) });
}

/** Trust in the keys of a file instead; Refusal if it is none. @param {Uint8Array} data @returns {Trust} */
export function trustFile(data) {
  return keep({ document: readTrust(data), since: Date.now(), from: "file" });
}

/** The kept keys, and those of the served ones that they lead to. */
async function vouchedFor(trusted, served) {
  const [ours, theirs] = [parseKeys(trusted), parseKeys(served)];
  const found = [];
  for (const item of served.keys) {
    try {
      await reach(theirs, item.id, ours, anyHost);
      found.push(item);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const ids = new Set(found.map(({ id }) => id));
  return { ...trusted, keys: [...trusted.keys.filter(({ id }) => !ids.has(id)), ...found] };
}

function keep(trust) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(trust));
  } catch {
    // A browser that keeps nothing still checks, as long as the page is open.
  }
  return trust;
}

/** The ledger keys in use, which sign the log: id by id. @returns {string[]} */
export function ledgersOf({ document }) {
  const list = parseKeys(document);
  return [...list.keys.keys()].filter((id) => keyOf(list, id).name === "ledger");
}

export { AnotherServer };
