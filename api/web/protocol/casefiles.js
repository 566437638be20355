/** Case files (protocol §11a): steps of a case, its papers, findings and measures, each as an entry of the ledger. */

import { fromBase64url, utf8 } from "./bytes.js";
import { differingMembers, isInteger, isObject, isUuid, parseCanonical } from "./canonical.js";
import { decodeEntry } from "./entries.js";
import { contradiction, mustHoldTogether, parseKeys } from "./keys.js";
import { checkInventory, INVENTORY_SUFFIX, OPENING_SUFFIX } from "./inventories.js";
import { isPlainName } from "./names.js";
import { included, mustReach, signedCheckpoint } from "./places.js";
import { mustNameAPlace } from "./receipts.js";
import { EntryMalformed, Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { ALGORITHMS, isPublicKey, verify } from "./signatures.js";
import { Checks } from "./verdicts.js";

/** What stands behind the id of a case in the name of its file. */
export const CASE_SUFFIX = ".case.json";
/** The most bytes of a case file. */
export const CASE_LIMIT = 33_554_432;

const VERSION = "pithead/case/1";
const VOLUMES = ["MAIN", "WHOLE"];
const BODY_VERSION = "pithead/paper-body/1";
const BODY_LIMIT = 262_144;
const MEMBERS = [
  "v", "case", "volume", "checkpoint", "keys", "opened", "steps", "withheld", "papers", "findings", "measures",
];
const PLACE = ["payload", "salt", "position", "proof"];
const PAPER = ["paper", "body", "file", "entries", "statements"];
/** The steps after which a case has no further one that could be left out unseen. */
const ENDED = ["case.archived", "case.not_registered"];

/**
 * Makes every check of one case file, and returns the files that it speaks of.
 * @param {string} name of the file
 * @param {Uint8Array} data
 * @param {{hashOf: (name: string) => Promise<string | null>, read: (name: string, limit: number) =>
 *   Promise<Uint8Array | null>, sealed: Set<string>, statements: Set<string>, page: string | null,
 *   trust: object | null, verifier: import("./signatures.js").Verifier}} beside the SHA-256 of the files beside it and
 *   their bytes, the pieces of evidence whose bundles hold, the SHA-256 of each statement and of `contents.html`
 * @param {import("./verdicts.js").Checks} checks
 * @returns {Promise<string[]>}
 */
export async function checkCase(name, data, beside, checks) {
  const id = name.slice(0, -CASE_SUFFIX.length);
  const members = await checks.run(`${id}: case`, [], () => readForm(data, id));
  const signed = await checks.run(`${id}: checkpoint`, [members], () => readSigned(members, beside));
  const papers = (members?.papers ?? []).map((item) => item.file).filter((file) => file !== "");
  const spokenOf = [name, id + INVENTORY_SUFFIX, id + OPENING_SUFFIX, ...papers];
  if (signed === null) return spokenOf;
  await checks.run(`${id}: opened`, [], () => checkOpened(members.opened, signed, id));
  // What is wrong is named by the thing that it is wrong with; that the whole differs, comes last.
  const last = new Checks();
  const isGiven = await checkInventory(members, beside, last);
  const steps = await checkSteps(id, members, { signed, isGiven }, checks);
  for (const item of members.papers) {
    await checks.run(`${id}: paper ${item.paper}`, [], () => checkPaper(item, signed, beside));
    if (item.file === "") checks.skip(`${id}: paper ${item.paper}: pdf`, "the pack has no PDF of it, only its words");
  }
  for (const item of members.findings) {
    await checks.run(`${id}: finding ${item.finding}`, [], () => checkFinding(item, signed));
  }
  for (const item of members.measures) {
    await checks.run(`${id}: measure ${item.measure}`, [], () => checkMeasure(item, signed));
  }
  await checks.run(`${id}: findings`, [steps], () => checkNamed(steps, members));
  if (steps !== null) await checkEvidence(id, steps, beside.sealed, checks);
  checks.made.push(...last.made);
  return spokenOf;
}

function readForm(data, id) {
  const members = parseCanonical(data, CASE_LIMIT);
  if (differingMembers(members, MEMBERS).length > 0 || members.v !== VERSION) {
    throw new Refusal(`not an object of ${[...MEMBERS].sort().join(", ")} with v ${VERSION}`);
  }
  if (members.case !== id || !isUuid(id)) throw new Refusal("it is that of another case than its name says");
  if (!VOLUMES.includes(members.volume) || typeof members.checkpoint !== "string") {
    throw new Refusal(`volume is none of ${VOLUMES.join(", ")}, or checkpoint is no text`);
  }
  mustBePlaces([members.opened]);
  mustBePlaces(members.steps);
  decodeEntry(utf8(members.opened.payload));
  const ordinals = objects(members.withheld, ["ordinal", "reason"]).map((item) => item.ordinal);
  if (!ordinals.every((one, at) => isInteger(one, 0) && (at === 0 || ordinals[at - 1] < one))) {
    throw new Refusal("withheld steps are not sorted by ordinal, each once");
  }
  if (!members.withheld.every((item) => typeof item.reason === "string")) {
    throw new Refusal("a withheld step has no reason");
  }
  for (const kind of ["papers", "findings", "measures"]) mustBeSubjects(members[kind], kind.slice(0, -1));
  members.papers.forEach(mustBeAPaper);
  const { steps, papers, volume } = members;
  return [members, `${steps.length} steps, ${papers.length} papers, volume ${volume}`];
}

function mustBeSubjects(value, noun) {
  const found = objects(value, noun === "paper" ? PAPER : [noun, "entries"]);
  const ids = found.map((item) => item[noun]);
  if (!ids.every(isUuid) || new Set(ids).size !== ids.length) {
    throw new Refusal(`a ${noun} has no id, or stands there twice`);
  }
  for (const item of found) {
    mustBePlaces(item.entries);
    if (item.entries.length === 0) throw new Refusal(`${noun} ${item[noun]} has no entry`);
  }
}

function mustBeAPaper({ paper, body, file, statements }) {
  const texts = Array.isArray(statements) ? statements : [null];
  if (![body, file, ...texts].every((one) => typeof one === "string")) {
    throw new Refusal(`paper ${paper}: body, file or a statement is no text`);
  }
  if (file !== "" && !isPlainName(file)) throw new Refusal(`paper ${paper}: file is no plain name`);
}

function mustBePlaces(value) {
  for (const item of objects(value, PLACE)) mustNameAPlace({ ...item, checkpoint: "" });
}

function objects(value, names) {
  if (!Array.isArray(value) || !value.every((one) => isObject(one) && differingMembers(one, names).length === 0)) {
    throw new Refusal(`there is no list of objects of ${[...names].sort().join(", ")}`);
  }
  return value;
}

async function readSigned(members, { trust, verifier }) {
  const list = parseKeys(members.keys);
  await mustHoldTogether(list, verifier);
  const { at } = decodeEntry(utf8(members.opened.payload));
  const when = { first: at, last: Number.MAX_SAFE_INTEGER, verifier };
  const [signed, where] = await signedCheckpoint(members, list, when);
  if (trust !== null) {
    const trusted = parseKeys(trust);
    const otherwise = contradiction(list, trusted);
    if (otherwise !== null) throw new Refusal(otherwise);
    await mustReach(list, signed, trusted, when);
  }
  return [signed, where];
}

/** The entry, if the log holds it. */
function proven(item, signed) {
  included(item, signed);
  return decodeEntry(utf8(item.payload));
}

function checkOpened(item, signed, id) {
  const entry = proven(item, signed);
  if (entry.kind !== "case.opened" || entry.subject !== id) throw new Refusal(`the entry is not case.opened of ${id}`);
  return [entry, `position ${item.position}`];
}

/** Each step in its place; null if one is not. Where one is left out, it is named, and not all that follow. */
async function checkSteps(id, members, { signed, isGiven }, checks) {
  const withheld = new Map(members.withheld.map((item) => [item.ordinal, item.reason]));
  const found = [];
  let expected = 0;
  for (const item of members.steps) {
    while (withheld.has(expected)) expected += 1;
    const at = expected;
    found.push(await checks.run(`${id}: step ${at}`, [], () => checkStep(item, signed, id, at)));
    expected = Math.max(expected, ordinalIn(item)) + 1;
  }
  const steps = found.includes(null) ? null : found;
  const hasEnded = found.some((entry) => entry !== null && ENDED.includes(entry.kind));
  if (steps !== null && !isGiven && !hasEnded) {
    checks.skip(`${id}: steps`, "not archived: whether steps are missing at the end cannot be told");
  } else {
    const open = hasEnded ? "" : " as given out, when the case was not archived";
    await checks.run(`${id}: steps`, [steps], () => [true, `whole from 0 to ${expected - 1}${open}`]);
  }
  if (withheld.size > 0 && isGiven) {
    const said = `${withheld.size} steps are not given out, as the record said when it gave out the rest`;
    await checks.run(`${id}: withheld`, [], () => [true, said]);
  } else if (withheld.size > 0) {
    const [[first, reason]] = withheld;
    const said = `${withheld.size} steps are not given out, by the word of this pack alone; the first is ${first}`;
    checks.skip(`${id}: withheld`, `${said}: ${reason}`);
  }
  return steps;
}

function checkStep(item, signed, id, ordinal) {
  const entry = proven(item, signed);
  if (!entry.kind.startsWith("case.") || entry.subject !== id) {
    throw new Refusal(`the entry is no step of this case: ${entry.kind} of ${entry.subject}`);
  }
  if (entry.data.ordinal !== ordinal) {
    throw new Refusal(`left out, or not in its place: here stands step ${shown(entry.data.ordinal)}`);
  }
  return [entry, `${entry.kind.slice("case.".length)}, position ${item.position}`];
}

/** Which step an entry says that it is; else -1. */
function ordinalIn(item) {
  try {
    const { ordinal } = decodeEntry(utf8(item.payload)).data;
    return isInteger(ordinal) ? ordinal : -1;
  } catch (error) {
    if (!(error instanceof EntryMalformed)) throw error;
    return -1;
  }
}

/** The words as issued, whatever was signed or refused on them, and the PDF as it was made by the record. */
async function checkPaper(item, signed, { hashOf, verifier }) {
  const [issued, ...rest] = item.entries.map((one) => proven(one, signed));
  if (issued.kind !== "paper.issued" || issued.subject !== item.paper) {
    throw new Refusal("its first entry does not issue it");
  }
  const digest = digestOfWords(item, issued);
  const statements = new Map(item.statements.map((text) => [sha256Hex(fromBase64url(text)), fromBase64url(text)]));
  const made = [];
  for (const entry of rest) {
    const { kind, subject, data } = entry;
    if (kind === "paper.printed" && subject === item.paper && typeof data.stamped === "string") made.push(data.stamped);
    else if (kind === "paper.signed" || kind === "paper.refused") {
      if (data.paper !== item.paper || data.digest !== digest) {
        throw new Refusal(`${kind} is about another paper or other words`);
      }
      if (kind === "paper.signed") await mustBeSigned(data, statements, verifier);
    } else throw new Refusal(`${kind} is nothing that was done to this paper`);
  }
  if (statements.size > 0) throw new Refusal("a statement is there that no entry tells of");
  if (item.file !== "" && !made.includes(await hashOf(item.file))) {
    throw new Refusal(`${item.file} is missing, or no PDF that the record made of it`);
  }
  const marks = rest.filter(({ kind }) => kind !== "paper.printed").length;
  return [true, `as issued at position ${item.entries[0].position}, ${marks} signed or refused`];
}

function digestOfWords(item, issued) {
  const body = fromBase64url(item.body);
  const digest = sha256Hex(body);
  if (issued.data.digest !== digest) throw new Refusal("its words are not those that were issued");
  const members = parseCanonical(body, BODY_LIMIT);
  if (members.v !== BODY_VERSION || members.paper !== item.paper) {
    throw new Refusal(`its words are no ${BODY_VERSION} of this paper`);
  }
  return digest;
}

/** The statement that the entry names, which is taken from the list; by key, the signature too. */
async function mustBeSigned(data, statements, verifier) {
  const statement = statements.get(data.statement);
  if (statement === undefined) throw new Refusal(`what was signed at ${shown(data.place)} is missing`);
  statements.delete(data.statement);
  const members = parseCanonical(statement, BODY_LIMIT);
  const same = ["paper", "digest", "place", "way"];
  if (!same.every((name) => typeof data[name] === "string" && members[name] === data[name])) {
    throw new Refusal(`what was signed at ${shown(data.place)} is about something else`);
  }
  if (data.way !== "KEY") return;
  const [publicKey, signature] = [fromBase64url(data.device_key), fromBase64url(data.signature)];
  const algorithm = ALGORITHMS.find((one) => isPublicKey(one, publicKey));
  const claim = { algorithm, publicKey, kind: "paper", message: statement, signature };
  if (algorithm === undefined || !(await verify(claim, verifier))) {
    throw new Refusal(`the signature at ${shown(data.place)} is not that of the key`);
  }
}

function checkFinding(item, signed) {
  const said = allAbout(item.entries, { subject: item.finding, noun: "finding.", signed });
  if (said[0].kind !== "finding.recorded") throw new Refusal("its first entry does not record it");
  return [true, `${said.length} entries`];
}

/** The order, and what became of it: its steps without a hole. */
function checkMeasure(item, signed) {
  const said = allAbout(item.entries, { subject: item.measure, noun: "measure.", signed });
  if (said[0].kind !== "measure.ordered") throw new Refusal("its first entry does not order it");
  const counted = said.slice(1).filter(({ data }) => Object.hasOwn(data, "ordinal"));
  counted.forEach(({ data }, at) => {
    if (data.ordinal !== at + 1) throw new Refusal(`step ${at + 1} is left out, or not in its place`);
  });
  return [true, `${said.length} entries`];
}

function allAbout(items, { subject, noun, signed }) {
  const said = items.map((one) => proven(one, signed));
  for (const entry of said) {
    if (!entry.kind.startsWith(noun) || entry.subject !== subject) {
      throw new Refusal(`${entry.kind} of ${entry.subject} stands there`);
    }
  }
  if (new Set(said.map((entry) => entry.id)).size !== said.length) throw new Refusal("an entry stands there twice");
  return said;
}

/** That every finding is there on which a given step says that the case rests. */
function checkNamed(steps, members) {
  const there = new Set(members.findings.map((item) => item.finding));
  for (const entry of steps) {
    for (const conduct of listed(entry, "conducts")) {
      const finding = isObject(conduct) ? conduct.finding : undefined;
      if (typeof finding === "string" && !there.has(finding)) {
        throw new Refusal(`finding ${finding}, which step ${entry.data.ordinal} names, is left out`);
      }
    }
  }
  return [true, `${there.size} findings, ${members.measures.length} measures`];
}

/** Pieces that a step names and that have no bundle here: lost, erased, or left out by whoever made the pack. */
async function checkEvidence(id, steps, sealed, checks) {
  const pieces = steps.flatMap((entry) => listed(entry, "evidence")).filter((one) => typeof one === "string");
  const named = [...new Set(pieces)];
  const absent = named.filter((one) => !sealed.has(one));
  if (absent.length > 0) {
    checks.skip(`${id}: evidence`, `${absent.length} pieces that steps name have no bundle, the first: ${absent[0]}`);
  } else await checks.run(`${id}: evidence`, [], () => [true, `${named.length} pieces that steps name are there`]);
}

function listed(entry, name) {
  const { body } = entry.data;
  return isObject(body) && Array.isArray(body[name]) ? body[name] : [];
}

/** What an entry says as people read it: whatever a forger wrote there has no other text. */
function shown(value) {
  return typeof value === "string" || typeof value === "number" ? value : "?";
}
