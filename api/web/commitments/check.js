/** Where the page begins that checks a commitment on this phone: its code, by camera, photo or text, or its bundle. */

import { h } from "../app/dom.js";
import { dayOf, language } from "../app/speaking.js";
import {
  CODE_PREFIX, COMMITMENT_BUNDLE_LIMIT, decodeCode, isCommitmentBundle, partsOf, verifyCode, verifyCommitment,
} from "../protocol/commitments/commitments.js";
import { decodeEntry } from "../protocol/entries.js";
import { utf8 } from "../protocol/bytes.js";
import { Refusal } from "../protocol/refusals.js";
import { anyHost } from "../protocol/signatures.js";
import { act, again, notice, say, sentence, show } from "./frame.js";
import { canDetect, readCamera, readPhoto } from "./scanning.js";
import { AnotherServer, kept, meetServer, trustFile } from "./trusting.js";
import { verdictCard } from "./verdicts.js";
import { t } from "./words.js";

/** What the page knows: the trusted keys, whether it can scan and is kept for later, and what was checked last. */
const page = { trust: null, strange: null, detects: false, stays: false, looking: false, text: "", found: null, trouble: null };

function view() {
  return {
    title: t("check_title"),
    line: h("span.line", { data: { line: navigator.onLine ? "online" : "offline" } },
      h("i", { aria: { hidden: "true" } }), t(navigator.onLine ? "online" : "offline")),
    content: [
      h("p.lead", {}, t("check_lead")),
      page.strange === null ? null : notice("cinnabar", t("strange"), t("strange_text", { what: page.strange })),
      page.trouble === null ? null : notice("amber", null, page.trouble),
      page.found === null ? null : verdictCard(page.found.verdict, page.found),
      page.looking ? finder() : inputs(),
      page.stays ? sentence("jade", "check", t("stays")) : sentence("amber", "wait", t("stays_not")),
      keysPart(),
    ],
    actions: page.looking
      ? [act(t("stop"), stopLooking)]
      : [act(t("check_text"), () => checkText(page.text), { id: "check" })],
  };
}

function finder() {
  return h("div.finder", {}, h("video", { id: "finder", muted: true, playsInline: true, aria: { label: t("finder") } }));
}

function inputs() {
  const typed = h("textarea.code", {
    id: "code", value: page.text, rows: 4, spellcheck: false, autocapitalize: "none", autocomplete: "off",
    aria: { describedby: "code-hint" }, on: { input: (event) => { page.text = event.target.value; } },
  });
  return h("section", {},
    page.detects
      ? h("div.ways", {},
          navigator.mediaDevices ? act(t("camera"), look, { primary: false, id: "camera" }) : null,
          chooser("photo", t("photo"), "image/*", checkPhoto))
      : h("p.quiet", {}, t("no_detector")),
    h("div.field", {}, h("label", { htmlFor: "code" }, t("code_label")), h("p.hint", { id: "code-hint" }, t("code_hint")), typed),
    chooser("bundle", t("bundle_file"), ".json,application/json", checkFile));
}

/** A button that opens a choice of files. */
function chooser(id, words, accept, take) {
  const change = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) await take(file);
  };
  return h("label.button", {}, words, h("input.unseen", { id, type: "file", accept, on: { change } }));
}

function keysPart() {
  return h("details", {}, h("summary", {}, t("keys")), h("p", {}, t("keys_text")),
    chooser("keys", t("keys_file"), ".json,application/json", takeKeys));
}

async function look() {
  Object.assign(page, { looking: true, trouble: null, found: null });
  again();
  try {
    const text = await readCamera(document.getElementById("finder"), () => !page.looking);
    page.looking = false;
    if (text !== null) return await checkText(text);
  } catch (error) {
    Object.assign(page, { looking: false, trouble: t("no_camera", { what: error?.message ?? error }) });
  }
  again();
}

function stopLooking() {
  page.looking = false;
}

async function checkPhoto(file) {
  try {
    const text = await readPhoto(file);
    if (text !== null) return await checkText(text);
    tell(t("photo_without"));
  } catch (error) {
    tell(t("photo_unread", { what: error?.message ?? error }));
  }
}

