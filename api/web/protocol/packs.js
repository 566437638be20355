/** Checking a court pack (protocol §11): a BagIt folder (RFC 8493) of originals, bundles, closings, cases. */

import { fromBase64url, same, textOf, toBase64url, utf8 } from "./bytes.js";
import { BUNDLE_LIMIT, factsOf, fileOf, verifyBundle } from "./bundles.js";
import { differingMembers, isObject, parseCanonical } from "./canonical.js";
import { CASE_LIMIT, CASE_SUFFIX, checkCase } from "./casefiles.js";
import { checkChains } from "./chains.js";
import { CLOSED_LIMIT, contradictionsOf, mustBeEntered, readClosed } from "./closings.js";
import { PAGE } from "./inventories.js";
import { isPlainName } from "./names.js";
import { measure } from "./originals.js";
import { PROVEN_LIMIT, readProven } from "./places.js";
import { Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";
import { webCrypto } from "./signatures.js";
import { decodeStatement } from "./statements.js";
import { readTakenOver, TAKEN_OVER, TAKEN_OVER_LIMIT } from "./takeovers.js";
import { Checks, printable, Status, verdictOf } from "./verdicts.js";

const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const MANIFEST = "manifest-sha256.txt";
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const README = "readme.txt";
/** The SHA-256 of each readme that this software wrote. */
const README_HASHES = ["84460fb801533f5981718aeec335c97c3ed1746e638373bb3a7aef6304844c77"];
const INFO = "bag-info.txt";
const INFO_FORM = new RegExp(
  "^Bag-Software-Agent: pithead\nBagging-Date: [0-9]{4}-[0-9]{2}-[0-9]{2}\n"
    + "External-Identifier: [0-9a-f-]{36}\nPayload-Oxum: [0-9]{1,19}\\.[0-9]{1,9}\n$",
);
const UNSEALED = "data/unsealed.json";
const UNSEALED_VERSION = "pithead/unsealed/1";
const LIMIT = 33_554_432;
const BUNDLE_SUFFIX = ".pithead.json";
const CLOSING_SUFFIX = ".closing.json";
const PROOF_SUFFIX = ".closed.json";
const TAKEOVER_SUFFIX = ".takeover.json";
const LINE = /^([0-9a-f]{64}) {2}(.+)$/u;

/**
 * Check a court pack: that it is whole, each bundle with its original, the chains, and what was closed.
 * @param {Map<string, Blob | Uint8Array | null>} files everything in the folder by its path below it, with slashes;
 *   null for what is no file: a folder in `data`, a link
 * @param {{trust?: object | null, verifier?: import("./signatures.js").Verifier}} [options] the trusted keys document,
 *   never one of the pack
 * @returns {Promise<import("./verdicts.js").Verdict>}
 */
export async function verifyPack(files, { trust = null, verifier = webCrypto } = {}) {
  const checks = new Checks();
  const tags = [...files.keys()].filter((path) => !path.startsWith("data/") && path !== TAG_MANIFEST);
  const payload = [...files.keys()].filter((path) => path.startsWith("data/"));
  await checks.run("bag", [], () => checkDeclaration(files));
  const listed = await checks.run("manifest", [], () => checkManifest(files, MANIFEST, payload));
  const beside = await checks.run("tags", [], () => checkTags(files, tags));
  const pieces = await checkPieces(files, listed ?? [], { trust, verifier }, checks);
  const unsealed = await checks.run("unsealed", [listed], () => readUnsealed(files));
  const chains = await checks.run("chains", [listed, unsealed], () =>
    readChains([...pieces.statements, ...unsealed]));
  const found = chains === null ? null : [...pieces.statements, ...unsealed];
  const recordings = new Set([...pieces.recordings, ...(chains ?? []).map((chain) => chain.recording)]);
  const absent = chains === null ? [] : unsealed.map((data) => decodeStatement(data));
  for (const recording of [...recordings].sort()) {
    const closed = await checkClosing(files, recording, { found, pieces, trust, verifier }, checks);
    checkAbsent(recording, absent.filter((one) => one.recording === recording), closed, checks);
    for (const suffix of [CLOSING_SUFFIX, PROOF_SUFFIX]) pieces.spokenOf.add(`data/${recording}${suffix}`);
  }
  const there = { pieces, trust, verifier, found: found ?? [], hasPage: (beside ?? []).includes(PAGE) };
  const cases = await checkCases(files, listed ?? [], there, checks);
  await checkBeside(files, beside ?? [], checks);
  for (const path of (listed ?? []).filter((one) => one !== UNSEALED && !pieces.spokenOf.has(one))) {
    checks.skip(printable(path.slice("data/".length)), "no bundle speaks of this file");
  }
  return verdict(checks.made, { bundles: pieces.count, cases }, trust !== null);
}

async function checkDeclaration(files) {
  if (!same(await bytesOf(files, "bagit.txt", LIMIT), utf8(DECLARATION))) {
    throw new Refusal("bagit.txt does not declare BagIt 1.0 in UTF-8");
  }
  return [true, "BagIt 1.0"];
}

function checkTags(files, tags) {
  if (!tags.includes(MANIFEST) || !tags.includes(README)) throw new Refusal(`${MANIFEST} or ${README} is missing`);
  return checkManifest(files, TAG_MANIFEST, tags);
}

/** The paths in order, if the manifest lists exactly what was found and every file is what it says. */
async function checkManifest(files, name, found) {
  const listed = await readManifest(files, name);
  const there = new Set(found); // Of hundreds of thousands of files, each is looked for once.
  const missing = [...listed.keys()].filter((path) => !there.has(path));
  const differing = [...found.filter((path) => !listed.has(path)), ...missing];
  for (const path of differing.sort()) {
    throw new Refusal(`${path} is ${listed.has(path) ? "missing" : "not in the manifest"}`);
  }
  for (const [path, hash] of listed) {
    if (files.get(path) === null) throw new Refusal(`${path} is no file`);
    if ((await measure(files.get(path))).sha256 !== hash) throw new Refusal(`${path} is not what the manifest says`);
  }
  return [[...listed.keys()].sort(byCodePoint), `${listed.size} files are what the manifest says`];
}

async function readManifest(files, name) {
  const lines = textIn(await bytesOf(files, name, LIMIT), name).split("\n");
  if (lines.pop() !== "" || lines.length === 0) throw new Refusal(`${name} does not end its last line`);
  const listed = new Map();
  lines.forEach((line, number) => {
    const [, hash, path] = LINE.exec(line) ?? [];
    // A percent sign would be an escape to BagIt and none to sha256sum, so no name has one.
    const plain = path !== undefined && !path.includes("%") && isPlainName(path.replace(/^data\//, ""));
    if (!plain || listed.has(path)) {
      throw new Refusal(`line ${number + 1} of ${name} is not a hash, two spaces and a plain path, each once`);
    }
    listed.set(path, hash);
  });
  return listed;
}

/** Every bundle checked with its original, and what those that hold together say. */
async function checkPieces(files, listed, options, checks) {
  const pieces = {
    count: 0, statements: [], officers: [], recordings: new Set(), sealed: new Set(), spokenOf: new Set(),
    declaredAt: new Map(),
  };
  for (const path of listed.filter((one) => one.endsWith(BUNDLE_SUFFIX))) {
    const data = await headOf(files.get(path), BUNDLE_LIMIT + 1); // One byte too many is refused as too many.
    const name = fileOf(data);
    const original = files.get(`data/${name}`) ?? null;
    const found = await verifyBundle(data, { ...options, original, name: name ?? undefined });
    checks.made.push(...found.checks.map((check) => ({ ...check, name: `${path.slice(5)}: ${check.name}` })));
    pieces.count += 1;
    pieces.spokenOf.add(path);
    if (original !== null) pieces.spokenOf.add(`data/${name}`);
    if (found.status === Status.BROKEN) continue;
    const { statement, entry } = factsOf(data);
    const paper = path.slice(0, -BUNDLE_SUFFIX.length) + TAKEOVER_SUFFIX;
    await checkTakeover(files, paper, { statement, entry }, options.verifier, checks);
    pieces.spokenOf.add(paper);
    pieces.statements.push(statement);
    pieces.declaredAt.set(toBase64url(statement), entry.declared_at);
    pieces.recordings.add(entry.recording);
    pieces.sealed.add(entry.evidence);
    pieces.officers.push({ ...entry, public: entry.device_key });
  }
  return pieces;
}

/** The paper of a piece that was taken over: from whom, how and when. */
async function checkTakeover(files, path, piece, verifier, checks) {
  const name = `${path.slice("data/".length)}: takeover`;
  if (files.get(path)) {
    await checks.run(name, [], async () => {
      const paper = await readTakenOver(await bytesOf(files, path, TAKEN_OVER_LIMIT), piece, verifier);
      return [true, `taken over from ${paper.from}: ${paper.how}`];
    });
  } else if (piece.entry.grade === TAKEN_OVER) {
    checks.skip(name, "taken over, and no paper says from whom, how and when");
  }
}

async function readUnsealed(files) {
  if (!files.has(UNSEALED)) return [[], "every statement has its sealed original"];
  const members = parseCanonical(await bytesOf(files, UNSEALED, LIMIT), LIMIT);
  const closed = differingMembers(members, ["v", "pieces"]).length === 0 && Array.isArray(members.pieces);
  if (!closed || members.v !== UNSEALED_VERSION) {
    throw new Refusal(`unsealed.json is not an object of v (${UNSEALED_VERSION}) and pieces`);
  }
  const statements = members.pieces.map((item) => {
    const right = isObject(item) && differingMembers(item, ["statement", "reason"]).length === 0;
    if (!right || typeof item.reason !== "string") {
      throw new Refusal("unsealed.json: a piece is not an object of statement and reason");
    }
    return fromBase64url(item.statement);
  });
  const reasons = [...new Set(members.pieces.map((item) => item.reason))].sort(byCodePoint).join("; ");
  return [statements, `${statements.length} statements without a sealed original: ${reasons}`];
}

function readChains(statements) {
  const chains = checkChains(statements);
  for (const { recording, device, breaks } of chains) {
    if (breaks.length > 0) throw new Refusal(`recording ${recording}, device ${device}: ${breaks[0].reason}`);
  }
  const gaps = chains.reduce((sum, chain) => sum + chain.gaps.length, 0);
  return [chains, `${chains.length} chains, ${gaps} gaps`];
}

/** The closing of one recording: its signatures, its entry, what it says of the chains, and whose keys signed it. */
async function checkClosing(files, recording, { found, pieces, trust, verifier }, checks) {
  const path = `data/${recording}${CLOSING_SUFFIX}`;
  if (!files.get(path)) {
    checks.skip(`${recording}: closing`, "not closed: whether something is missing at the end cannot be told");
    return null;
  }
  const closed = await checks.run(`${recording}: closing`, [], async () => {
    const found = await readClosed(await bytesOf(files, path, CLOSED_LIMIT), verifier);
    if (found.closing.recording !== recording) {
      throw new Refusal(`the closing is that of recording ${found.closing.recording}`);
    }
    return [found, `closed by ${found.closer.maker}, co-signed by ${found.cosigner.maker}`];
  });
  const proof = `data/${recording}${PROOF_SUFFIX}`;
  let entered = null;
  if (files.get(proof)) {
    entered = await checks.run(`${recording}: entry`, [closed], async () => {
      const [entry, where] = await readProven(await bytesOf(files, proof, PROVEN_LIMIT), { trust, verifier });
      mustBeEntered(entry, closed);
      return [entry, where];
    });
  } else checks.skip(`${recording}: entry`, "no proof that the record took this closing");
  await checks.run(`${recording}: agreement`, [closed, found], ({ closing }) =>
    checkAgreement(closing, found, entered, pieces.declaredAt));
  if (closed !== null) await checkOfficers(recording, closed, { officers: pieces.officers, entered }, checks);
  return closed;
}

/** Every case file with the papers beside it; how many there are. */
async function checkCases(files, listed, { pieces, trust, verifier, found, hasPage }, checks) {
  const hashOf = async (name) => (files.get(`data/${name}`) ? (await measure(files.get(`data/${name}`))).sha256 : null);
  const read = (name, limit) => (files.get(`data/${name}`) ? headOf(files.get(`data/${name}`), limit + 1) : null);
  const paths = listed.filter((path) => path.endsWith(CASE_SUFFIX));
  const statements = new Set(found.map((one) => sha256Hex(one)));
  const page = hasPage ? (await measure(files.get(PAGE))).sha256 : null;
  const beside = { hashOf, read, sealed: pieces.sealed, statements, page, trust, verifier };
  for (const path of paths) {
    const data = await headOf(files.get(path), CASE_LIMIT + 1);
    const named = await checkCase(path.slice("data/".length), data, beside, checks);
    for (const name of named) pieces.spokenOf.add(`data/${name}`);
  }
  return paths.length;
}

/** The files beside `data`: people read them first, so what proves none of them is said. */
async function checkBeside(files, tags, checks) {
  for (const name of tags.filter((one) => one !== "bagit.txt" && one !== MANIFEST)) {
    const isOurs = name === README && README_HASHES.includes((await measure(files.get(name))).sha256);
    if (isOurs) await checks.run(name, [], () => [true, "the words of this software"]);
    else if (name === INFO && INFO_FORM.test(String.fromCharCode(...(await headOf(files.get(name), 1_000))))) {
      await checks.run(name, [], () => [true, "its form; what it says is nobody's word"]);
    } else if (name !== PAGE || !checks.made.some((check) => check.name === PAGE)) {
      checks.skip(printable(name), "nothing proves this file: whoever made the pack could have written it");
    }
  }
}

/**
 * Who makes a pack could leave out a sealed original and call it lost: two officers' word for the gap stands against
 * that. Where there is none, nothing was checked, and that is said.
 */
function checkAbsent(recording, statements, closed, checks) {
  const gaps = closed?.closing.gaps ?? [];
  const isExplained = ({ device, seq }) =>
    gaps.some((gap) => gap.device === device && gap.first <= seq && seq <= gap.last);
  const unproven = statements.filter((one) => !isExplained(one));
  if (unproven.length === 0) return;
  const [first] = unproven.sort((one, other) => byCodePoint(one.device, other.device) || one.seq - other.seq);
  const said = `${unproven.length} have no sealed original by the word of this pack alone, the first is`;
  checks.skip(`${recording}: unsealed`, `${said} seq ${first.seq} of device ${first.device}`);
}

/** What was declared after the closing's entry was none of its business, and is left out and counted. */
function checkAgreement(closing, found, entered, declaredAt) {
  const isInTime = (one) => entered === null || !(declaredAt.get(toBase64url(one)) > entered.at);
  const inTime = found.filter(isInTime);
  for (const contradiction of contradictionsOf(closing, checkChains(inTime))) throw new Refusal(contradiction);
  const late = found.length - inTime.length;
  const said = `${closing.chains.length} devices, ${closing.gaps.length} gaps with a reason`;
  return [true, late > 0 ? `${said}, ${late} declared later` : said];
}

/** Whose keys signed a closing: by the entry that took it, or by the sealed entries of their devices. */
async function checkOfficers(recording, closed, { officers, entered }, checks) {
  const unknown = [closed.closer, closed.cosigner].filter((one) => !officers.some((known) => isSame(one, known)));
  if (unknown.some((one) => officers.some((known) => known.device === one.device))) {
    await checks.run(`${recording}: officers`, [], () => {
      throw new Refusal("a key that signed is not that of the device it names");
    });
  } else if (entered) {
    await checks.run(`${recording}: officers`, [], () => [true, "the closing's entry names both officers' devices"]);
  } else if (unknown.length > 0) {
    const [{ device, maker }] = unknown;
    checks.skip(`${recording}: officers`, `no sealed entry of this pack vouches for device ${device} of ${maker}`);
  } else {
    await checks.run(`${recording}: officers`, [], () => [true, "sealed entries vouch for both officers' devices"]);
  }
}

function isSame(officer, known) {
  const { device, maker, algorithm } = known;
  const named = officer.device === device && officer.maker === maker && officer.algorithm === algorithm;
  return named && toBase64url(officer.publicKey) === known.public;
}

async function bytesOf(files, path, limit) {
  const file = files.get(path);
  if (!file) throw new Refusal(`${path} is missing`);
  if ((file.size ?? file.length) > limit) throw new Refusal(`${path} has more than ${limit} bytes`);
  return file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
}

async function headOf(file, count) {
  if (file instanceof Uint8Array) return file.subarray(0, count);
  return new Uint8Array(await file.slice(0, count).arrayBuffer());
}

function textIn(bytes, name) {
  try {
    return textOf(bytes);
  } catch {
    throw new Refusal(`${name} is not UTF-8`);
  }
}

/** As Python sorts: by code point, and not by UTF-16 unit. */
function byCodePoint(left, right) {
  const [one, other] = [[...left], [...right]];
  const at = one.findIndex((sign, index) => sign !== other[index]);
  if (at < 0) return one.length - other.length;
  return other[at] === undefined ? 1 : one[at].codePointAt(0) - other[at].codePointAt(0);
}

function verdict(made, { bundles, cases }, trusted) {
  const none = { name: "manifest", ok: false, detail: "there is no bundle in the pack" };
  const all = bundles + cases === 0 && made.every((check) => check.ok !== false) ? [...made, none] : made;
  const failed = all.find((check) => check.ok === false);
  if (failed) return verdictOf(Status.BROKEN, all, `BROKEN: pack: ${failed.name}: ${failed.detail}`);
  const status = trusted ? Status.VERIFIED : Status.CONSISTENT_BUT_UNTRUSTED;
  const left = made.filter((check) => check.ok === null && !check.name.endsWith(": trust"));
  const rest = left.length > 0 ? `; ${left.length} not checked, the first: ${left[0].name}: ${left[0].detail}` : "";
  return verdictOf(status, all, `${status}: pack: ${counted(bundles, "bundle")}${cases > 0 ? `, ${counted(cases, "case")}` : ""}${rest}`);
}

function counted(number, noun) {
  return number === 1 ? `${number} ${noun}` : `${number} ${noun}s`;
}
