/** The thread that a receipt opens: state, what was said, deadlines, who asked for the identity, reward, an answer. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { parseReceipt, ReportMalformed } from "../protocol/reports/reports.js";
import { enter, words } from "./entering.js";
import { line, lines, toFirstFault } from "./fields.js";
import { act, again, notice, say, show, shows, working } from "./frame.js";
import { attachments, letGo } from "./gallery.js";
import { Refused } from "./server.js";
import { dayOf, hourOf, language, withinHour } from "./speaking.js";
import { failureOf } from "./telling.js";
import { t } from "./thread_words.js";
import { answer, claim, read } from "./threads.js";
import { t as said } from "./words.js";

const IDLE = 600_000;
// Steps of a report are told by their hour, those of a refusal by their minute: within an hour these come first.
const BEGINNINGS = ["MADE", "JOINED", "REPORTED"];
const hourNumber = (text) => Math.floor(Date.parse(text) / 3_600_000);

/** Asks for the receipt. @param {() => void} home */
export function askReceipt(home) {
  const form = { draft: { receipt: "" }, faults: {}, trouble: null };
  const view = () => ({
    title: t("enter_title"),
    back: home,
    content: h("form", { on: { submit: open } },
      form.trouble === null ? null : notice(form.trouble),
      lines(form, "receipt", { label: t("enter_label"), hint: t("enter_hint") }, { rows: 3 })),
    actions: [act(t("enter"), open)],
  });
  async function open(event) {
    event.preventDefault();
    Object.assign(form, { faults: {}, trouble: null });
    let receipt;
    try {
      receipt = parseReceipt(form.draft.receipt, await words());
    } catch (error) {
      if (!(error instanceof ReportMalformed)) form.trouble = failureOf(error);
      else form.faults = { receipt: t(`receipt_${error.reason}`, { at: error.at }) };
      again();
      return toFirstFault(form);
    }
    const computing = () => ({ title: t("enter_title"), content: working(t("entering")) });
    show(computing);
    try {
      const thread = await enter(receipt);
      const draft = { answer: "", attached: [], payee: "" };
      const state = { thread, told: await read(thread), home, draft, faults: {}, busy: null };
      form.draft.receipt = ""; // From here on its keys are enough.
      shown(state);
    } catch (error) {
      const unknown = error instanceof Refused && error.code === "RECEIPT_NOT_KNOWN";
      form.trouble = unknown ? t("not_known") : failureOf(error);
      show(view);
    }
  }
  show(view);
}

function shown(state) {
  const view = () => {
    const { told } = state;
    const waits = told.hour === null;
    return {
      title: t(waits ? "state_waits" : `state_${told.state}`),
      kicker: t(`kind_${told.kind}`),
      content: [
        waits ? h("p", {}, t("next_hour", { hour: hourOf(told.nextHour) })) : null,
        told.asks.length > 0 ? notice(t("asks", { days: Math.max(...told.asks) })) : null,
        talk(told), answering(state), rewards(state, view), course(told), clocks(told), identity(told),
      ],
      actions: [
        act(state.busy ?? t("answer"), () => sendAnswer(state, view), { disabled: state.busy !== null }),
        act(t("close"), () => close(state), { primary: false }),
      ],
    };
  };
  show(view);
  keepAwake(state, view);
}

/** After ten minutes without a touch the thread is closed: somebody else may hold the phone by then. */
function keepAwake(state, view) {
  let timer = null;
  const touched = () => {
    clearTimeout(timer);
    if (!shows(view)) return ["pointerdown", "keydown"].forEach((kind) => removeEventListener(kind, touched));
    timer = setTimeout(() => {
      if (!shows(view)) return;
      close(state);
      say(t("closed_idle"));
    }, IDLE);
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched);
  touched();
}

function close(state) {
  Object.assign(state, { thread: null, told: null });
  state.home();
}

function section(title, ...content) {
  return h("section", {}, h("h2", {}, title), content);
}

/** That what he attached is with the server: his words alone would not tell. */
function filesTold(files, arrived) {
  const kinds = ["PHOTO", "VOICE", "OTHER"].map((kind) => [kind, files.filter((one) => one === kind).length]);
  const told = kinds.filter(([, count]) => count > 0).map(([kind, count]) => t(`file_${kind}`, { count }));
  const all = told.join(t("and"));
  return t(arrived === files.length ? "files_arrived" : "files_missing", { all, count: arrived });
}

function talk({ said: messages }) {
  const when = (mine, hour) => (hour === null ? t("waits") : mine ? hourOf(hour) : withinHour(hour));
  const one = ({ mine, hour, words: text, files, arrived }) => h("li", { data: { from: mine ? "you" : "office" } },
    h("p.kicker", {}, `${t(mine ? "you" : "office")} · ${when(mine, hour)}`),
    h("p.said", {}, text ?? t("gone")),
    files.length > 0 ? h("p.hint", {}, filesTold(files, arrived)) : null);
  const answered = messages.some(({ mine }) => !mine);
  const none = answered ? null : h("p.quiet", {}, t("no_answer"));
  return section(t("messages"), h("ol.talk", {}, messages.map(one)), none);
}

