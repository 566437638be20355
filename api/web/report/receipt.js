/** The receipt: made, shown in groups until its last one was typed back, and only then is anything filed. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { line, toFirstFault } from "./fields.js";
import { stageAfter } from "./failing.js";
import { alarms, begin, file, goesAtOnce } from "./filing.js";
import { letGo } from "./gallery.js";
import { act, again, leave, notice, show, working } from "./frame.js";
import { hourOf } from "./speaking.js";
import { failureOf } from "./telling.js";
import { t } from "./words.js";

const TRIES = 3;

/** Makes a receipt for a draft. @param {() => void} back to the draft @param {() => void} home */
export async function makeReceipt(draft, back, home) {
  show(() => ({ title: t("receipt_title"), content: working(t("making")) }));
  let begun;
  try {
    begun = await begin(draft.form);
  } catch (error) {
    return failed(error, { text: t("failed_nothing"), retry: () => makeReceipt(draft, back, home), back });
  }
  shown({ draft, begun, home, back, left: TRIES, differs: false, read: null });
}

function shown(state) {
  const { receipt } = state.begun;
  const [first, ...rest] = receipt.groups();
  const group = (text) => h("li", {}, text);
  show(() => ({
    title: t("receipt_title"),
    content: [
      state.differs ? notice(lengthTold(state) + t("receipt_differs", { left: state.left }), { tone: "amber" }) : null,
      h("ol.receipt", { data: { form: receipt.form } }, group(first), rest.map(group)),
      h("p", {}, t("receipt_keep")),
    ],
    actions: [act(t("written"), () => typedBack(state))],
  }));
}

/** What was typed is told only by its length: he looks at his paper. */
function lengthTold({ begun: { receipt }, read }) {
  return read === null ? "" : t("receipt_last_length", { at: read, length: receipt.groups().at(-1).length });
}

function typedBack(state) {
  const form = { draft: { last: "" }, faults: {} };
  const { receipt } = state.begun;
  const submit = (event) => {
    event?.preventDefault();
    if (receipt.endsWith(form.draft.last)) return filing(state);
    if (state.left === 1) return givenUp(state);
    shown({ ...state, left: state.left - 1, differs: true, read: receipt.lengthOf(form.draft.last) });
  };
  const what = t(receipt.form === "D" ? "typed_D" : "typed_W");
  const more = { inputMode: receipt.form === "D" ? "numeric" : "text", maxLength: 12 };
  show(() => ({
    title: t("typed_title"),
    back: () => shown(state),
    content: h("form", { on: { submit } },
      line(form, "last", { label: t("typed_label", { what }), hint: t("typed_text") }, more)),
    actions: [act(t("file_now"), submit), act(t("show_again"), () => shown(state), { primary: false })],
  }));
  toFirstFault({ faults: { last: "" } });
}

function givenUp({ home, back }) {
  const actions = () => [act(t("home"), home), act(t("to_draft"), back, { primary: false })];
  show(() => ({ title: t("failed_title"), content: notice(t("receipt_given_up")), actions: actions() }));
}

async function filing(state) {
  const { draft, begun } = state;
  let told = ["encrypting", {}];
  show(() => ({ title: t("file_now"), content: working(t(...told)) }));
  const progress = (code, parameters = {}) => {
    told = [code, parameters];
    again();
  };
  try {
    const filed = await file(draft, begun, progress);
    done(state, filed);
  } catch (error) {
    const stage = stageAfter(begun, error);
    const retry = stage === "over" ? null : () => filing(state);
    failed(error, { text: t(`paper_${stage}`), retry, back: ["nothing", "over"].includes(stage) ? state.back : null });
  }
}

function failed(error, { text, retry, back }) {
  show(() => ({
    title: t("failed_title"),
    content: [notice(failureOf(error)), h("p", {}, text)],
    actions: [
      retry === null ? null : act(t("try_again"), retry),
      back === null ? null : act(t("to_draft"), back, { primary: retry === null }),
    ],
  }));
}

function done({ draft, begun, home }, filed) {
  const whom = () => t(`at_once_${alarms(draft)}`);
  const when = () => t(goesAtOnce(draft) ? "done_at_once" : "done_when", { hour: hourOf(filed.nextHour), whom: whom() });
  letGo(draft.attached);
  // What was written is let go: it is with those for whom it was meant, and the receipt is on paper.
  Object.assign(draft, { words: "", attached: [], name: "", number: "", contact: "" });
  Object.assign(begun, { receipt: null, keys: null, prepared: null });
  show(() => ({
    title: t("done_title"),
    content: [
      h("p.state.large", { data: { tone: "jade" } }, mark("check"), h("span", {}, t("done_state"))),
      h("p", {}, when()),
      h("p", {}, t("done_next")),
      h("p.quiet", {}, t("done_clean")),
    ],
    actions: [act(t("leave"), leave), act(t("home"), home, { primary: false })],
  }));
}
