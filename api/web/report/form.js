/** The form, step by step: which mine, what happened, who one is, and once more the whole before anything is made. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { DANGERS, LONGEST_CLAUSE, LONGEST_PLACE, refusalFaults, SHIFTS, whoFaults, wordsFaults } from "./asking.js";
import { check, choices, day, line, lines, listed, toFirstFault } from "./fields.js";
import { alarms, couldGuess, goesAtOnce, isOpen, mines, recipients } from "./filing.js";
import { act, again, notice, show, shows } from "./frame.js";
import { attachments } from "./gallery.js";
import { makeReceipt } from "./receipt.js";
import { dayOf, language, today } from "./speaking.js";
import { failureOf } from "./telling.js";
import { t } from "./words.js";

const STEPS = 4;

/** Begins a draft of this kind; it lives in this page alone. @param {() => void} home where the first step goes back */
export function begin(kind, home) {
  const draft = {
    kind, mine: null, mode: "ANONYMOUS", form: "D", words: "", attached: [], dangerToLife: false,
    when: kind === "REFUSAL" ? "LATER" : "NOW", place: "", day: today(), since: today(), shift: "", danger: "",
    clause: "", sinceWords: "", known: "", name: "", number: "", contact: "",
  };
  whichMine({ draft, faults: {}, home, search: "", found: null, trouble: null, busy: false, recipients: null });
}

/** The frame of one step. */
function step(number, form, { title, back, content, next, words = t("next") }) {
  return {
    title,
    kicker: `${t(form.draft.kind)} · ${t("step_of", { step: number, steps: STEPS })}`,
    back,
    content: [form.trouble === null ? null : notice(form.trouble), content],
    actions: [act(form.busy ? t("searching") : words, next, { disabled: form.busy })],
  };
}

/** Goes on if nothing is wrong with the step; else shows what is. */
function goOn(form, faults, next) {
  form.faults = Object.fromEntries(Object.entries(faults).map(([name, code]) => [name, t(code)]));
  form.trouble = null;
  if (Object.keys(faults).length === 0) return next();
  again();
  toFirstFault(form);
}

/** Something that asks the server, while the step waits; what goes wrong is told there. It may return what is next. */
async function asking(form, view, task) {
  Object.assign(form, { busy: true, trouble: null });
  again();
  let next;
  try {
    next = await task();
  } catch (error) {
    form.trouble = failureOf(error);
  }
  form.busy = false;
  if (!shows(view)) return; // He went elsewhere meanwhile.
  if (next) next();
  else again();
}

function whichMine(form) {
  const view = () =>
    step(1, form, { title: t("mine_title"), back: form.home, content: mineFields(form, search), next });
  const search = () => asking(form, view, async () => {
    form.found = form.search.trim() === "" ? [] : await mines(form.search.trim());
    form.draft.mine = form.found.length === 1 ? form.found[0] : null;
  });
  const next = () => {
    if (form.draft.mine === null) return search();
    return asking(form, view, async () => {
      form.recipients = await recipients(form.draft.mine.id);
      if (form.recipients.intake.length > 0) return () => what(form);
      form.trouble = t("nobody");
    });
  };
  show(view);
}

function mineFields(form, search) {
  const typed = h("input", {
    id: "mine", type: "search", value: form.search, maxLength: 60, autocomplete: "off", spellcheck: false,
    on: { input: (event) => { form.search = event.target.value; } },
  });
  const submit = (event) => {
    event.preventDefault();
    search();
  };
  const choose = (mine) => () => {
    form.draft.mine = mine;
    form.trouble = null;
  };
  const choice = (mine) => h("label.choice", {},
    h("input", { type: "radio", name: "mine", checked: form.draft.mine?.id === mine.id, on: { change: choose(mine) } }),
    h("span", {}, h("b", {}, mine.name), h("span.hint", {}, mine.countyName)));
  return [
    h("form.search", { on: { submit } },
      h("label", { htmlFor: "mine" }, t("mine_label")),
      h("div.beside", {}, typed, h("button", { type: "submit", id: "search", disabled: form.busy }, t("search")))),
    form.found === null ? null
      : form.found.length === 0 ? h("p", { role: "status" }, t("mine_none"))
        : h("fieldset", {}, h("legend.hint", {}, t("mine_hint")), h("div.choices.one", {}, form.found.map(choice))),
  ];
}

function what(form) {
  const { draft } = form;
  const faultsOf = draft.kind === "REFUSAL" ? refusalFaults : wordsFaults;
  const next = () => goOn(form, faultsOf(draft, today()), () => who(form));
  const view = () => step(2, form, {
    title: t(`what_${draft.kind}`), back: () => whichMine(form), next,
    content: [
      h("p.quiet", {}, t("goes_to", { agencies: form.recipients.agencies.join("、") })),
      draft.kind === "REFUSAL" ? refusalFields(form) : reportFields(form),
      attachments(draft),
    ],
  });
  show(view);
}

function reportFields(form) {
  return [
    lines(form, "words", { label: t("words_label"), hint: t("words_hint") }, { rows: 7 }),
    line(form, "place", { label: t("place"), optional: true, hint: t("place_example") }),
    line(form, "sinceWords", { label: t("since_words"), optional: true }),
    line(form, "known", { label: t("known"), optional: true, hint: t("known_hint") }),
    check(form, "dangerToLife", t("danger_to_life"), t(`danger_to_life_${form.draft.kind}`)),
  ];
}