/** The state holds a draft and its faults as the form does, so that the same fields serve here. */
function answering(state) {
  return section(t("answer_title"),
    lines(state, "answer", { label: t("answer_label"), hint: t("answer_hint") }, { rows: 4 }),
    attachments(state.draft));
}

async function sendAnswer(state, view) {
  const { answer: text, attached } = state.draft;
  state.faults = text.trim() === "" ? { answer: t("answer_missing") } : {};
  if (state.faults.answer) {
    again();
    return toFirstFault(state);
  }
  await doing(state, view, said("encrypting"), async () => {
    const progress = (code, parameters) => {
      state.busy = said(code, parameters);
      if (shows(view)) again();
    };
    const { nextHour } = await answer(state.thread, state.told, { words: text, attached, progress });
    letGo(attached);
    Object.assign(state.draft, { answer: "", attached: [] });
    say(t("answered", { hour: hourOf(nextHour) }));
  });
}

/** An act of the reporter, and then the thread as it stands; what goes wrong is said, and what he wrote stays. */
async function doing(state, view, busy, task) {
  state.busy = busy;
  again();
  try {
    await task();
    state.told = await read(state.thread);
  } catch (error) {
    say(failureOf(error));
  }
  state.busy = null;
  if (shows(view)) again();
}

function rewards(state, view) {
  const { rewards: found } = state.told.matters;
  if (found.length === 0) return null;
  const yuanOf = (reward) => (Number(reward.amount) / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });
  const claiming = (reward) => {
    state.faults = state.draft.payee?.trim() ? {} : { payee: t("payee_missing") };
    if (state.faults.payee) return again();
    return doing(state, view, said("filing"), async () => {
      await claim(state.thread, reward, state.draft.payee.trim());
      say(t("claimed", { yuan: yuanOf(reward) }));
    });
  };
  const one = (reward) => h("li", {},
    h("p", {}, h("b", {}, t("yuan", { yuan: yuanOf(reward) }))),
    h("p", {}, t(`reward_${reward.state}`)),
    reward.words || reward.paidHow ? h("p.hint", {}, reward.paidHow || reward.words) : null,
    reward.state !== "DECIDED" ? null : [
      line(state, "payee", { label: t("payee"), hint: t("payee_hint") }),
      act(t("claim"), () => claiming(reward), { primary: false, disabled: state.busy !== null }),
    ]);
  return section(t("rewards"), h("ol.plain", {}, found.map(one)));
}

const articleOf = ({ article, articleEn }) => (language() === "en" ? articleEn ?? article : article);

function course({ steps, matters }) {
  const rows = [
    ...steps.map((step) => ({
      at: step.hour, when: withinHour(step.hour), what: t(`state_${step.kind}`), order: 1,
      more: [step.passedTo ? t("passed_to", { who: step.passedTo }) : null, articleOf(step)],
    })),
    ...matters.steps.map(({ of, kind, at, words: text }) => ({
      at, when: hourOf(at), what: `${t(`of_${of}`)} · ${t(`matter_${kind}`)}`, more: [text],
      order: BEGINNINGS.includes(kind) ? 0 : 2,
    })),
  ].sort((one, other) => hourNumber(one.at) - hourNumber(other.at) || one.order - other.order);
  if (rows.length === 0) return null;
  const row = ({ when, what, more }) => h("li", {},
    h("p.kicker", {}, when), h("p", {}, what), more.filter(Boolean).map((text) => h("p.hint", {}, text)));
  return section(t("course"), h("ol.plain", {}, rows.map(row)));
}

function clocks({ clocks: found }) {
  if (found.length === 0) return null;
  const how = ({ met, overrun, ends }) => {
    if (met) return t("clock_met");
    return overrun ? t("clock_overrun") : t("clock_runs", { ends: dayOf(ends) });
  };
  const row = (clock) => [
    h("dt", {}, t(`clock_${clock.key}`)),
    h("dd", {},
      h("span.how", {}, mark(clock.met ? "check" : "wait"), how(clock)), h("span.hint", {}, articleOf(clock))),
  ];
  return section(t("clocks"), h("dl.rows", {}, found.map(row)));
}

function identity({ identityRequests: found }) {
  if (found.length === 0) return null;
  const told = ({ reason, hour, released }) =>
    t(released ? "identity_released" : "identity_asked", { hour: withinHour(released ?? hour), reason });
  return section(t("identity"), h("ol.plain", {}, found.map((one) => h("li", {}, told(one)))));
}
