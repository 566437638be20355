/** Carries signed pieces to verified sealed receipts; killed anywhere, the next page goes on where it was. */

import {
  AGAIN,
  AnotherServer,
  anyHost,
  carrier,
  completeEvidence,
  declareEvidence,
  evidence,
  fromBase64url,
  mustBePromised,
  Refusal,
  Refused,
  sendInParts,
  sendWhole,
  Unreachable,
  UploadRefused,
} from "../pithead.js";
import { register } from "./inspecting.js";
import { MustSignIn } from "./phone.js";
import { verified } from "./reader.js";
import { changed, reread, state } from "./state.js";
import { signTaken } from "./taking.js";

const BATCH = 20;
const PAUSES = [500, 1_000, 2_000, 4_000];
const RETRY = [3_000, 6_000, 12_000, 30_000];
const EXPIRED = 403;
const WHILE_SENDING = 3_000;
const STATES_OF_THE_QUEUE = ["SIGNED", "DECLARED", "UPLOADED", "RECEIVED"];

let running = false;
let again = false;
let failures = 0;
let quiet = 0;
let timer = null;

/** Something is to be done: now, or as soon as the round under way has ended. */
export function wake() {
  clearTimeout(timer);
  again = true;
  if (running || state.phone === null) return;
  running = true;
  rounds().finally(() => {
    running = false;
  });
}

async function rounds() {
  while (again && state.phone !== null) {
    again = false;
    const { phone } = state;
    await signTaken(phone).catch((error) => changed({ trouble: { code: "e_UNKNOWN", what: error.message } }));
    await reread();
    // Of all pages of this person one sends: the others show what it writes down.
    await navigator.locks.request(`pithead-drain:${phone.device.login}`, { ifAvailable: true }, async (lock) => {
      if (lock === null) later(RETRY[0]);
      else await round(phone);
    });
    if (state.phone === phone) await reread();
  }
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(wake, pause);
}

async function round(phone) {
  if (!navigator.onLine) {
    changed({ line: "offline" });
    return;
  }
  try {
    if (phone.served === null) await phone.meet();
    const before = JSON.stringify(state.pieces.map((piece) => piece.state));
    const left = await carry(phone);
    await reread();
    // Asked again soon while pieces move on, and less and less often while they wait.
    quiet = before === JSON.stringify(state.pieces.map((piece) => piece.state)) ? quiet + 1 : 0;
    if (left) later(PAUSES[Math.min(quiet, 3)]);
    failures = 0;
    changed({ line: "online", trouble: null });
  } catch (error) {
    failures += 1;
    tell(error);
    if (!(error instanceof MustSignIn || error instanceof AnotherServer)) later(RETRY[Math.min(failures - 1, 3)]);
  }
}

/** Whether something is still under way at the server. */
async function carry(phone) {
  for (const inspection of await phone.kept.inspections()) await registered(phone, inspection);
  const open = new Set(
    (await phone.kept.inspections()).filter((one) => one.recording.opened).map((one) => one.recording.id),
  );
  const queue = async (...states) =>
    (await phone.kept.pieces()).filter((one) => open.has(one.recording) && states.includes(one.state));
  for (const batch of batches(await queue("UPLOADED"))) await complete(phone, batch);
  const films = [];
  for (const batch of batches(await queue("SIGNED", "DECLARED"))) films.push(...(await declare(phone, batch)));
  for (const batch of batches(await queue("UPLOADED"))) await complete(phone, batch);
  for (const film of films) await sendFilm(phone, film);
  for (const batch of batches(await queue("RECEIVED"))) await settle(phone, batch);
  return (await queue(...STATES_OF_THE_QUEUE)).some((one) => one.aside === undefined || one.aside === null);
}

async function registered(phone, inspection) {
  if (inspection.opened && inspection.recording.opened) return;
  try {
    await register(phone, inspection);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const row = (await phone.kept.inspections()).find(({ id }) => id === inspection.id);
    await phone.kept.writeInspection({ ...row, refused: { code: error.code, sentence: error.sentence } });
  }
  await reread();
}

