/** Where the page begins on which a mine says how it stands to its clauses, and its principal signs what he was shown. */

import { h } from "../app/dom.js";
import { dayOf, language, momentOf, today } from "../app/speaking.js";
import { clauseCard, draftOf } from "./evaluating.js";
import { act, again, facts, notice, say, sentence, show } from "./frame.js";
import { enter, sentenceOf, signOut } from "./session.js";
import { Desk, fingerprint, isItself } from "./signing.js";
import { t } from "./words_inside.js";

const thisYear = Number(today().slice(0, 4));
const PAUSE = 1_500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is shown: the desk, the year, what stands, the clause being answered, the preview, and what was signed. */
const page = { desk: null, year: thisYear, stands: null, drafting: null, draft: null, preview: null, bundle: null, trouble: null, busy: false };
const has = (role) => page.desk.who.roles.includes(role);

/** Something that asks the server or the device; what goes wrong is told where it was asked. */
async function doing(task) {
  if (page.busy) return;
  Object.assign(page, { busy: true, trouble: null });
  again();
  try {
    await task();
  } catch (error) {
    // What a person or a device refuses, a browser says by a DOMException of its own words.
    page.trouble = error instanceof DOMException ? t("device_refused", { what: error.message }) : sentenceOf(error);
  }
  page.busy = false;
  again();
  if (page.trouble !== null) scrollTo(0, 0);
}

async function read() {
  page.stands = await page.desk.stands(page.year);
}

function view() {
  const { stands, desk, year, trouble, preview } = page;
  const evaluation = stands?.selfEvaluation ?? null;
  return {
    title: preview === null ? t("sign_title", { name: desk.mine.name }) : t("preview_title"),
    kicker: t("overview_kicker", { year }), wide: true,
    content: [
      trouble === null ? null : notice("cinnabar", null, trouble),
      stands === null ? h("p", { role: "status" }, t("loading"))
        : evaluation === null ? notice("amber", null, t("no_clauses", { year }))
          : preview === null ? [standing(stands.mineCommitment), has("MINE_PRINCIPAL") ? principalPart(stands) : null, lines(evaluation)]
            : previewPart(),
      preview !== null ? null : h("div.actions", {},
        act(t("other_year", { year: otherYear() }), () => turn(otherYear()), { primary: false }),
        h("a.button", { href: `/commitments/${desk.mine.uuid}?year=${year}` }, t("public_page")), signOut(desk.line)),
    ],
    actions: actions(evaluation),
  };
}

const otherYear = () => (page.year === thisYear ? thisYear + 1 : thisYear);

function turn(year) {
  Object.assign(page, { year, stands: null, drafting: null, preview: null, bundle: null });
  return doing(read);
}

/** What stands signed, and all that proves it. */
function standing({ standing: found, cause }) {
  if (found === null) return sentence("amber", "wait", t("unsigned"), cause ? ` ${t(`cause_${cause}`)}` : "");
  return h("section", { id: "signed" },
    sentence("jade", "check", t("signed", { moment: momentOf(Date.parse(found.signedAt)), way: t(`way_${found.way}`) })),
    h("p.hash", {}, found.digest.replace(/.{8}(?=.)/g, "$& ")),
    page.bundle ? h("div.actions", {}, h("a.button", { id: "bundle", href: page.bundle.address, download: page.bundle.name }, t("save_bundle")),
      h("a.button", { id: "sheet", href: page.bundle.sheet, download: page.bundle.name.replace(/\.commitment\.json$/, "-sheet.pdf") }, t("save_sheet")),
      h("a.button", { href: `/commitments/check#${found.uuid}` }, t("check_it")))
      : h("div.actions", {}, act(t("make_bundle"), () => doing(() => fetchBundle(found.uuid)), { primary: false, id: "make-bundle", disabled: page.busy })));
}

