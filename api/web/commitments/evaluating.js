/** What a mine says of each clause: shown to everybody of the mine, and written by its clerk, clause by clause. */

import { h } from "../app/dom.js";
import { dayOf, language } from "../app/speaking.js";
import { act, sentence } from "./frame.js";
import { t } from "./words_inside.js";

const TONES = {
  OPEN: ["amber", "wait"], MET: ["jade", "check"], NOT_YET: ["amber", "wait"], DAY_PASSED: ["cinnabar", "cross"],
  NOT_MET: ["cinnabar", "cross"],
};
const OUTCOMES = ["MET", "NOT_YET", "NOT_MET"];

/**
 * One clause, what was said of it, what speaks against it; with `save`, the form of the clerk.
 * @param {object} line
 * @param {number} number
 * @param {{year: number, draft: object | null, save: ((answer: object) => void) | null, redraw: () => void,
 *   begin: () => void, leave: () => void}} about
 */
export function clauseCard({ clause, own, standing, answer, contradictions }, number, { year, draft, save, redraw, begin, leave }) {
  const [tone, sign] = TONES[standing];
  const said = answer === null ? {} : { day: answer.byDay ? dayOf(answer.byDay) : "", measure: answer.measure ?? "" };
  return h("article.clause", { id: clause.key, data: { tone, standing } },
    h("h3", {}, h("span.number", {}, String(number)), h("span", {}, clause.says[language()])),
    h("p.quiet", {}, clause.condition.words[language()], own ? [" ", h("span.tag", {}, t("own"))] : null),
    sentence(tone, sign, t(`said_${standing}`, said)),
    answer?.words ? h("p", {}, answer.words) : null,
    answer?.evidence.length > 0 ? h("p.quiet", {}, t("evidence_named", { count: answer.evidence.length })) : null,
    contradictions.map(({ kind, day, words }) => h("p.state", { data: { tone: "cinnabar" } }, t(`against_${kind}`, { day: dayOf(day), words }))),
    draft !== null ? form(clause.key, draft, { year, save, redraw, leave })
      : save === null ? null
        : h("div.actions", {}, act(t(standing === "OPEN" ? "answer" : "answer_again"), begin, { primary: false, id: `answer-${clause.key}` })));
}

function form(key, draft, { year, save, redraw, leave }) {
  const change = (name) => (event) => {
    draft[name] = event.target.value;
  };
  const choice = (code) => {
    const chosen = () => {
      draft.outcome = code;
      redraw();
    };
    const input = h("input", { type: "radio", name: `outcome-${key}`, id: `${key}-${code}`, checked: draft.outcome === code, on: { change: chosen } });
    return h("label.choice", {}, input, t(`outcome_${code}`));
  };
  const field = (name, words, element) => h("div.field", {}, h("label", { htmlFor: `${key}-${name}` }, words), element);
  const notYet = draft.outcome === "NOT_YET";
  const submit = (event) => {
    event.preventDefault();
    save({ key, outcome: draft.outcome, words: draft.words, evidenceIds: named(draft.evidence), ...(notYet ? { byDay: draft.byDay, measure: draft.measure } : {}) });
  };
  return h("form", { on: { submit } },
    h("fieldset", {}, h("legend", {}, t("outcome")), h("div.choices", {}, OUTCOMES.map(choice))),
    !notYet ? null : [
      field("byDay", t("by_day"), h("input", { id: `${key}-byDay`, type: "date", required: true, max: `${year}-12-31`, value: draft.byDay, on: { input: change("byDay") } })),
      field("measure", t("measure"), h("textarea", { id: `${key}-measure`, required: true, maxLength: 1_000, rows: 2, value: draft.measure, on: { input: change("measure") } })),
    ],
    field("words", t(draft.outcome === "NOT_MET" ? "why" : "words"), h("textarea", {
      id: `${key}-words`, required: draft.outcome === "NOT_MET", maxLength: 1_000, rows: 2, value: draft.words, on: { input: change("words") },
    })),
    h("div.field", {}, h("label", { htmlFor: `${key}-evidence` }, t("evidence")),
      h("p.hint", { id: `${key}-evidence-hint` }, t("evidence_hint")),
      h("textarea.code.few", {
        id: `${key}-evidence`, rows: 2, maxLength: 2_000, spellcheck: false, autocapitalize: "none", autocomplete: "off",
        aria: { describedby: `${key}-evidence-hint` }, value: draft.evidence, on: { input: change("evidence") },
      })),
    h("div.actions", {}, h("button", { type: "submit", id: `save-${key}` }, t("save")),
      act(t("leave"), leave, { primary: false, id: `leave-${key}` })));
}

/** The numbers of pieces, one to a line or with anything between them but letters and digits. */
function named(text) {
  return text.toLowerCase().split(/[^0-9a-z-]+/).filter((one) => one !== "");
}

/** What a clerk begins from: what was said last. */
export function draftOf(answer) {
  const { outcome = "MET", byDay = "", measure = "", words = "", evidence = [] } = answer ?? {};
  return { outcome, byDay: byDay ?? "", measure: measure ?? "", words: words ?? "", evidence: evidence.join("\n") };
}