/** Declares a batch and sends what is small; returns what is to travel in parts. */
async function declare(phone, batch) {
  const answers = await declareEvidence(phone.server, {
    recordingId: batch[0].recording,
    deviceId: phone.device.id,
    items: batch,
  });
  const films = [];
  for (const [at, answer] of answers.entries()) {
    const piece = await declared(phone, batch[at], answer);
    if (piece === null) continue;
    if (answer.inParts) films.push(piece);
    else if (answer.upload === null) await write(phone, piece.id, { state: "UPLOADED" });
    else await sendPhoto(phone, piece, answer.upload);
  }
  return films;
}

async function declared(phone, piece, { receipt, refused }) {
  if (refused !== null) {
    await refusedFor(phone, piece.id, refused);
    return null;
  }
  try {
    await phone.knowKey(receipt?.key);
    const { served, pinned } = phone;
    await mustBePromised(
      receipt,
      { statement: fromBase64url(piece.statement), evidence: piece.id, served, pinned },
      anyHost,
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await aside(phone, piece, `s_UNPROVEN`, error.message);
    return null;
  }
  return write(phone, piece.id, { state: "DECLARED", declared: receipt, aside: null });
}

async function sendPhoto(phone, piece, upload) {
  const original = await phone.kept.original(piece.id);
  try {
    await sendWhole(reachable(upload), original, { progress: (sent) => progress(piece, { sent, size: piece.size }) });
    await write(phone, piece.id, { state: "UPLOADED", sent: piece.size });
  } catch (error) {
    if (!(error instanceof UploadRefused)) throw error;
    // One whose request has run out stays declared, and gets another one in the next round.
    if (error.status !== EXPIRED) await aside(phone, piece, "s_ASIDE", error.message);
  } finally {
    state.progress.delete(piece.id);
  }
}

async function sendFilm(phone, piece) {
  const original = await phone.kept.original(piece.id);
  let written = piece.sent;
  let asking = Date.now();
  const carried = (told) => {
    progress(piece, told);
    if (Date.now() - asking > WHILE_SENDING) {
      asking = Date.now();
      settleWhat(phone).catch(() => {}); // A line that fails is told of by the sending itself.
    }
    if (told.sent - written < 8 * 2 ** 20) return;
    written = told.sent; // So that the next page begins with what this one has sent.
    phone.kept.writePiece(piece.id, { sent: told.sent });
  };
  try {
    const film = {
      id: piece.id,
      size: piece.size,
      parts: piece.parts,
      slice: (start, end) => original.slice(start, end),
    };
    await sendInParts(phone.server, film, { progress: carried, carry: carryReachably });
    await write(phone, piece.id, { state: "RECEIVED", sent: piece.size });
  } catch (error) {
    if (error instanceof Refused) await refusedFor(phone, piece.id, error);
    else if (error instanceof UploadRefused) await aside(phone, piece, "s_ASIDE", error.message);
    else throw error;
  } finally {
    state.progress.delete(piece.id);
  }
}

/** What is small is not to wait for its seal until a film has gone. */
async function settleWhat(phone) {
  const received = (await phone.kept.pieces()).filter((one) => one.state === "RECEIVED");
  for (const batch of batches(received)) await settle(phone, batch);
}

async function complete(phone, batch) {
  const answers = await completeEvidence(
    phone.server,
    batch.map(({ id }) => id),
  );
  for (const { id } of batch) {
    const refused = answers.get(id);
    if (refused === null) await write(phone, id, { state: "RECEIVED" });
    // The store has nothing: the piece goes back, and the phone still has its copy.
    else if (refused?.code === "NOT_UPLOADED") await write(phone, id, { state: "DECLARED", sent: 0 });
    else if (refused) await refusedFor(phone, id, refused);
  }
}

/** Only what the server will never take is at its end: patience, and a sign-in, are asked of the phone and not of a piece. */
async function refusedFor(phone, id, refused) {
  if (AGAIN.includes(refused.code)) return;
  if (refused.code === "UNAUTHENTICATED") throw new MustSignIn();
  await write(phone, id, { state: "REFUSED", reason: refused.sentence });
}

async function settle(phone, batch) {
  const byId = new Map(batch.map((piece) => [piece.id, piece]));
  for (const told of await evidence(phone.server, [...byId.keys()])) {
    const piece = byId.get(told.id);
    if (told.state === "QUARANTINED")
      await write(phone, piece.id, { state: "QUARANTINED", reason: `q_${told.reason}` });
    else if (told.receipt !== null) await sealed(phone, piece, told.receipt);
  }
}

/** The only way by which the phone lets go of its copy: every check holds, that of the original's bytes included. */
async function sealed(phone, piece, receipt) {
  try {
    await phone.knowKey(receipt.key);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const original = await phone.kept.original(piece.id);
  const proof = { ...partsOf(piece), sealed: receipt, keys: phone.served };
  const verdict = await verified(proof, { original, trust: phone.pinned });
  if (verdict.status === "VERIFIED" && verdict.complete) {
    await phone.kept.letGo(piece.id, { state: "SEALED", proof, verdict, aside: null, reason: "" });
  } else {
    const failed = verdict.checks.find(({ ok }) => ok !== true);
    await aside(phone, { ...piece, proof, verdict }, "s_UNPROVEN", `${failed?.name}: ${failed?.detail}`);
  }
  await reread();
}

/** What of a bundle the phone itself has. */
function partsOf(piece) {
  const [statement, signature] = [fromBase64url(piece.statement), fromBase64url(piece.signature)];
  return { file: piece.file, statement, signature, declared: piece.declared };
}

async function write(phone, id, changes) {
  const row = await phone.kept.writePiece(id, changes);
  await reread();
  return row;
}

/** Gives a piece up for this run: its state stays what it is, and the reason is written down. */
async function aside(phone, piece, code, detail) {
  const { proof = null, verdict = null } = piece;
  await write(phone, piece.id, { aside: { code, detail }, ...(proof && { proof, verdict }) });
}

/** Tries again what was set aside. */
export async function retry(phone) {
  for (const piece of await phone.kept.pieces())
    if (piece.aside) await phone.kept.writePiece(piece.id, { aside: null });
  for (const row of await phone.kept.inspections())
    if (row.refused) await phone.kept.writeInspection({ ...row, refused: null });
  wake();
}

function progress(piece, { sent, size, part = 1, parts = 1 }) {
  const before = state.progress.get(piece.id);
  const begun = before?.kind === "send" ? before.begun : { at: Date.now(), sent };
  state.progress.set(piece.id, { kind: "send", sent, size, part, parts, begun });
  changed();
}

/** Where originals go when pages reach the store at their own address, whichever of its names they were opened by. */
function reachable(upload) {
  if (document.querySelector("meta[name=pithead-store]").content !== "same") return upload;
  const url = new URL(upload.url);
  return { ...upload, url: `${location.origin}${url.pathname}${url.search}` };
}

function carryReachably(request) {
  return carrier(reachable(request));
}

function tell(error) {
  if (error instanceof MustSignIn) changed({ mustSignIn: true, line: "online" });
  else if (error instanceof Unreachable) changed({ line: navigator.onLine ? "unreached" : "offline" });
  else if (error instanceof AnotherServer) changed({ trouble: { code: "e_ANOTHER", what: error.message } });
  else changed({ trouble: { code: "e_UNKNOWN", what: `${error.name}: ${error.message}` } });
}

function batches(pieces) {
  const rows = new Map();
  for (const piece of pieces.filter((one) => !one.aside)) {
    rows.set(piece.recording, [...(rows.get(piece.recording) ?? []), piece]);
  }
  return [...rows.values()].flatMap((row) => {
    const ordered = row.sort((left, right) => left.seq - right.seq);
    return Array.from({ length: Math.ceil(ordered.length / BATCH) }, (_, at) =>
      ordered.slice(at * BATCH, (at + 1) * BATCH),
    );
  });
}