/** The log's next checkpoint is some seconds away. */
async function fetchBundle(id) {
  for (let tries = 0; tries < 20; tries += 1) {
    const found = await page.desk.bundle(id);
    if (found !== null) {
      const address = URL.createObjectURL(new Blob([found.content], { type: "application/json" }));
      const sheet = URL.createObjectURL(new Blob([await page.desk.sheet(id)], { type: "application/pdf" }));
      page.bundle = { name: found.name, address, sheet };
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  page.trouble = t("bundle_waits");
}

/** Of the principal's keys: those that can sign now, those that wait for an officer, and whether the way was agreed upon. */
function principalPart({ mineSigning: { keys, agreements } }) {
  const { id } = page.desk.who;
  const own = keys.filter((key) => key.accountId === id && key.purpose === "SIGNATURE" && key.way === "PASSKEY" && key.endedAt === null);
  const waits = own.filter((key) => key.checkedAt === null);
  const agreed = agreements.some(({ principal }) => principal === id);
  return h("section", { id: "keys" }, h("h2", {}, t("keys")),
    own.length === 0 ? sentence("amber", "wait", t("no_key")) : null,
    own.length > waits.length ? sentence("jade", "check", t("key_counts")) : null,
    waits.length > 0 ? sentence("amber", "wait", t("key_waits")) : null,
    waits.map((key) => h("p.quiet", {}, t("fingerprint_of", { moment: momentOf(Date.parse(key.registeredAt)) }), " ", h("span.hash", {}, fingerprint(key)))),
    agreed ? sentence("jade", "check", t("agreed")) : sentence("amber", "wait", t("agreement_waits")),
    globalThis.PublicKeyCredential
      ? h("div.actions", {}, act(t("make_key"), makeKey, { primary: false, id: "make-key", disabled: page.busy }))
      : h("p.quiet", {}, t("no_passkeys")));
}

const makeKey = () => doing(async () => {
  await page.desk.makePasskey();
  await read();
  say(t("key_made"));
});

const counting = () => page.stands.mineSigning.keys.filter((key) =>
  key.accountId === page.desk.who.id && key.way === "PASSKEY" && key.purpose === "SIGNATURE" && key.endedAt === null && key.checkedAt !== null);

function lines({ lines: all }) {
  const open = all.filter(({ standing: how }) => how === "OPEN").length;
  const card = (line, at) => {
    const { key } = line.clause;
    const begin = () => {
      Object.assign(page, { drafting: key, draft: draftOf(line.answer) });
      again();
      document.getElementById(`${key}-${page.draft.outcome}`)?.focus();
    };
    const leave = () => {
      page.drafting = null;
      again();
      document.getElementById(`answer-${key}`)?.focus();
    };
    const draft = page.drafting === key ? page.draft : null;
    return clauseCard(line, at + 1, { year: page.year, draft, save: has("MINE_CLERK") ? save : null, redraw: again, begin, leave });
  };
  return h("section", {}, h("h2", {}, t("clauses")),
    open === 0 ? sentence("jade", "check", t("all_answered")) : sentence("amber", "wait", t("open", { count: open })),
    h("div.clauses", {}, all.map(card)));
}

const save = (answer) => doing(async () => {
  const wrong = answer.evidenceIds.find((one) => !UUID.test(one));
  if (wrong !== undefined) {
    page.trouble = t("evidence_wrong", { what: wrong });
    return;
  }
  await page.desk.answers(page.year, [answer]);
  page.drafting = null;
  await read();
  say(t("saved"));
});

/** What is laid before him: its parts as they stand in the very bytes that he signs. */
function previewPart() {
  const { preview } = page;
  const told = JSON.parse(preview.content);
  return [
    notice("amber", null, t("preview_lead")),
    facts([t("mine"), told.mine_name], [t("year"), String(told.year)], [t("principal"), told.principal_name],
      [t("digest"), h("span.hash", {}, preview.digest.replace(/.{8}(?=.)/g, "$& "))],
      preview.supersedes === null ? null : [t("supersedes"), superseded(preview.supersedes)]),
    h("div.actions", {}, h("a.button", { id: "pdf", href: preview.pdf ?? preview.pdfUrl, target: "_blank", rel: "noopener noreferrer" }, t("pdf"))),
    h("ol.clauses", {}, told.clauses.map((clause, at) => h("li.clause", {},
      h("h3", {}, h("span.number", {}, String(at + 1)), h("span", {}, clause.says[language()])),
      answered(told.answers[at])))),
    counting().length > 0 ? null : h("p.quiet", {}, t("no_counting_key")),
    h("details", {}, h("summary", {}, t("ink_way")), h("p", {}, t("ink_text")),
      h("label.button", {}, t("scan"), h("input.unseen", { id: "scan", type: "file", accept: "image/*,application/pdf", on: { change: byInk } }))),
    h("div.actions", {}, act(t("back"), back, { primary: false })),
  ];
}

/** The one whose place it takes, as people know it: by when it was signed. */
function superseded(digest) {
  const { standing: found } = page.stands.mineCommitment;
  const short = h("span.hash", {}, digest.slice(0, 16));
  return found?.digest === digest ? [t("superseded", { moment: momentOf(Date.parse(found.signedAt)) }), " ", short] : short;
}

function answered({ outcome, by_day: day = "", measure = "", words = "" }) {
  const [tone, sign] = { MET: ["jade", "check"], NOT_YET: ["amber", "wait"], NOT_MET: ["cinnabar", "cross"] }[outcome];
  return [sentence(tone, sign, t(`said_${outcome}`, { day: day && dayOf(day), measure })), words ? h("p", {}, words) : null];
}

function actions(evaluation) {
  if (page.stands === null || evaluation === null || !has("MINE_PRINCIPAL")) return [];
  if (page.preview !== null) return [act(t(page.busy ? "signing" : "sign"), byPasskey, { id: "sign", disabled: page.busy || counting().length === 0 })];
  return [act(t("preview"), lay, { id: "preview", disabled: page.busy })];
}

const lay = () => doing(async () => {
  const preview = await page.desk.preview(page.year);
  if (!isItself(preview)) throw new DOMException(t("not_itself"));
  page.preview = preview;
  scrollTo(0, 0);
});

function back() {
  page.preview = null;
  again();
}

const byPasskey = () => doing(() => signed(page.desk.signByPasskey(page.preview, counting())));

function byInk(event) {
  const [scan] = event.target.files;
  if (scan) void doing(() => signed(page.desk.signByInk(page.preview, scan)));
}

async function signed(signing) {
  await signing;
  Object.assign(page, { preview: null, bundle: null });
  await read();
  scrollTo(0, 0);
}

enter({
  title: () => t("sign_page"), lead: () => t("sign_lead"),
  then: async (line, who) => {
    page.desk = await Desk.of(line, who);
    if (page.desk === null) return show(() => ({ title: t("sign_page"), content: notice("amber", null, t("no_mine"), signOut(line)) }));
    await read();
    show(view);
  },
});