/**
 * What a person pastes may have been broken into lines; spaces are signs of a code and stay, but for those at its ends.
 * Of what is no code, or half of one, nothing is said as if it spoke against a mine.
 */
async function checkText(given) {
  const text = given.replace(/[\r\n\t]+/g, "").trim();
  page.text = text;
  if (text === "") return tell(t("text_missing"));
  if (isCommitmentBundle(utf8(text))) return checkBytes(utf8(text));
  if (!text.startsWith(CODE_PREFIX)) return tell(t("not_a_code"));
  const code = orNull(() => decodeCode(text));
  if (code === null) return tell(t("code_cut"));
  found(await verifyCode(text, { trust: page.trust?.document ?? null, verifier: anyHost }), code.entry);
}

async function checkFile(file) {
  if (file.size > COMMITMENT_BUNDLE_LIMIT) return tell(t("file_large"));
  await checkBytes(new Uint8Array(await file.arrayBuffer()));
}

async function checkBytes(data) {
  if (!isCommitmentBundle(data)) return tell(t("not_a_bundle"));
  const verdict = await verifyCommitment(data, { trust: page.trust?.document ?? null, verifier: anyHost });
  const parts = orNull(() => partsOf(data));
  const entry = parts?.signed === undefined ? null : orNull(() => decodeEntry(utf8(parts.signed)));
  found(verdict, entry, parts === null || verdict.failed ? null : () => clausesOf(parts));
}

/** The clauses of a bundle that holds, and its PDF. */
function clausesOf({ commitment, pdf, digest }) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    h("a", { href: address, download: `${digest.slice(0, 16)}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  const words = (one) => one.says?.[language()] ?? one.words?.[language()] ?? one.key;
  const said = ({ outcome, by_day: day, measure = "", words: more = "" }) =>
    `${t(`answer_${outcome}`, { day: day ? dayOf(day) : "", measure })}${more ? ` ${more}` : ""}`;
  return [
    h("details", {}, h("summary", {}, t("clauses_count", { count: commitment.clauses.length })),
      h("ol.said", {}, commitment.clauses.map((one, at) => h("li", {}, `${at + 1}. ${words(one)}`,
        h("p.quiet", {}, said(commitment.answers[at])))))),
    h("div.actions", {}, act(t("save_pdf"), save, { primary: false })),
  ];
}

async function takeKeys(file) {
  try {
    page.trust = trustFile(new Uint8Array(await file.arrayBuffer()));
    page.strange = null;
    say(t("keys_taken"));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    page.trouble = t("keys_wrong", { what: error.message });
  }
  again();
}

function found(verdict, entry, more = null) {
  Object.assign(page, { found: { verdict, entry, more, trust: page.trust }, trouble: null });
  again();
  document.getElementById("verdict").scrollIntoView({ block: "start" });
  document.getElementById("verdict").focus({ preventScroll: true });
}

function tell(trouble) {
  Object.assign(page, { trouble, found: null });
  again();
}

function orNull(step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The commitment of which another page sent somebody here, by its id behind the #: its bundle is fetched and checked. */
async function checkNamed() {
  const id = location.hash.slice(1);
  if (!/^[0-9a-f-]{36}$/.test(id)) return;
  try {
    const answer = await fetch(`/log/commitments/${id}`, { cache: "no-store", credentials: "omit" });
    if (answer.ok) return await checkBytes(new Uint8Array(await answer.arrayBuffer()));
    tell(t("named_missing"));
  } catch {
    tell(t("named_unreached"));
  }
}

/** Keeps this page for later, once it is whole on the phone. */
async function stay() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("/commitments/check-worker.js", { scope: "/commitments/check" });
    await navigator.serviceWorker.ready;
    page.stays = true;
    again();
  } catch {
    // A browser that keeps no pages checks as long as this one is open, and the page says so.
  }
}

page.trust = kept();
show(view);
addEventListener("online", again);
addEventListener("offline", again);
page.detects = await canDetect();
try {
  page.trust = await meetServer();
} catch (error) {
  if (!(error instanceof AnotherServer || error instanceof Refusal)) throw error;
  page.strange = error.message;
}
again();
await Promise.all([stay(), checkNamed()]);