function refusalFields(form) {
  const when = ["LATER", "NOW"];
  return [
    line(form, "place", { label: t("refused_place"), hint: t("place_example") }, { maxLength: LONGEST_PLACE }),
    choices(form, "shift", t("shift"), SHIFTS, { labelOf: t, row: true }),
    h("div.two", {}, day(form, "day", { label: t("day") }), day(form, "since", { label: t("since") })),
    listed(form, "danger", { label: t("danger") }, DANGERS, t),
    line(form, "clause", { label: t("clause"), optional: true }, { maxLength: LONGEST_CLAUSE }),
    lines(form, "words", { label: t("words_label"), hint: t("words_hint_REFUSAL") }, { rows: 5 }),
    choices(form, "when", t("when"), when, {
      labelOf: (code) => t(`when_${code}`), textOf: (code) => t(`when_${code}_text`),
    }),
  ];
}

function who(form) {
  const { draft } = form;
  const canLock = form.recipients.custodians.length > 0 && form.recipients.verification.length > 0;
  const modes = canLock ? ["ANONYMOUS", "CONTACT", "NAMED"] : ["ANONYMOUS"];
  const view = () => step(3, form, {
    title: t("who_title"), back: () => what(form), next: () => goOn(form, whoFaults(draft), () => whole(form)),
    content: [
      choices(form, "mode", null, modes, { labelOf: t, textOf: (code) => t(`${code}_text`), chosen: again }),
      canLock ? null : h("p.quiet", {}, t("no_custodian")),
      draft.mode !== "NAMED" ? null : [
        line(form, "name", { label: t("full_name") }), line(form, "number", { label: t("number"), optional: true }),
      ],
      draft.mode === "ANONYMOUS" ? null
        : line(form, "contact", { label: t("contact"), optional: draft.mode === "NAMED" }),
    ],
  });
  show(view);
}

/** The whole, and who could guess him, before a receipt is made. */
function whole(form) {
  const { draft } = form;
  const guess = h("div", { aria: { live: "polite" } }, notice(t("guess_waits"), { title: t("guess") }));
  const view = () => step(4, form, {
    title: t("check_title"), back: () => who(form), words: t("make_receipt"),
    next: () => makeReceipt(draft, () => whole(form), form.home),
    content: [
      goesAtOnce(draft)
        ? notice(t("goes_at_once", { whom: t(`at_once_${alarms(draft)}`) }), { title: t("at_once"), tone: "amber" })
        : null,
      seen("check_server", [
        ["check_kind", t(draft.kind)], ["check_mine", draft.mine.name], ["check_mode", t(draft.mode)],
        ["check_time", t(goesAtOnce(draft) ? "check_at_once" : "check_hour")], ["check_size", t("check_rough")],
        draft.dangerToLife ? ["check_danger", t("danger_to_life")] : null,
        draft.kind === "REFUSAL" ? ["check_when", t(`when_${draft.when}`)] : null,
        ...(isOpen(draft) ? conditionRows(draft) : []),
      ]),
      seen("check_closed", [
        ["check_words", draft.words],
        ...(isOpen(draft) ? [] : draft.kind === "REFUSAL" ? conditionRows(draft) : answerRows(draft)),
        draft.attached.length > 0 ? ["check_attached", t("check_count", { count: draft.attached.length })] : null,
      ]),
      draft.mode === "ANONYMOUS" ? null : seen("check_locked", [
        draft.mode === "NAMED" ? ["full_name", draft.name] : null,
        draft.mode === "NAMED" && draft.number ? ["number", draft.number] : null, ["contact", draft.contact],
      ]),
      guess,
      choices(form, "form", t("form"), ["D", "W"], { labelOf: (code) => t(`form_${code}`) }),
      h("p.quiet", {}, t("form_text")),
    ],
  });
  show(view);
  // The place goes along only where the server reads it anyway.
  const tell = (text) => guess.replaceChildren(notice(text, { title: t("guess") })); // A finger may be on the button.
  couldGuess(draft.mine.id, isOpen(draft) ? draft.place : null)
    .then((told) => tell(told[language()]), () => tell(t("guess_unknown")));
}

function conditionRows({ place, shift, day: of, since, danger, clause }) {
  return [
    ["refused_place", place], ["shift", `${dayOf(of)} ${t(shift)}`], ["since", dayOf(since)],
    danger ? ["danger", t(danger)] : null, clause ? ["clause", clause] : null,
  ];
}

function answerRows({ place, sinceWords, known }) {
  return [["place", place], ["since_words", sinceWords], ["known", known]].filter(([, answer]) => answer);
}

/** What some see, in rows. */
function seen(title, rows) {
  const told = rows.filter((row) => row !== null && row[1] !== "");
  return h("section.seen", {},
    h("h2", {}, mark(title === "check_server" ? "person" : "check"), t(title)),
    h("dl", {}, told.map(([name, value]) => [h("dt", {}, t(name)), h("dd", {}, value)])));
}

