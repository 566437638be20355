/** Filing: mines and recipients, receipt and keys, the envelope, and the receipt tried at once. No words here. */

import { toBase64url } from "../protocol/bytes.js";
import {
  bytesOf, makeReceipt, PARAMETERS, publicsOf, ReportMalformed, SALT_SIZE,
} from "../protocol/reports/reports.js";
import { oneLine } from "./asking.js";
import { curves } from "./curves.js";
import { FORMS, keysFor, Thread, words } from "./entering.js";
import { enclose, lockAway, openMessage, publicKeys } from "./envelopes.js";
import { worked } from "./hands.js";
import { ask, Refused, sendFile } from "./server.js";

const KEY = "{ id publicKey agency }";

/** Mines by name, code or county. */
export function mines(search) {
  return ask("query($search: String!) { mines(search: $search) { id name county countyName } }", { search });
}

/** Who is competent: agencies to show, and keys to wrap for. */
export async function recipients(mineId) {
  const told = await ask(
    `query($mine: UUID!) { recipients(mineId: $mine) { intake ${KEY} verification ${KEY} custodians ${KEY} } }`,
    { mine: mineId },
  );
  const keys = Object.fromEntries(Object.entries(told).map(([name, list]) => [name, publicKeys(list)]));
  return { ...keys, agencies: [...new Set(told.intake.map(({ agency }) => agency))] };
}

/** How many could be guessed; the place is told only where it goes in plain anyway. */
export function couldGuess(mineId, place = null) {
  const document = "query($mine: UUID!, $place: String) { couldGuess(mineId: $mine, place: $place) { count zh en } }";
  return ask(document, { mine: mineId, place });
}

/** A reserved locator, a fresh receipt, and its keys derived twice: by as much memory as this phone bears. */
export async function begin(form) {
  const list = await words();
  const begun = await ask(
    "mutation($form: ReceiptForm!) { begin(form: $form) { locator reservation salt bits problem { code zh en } } }",
    { form: FORMS[form] },
  );
  bytesOf(begun.salt, { size: SALT_SIZE, reason: "salt" });
  for (const parameters of [...PARAMETERS].reverse()) {
    const receipt = makeReceipt(form, begun.locator, { parameters, words: list });
    try {
      return { begun, receipt, keys: await keysFor(receipt, begun.salt) };
    } catch (error) {
      // Too little memory for this cost: the next one takes half of it. What differs is a fault and no lack.
      if (parameters === "1" || error?.name === "DerivationDiffers") throw error;
    }
  }
  throw new ReportMalformed("parameters");
}

/** What an open refusal says in plain. */
export function conditionOf({ place, day, shift, since, danger, clause }) {
  return JSON.stringify({ place: oneLine(place), day, shift, since, danger: danger || null, clause: oneLine(clause) });
}

/** Does it wait for no hour, so that the record shows the minute? */
export function goesAtOnce(draft) {
  return isOpen(draft) || draft.dangerToLife || draft.kind === "RETALIATION";
}

/** Whom something urgent reaches at once. */
export function alarms(draft) {
  return isOpen(draft) ? "REFUSAL" : draft.kind === "RETALIATION" ? "RETALIATION" : "REPORT";
}

/** Does the server read where and why? */
export function isOpen({ kind, when }) {
  return kind === "REFUSAL" && when === "NOW";
}

/**
 * Files a draft under a receipt that was typed back; `progress` is told how far it came. Refused, Unreachable.
 *
 * Called again it sends the same bytes: if the first answer was lost, the server sees one filing and not two. What was
 * refused is made anew, and what is filed is not filed again.
 * @returns {Promise<{nextHour: string}>}
 */
export async function file(draft, begun, progress) {
  progress("encrypting");
  begun.prepared ??= await prepared(draft, begun, progress);
  const { id } = begun.prepared.input.message;
  begun.filed ??= await sent(begun, progress);
  progress("trying");
  await tried(begun, id);
  return begun.filed;
}

async function sent(begun, progress) {
  const { input, files } = begun.prepared;
  try {
    await sendFiles(files, { messageId: input.message.id, place: input.reservation, progress });
    progress("filing");
    begun.stage = "unknown";
    return await ask(
      "mutation($input: FilingInput!) { file(input: $input) { messageId nextHour problem { code zh en } } }",
      { input },
    );
  } catch (error) {
    if (error instanceof Refused) begun.prepared = null;
    throw error;
  }
}

async function prepared(draft, { begun, keys }, progress) {
  if (begun.bits > 0) progress("working", { bits: begun.bits });
  const nonce = begun.bits > 0 ? await worked(begun.reservation, begun.bits) : "";
  progress("encrypting");
  const own = await publicsOf(await curves(), keys);
  // Whoever went on duty since the mine was chosen can read it too, and a key that is no more is not wrapped for.
  const keysOfAll = await recipients(draft.mine.id);
  const { input: message, files } = await enclose({
    words: draft.words, answers: answersOf(draft), attached: draft.attached, publics: [...keysOfAll.intake, own.box],
  });
  const input = {
    reservation: begun.reservation, nonce, kind: draft.kind, mode: draft.mode, when: draft.when, message,
    mineId: draft.mine.id, dangerToLife: draft.dangerToLife, channel: "SELF",
    boxKey: toBase64url(own.box), loginKey: toBase64url(own.login), claimKey: toBase64url(own.claim),
    condition: isOpen(draft) ? conditionOf(draft) : null, identity: await identityOf(draft, keysOfAll),
  };
  return { input, files };
}

/** Files one after the other, each of them told. */
export async function sendFiles(files, { messageId, place, progress }) {
  let number = 0;
  for (const [id, data] of files) {
    number += 1;
    progress("sending", { number, count: files.size });
    await sendFile(id, data, { messageId, place });
  }
}

/** A receipt that cannot be opened again is the worst fault: it is opened now, while the words are still here. */
async function tried({ receipt, keys }, messageId) {
  const thread = await Thread.open(receipt, keys);
  const text = "query($token: String!) { report(token: $token) { messages { id ciphertext wrap } } }";
  const { messages } = await thread.ask(text);
  const mine = messages.find(({ id }) => id === messageId);
  if (!mine?.ciphertext || !mine.wrap) throw new ReportMalformed("the thread does not hold what was filed");
  await openMessage(mine, keys.box);
}

/** Answers to the questions of the form, by their names; what was not answered is not there. */
function answersOf(draft) {
  const asked = draft.kind === "REFUSAL"
    ? { condition: conditionOf(draft) }
    : { place: draft.place, since: draft.sinceWords, known: draft.known };
  return Object.fromEntries(Object.entries(asked).filter(([, answer]) => answer));
}

async function identityOf({ mode, name, number, contact }, { custodians, verification }) {
  if (mode === "ANONYMOUS") return null;
  const named = mode === "NAMED";
  const who = { name: named ? name : "", number: named ? number : "", contact };
  return lockAway(who, { custodians, officers: verification });
}
