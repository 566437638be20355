/** Who answers at this minute, until when, and handing the shift over. */

import { h } from "../app/dom.js";
import { notice } from "../app/frame.js";
import { clock, day } from "./hours.js";
import { t } from "./words.js";

function standing(one, line) {
  const name = one.accountId === line.account.uuid ? t("you", { name: one.account?.name ?? "" }) : one.account?.name ?? t("somebody");
  const state = one.passedOver ?? (one.silent ? "silent" : "awake");
  const tone = state === "awake" ? "jade" : "amber";
  return h("li", {}, h("span", {}, h("span.order", {}, String(one.order + 1)), name), h("span.quiet", { data: { tone } }, t(state)));
}

function until(plans) {
  const now = Date.now();
  const plan = plans.find((one) => Date.parse(one.beginsAt) <= now && now < Date.parse(one.endsAt));
  if (!plan) return null;
  const end = Date.parse(plan.endsAt);
  return h("p.quiet", {}, t("until", { time: `${day(end)} ${clock(end)}` }));
}

function handing(others, { line, doing }) {
  const to = h("select", { id: "to", required: true }, others.map((one) => h("option", { value: one.accountId }, one.account?.name ?? one.accountId)));
  const words = h("textarea", { id: "words", rows: 3, required: true, maxLength: 2000 });
  const submit = async (event) => {
    event.preventDefault();
    if (await doing(() => line.handOver(to.value, words.value), t("given"))) {
      words.value = "";
      words.closest("details").open = false;
    }
  };
  return h(
    "details.handing",
    {},
    h("summary", {}, t("hand_over")),
    h(
      "form",
      { on: { submit }, method: "post" },
      h("label", { htmlFor: "to" }, t("to")),
      to,
      h("label", { htmlFor: "words" }, t("open_words")),
      words,
      h("p.hint", {}, t("open_hint")),
      h("button", { type: "submit" }, t("give")),
    ),
  );
}

/** The column of the roster; `kept` is the form that somebody is writing in, which is not drawn anew. */
export function duty({ now, plans, untaken }, { line, doing, kept }) {
  const others = now.filter((one) => one.accountId !== line.account.uuid);
  const holds = others.length < now.length;
  const toMe = untaken.filter((one) => one.toId === line.account.uuid);
  return h(
    "section.column.duty",
    {},
    h("h2", {}, t("on_duty")),
    toMe.map((one) =>
      notice(
        "amber",
        t("given_to_you", { who: one.giver?.name ?? t("somebody") }),
        one.words,
        h("button", { type: "button", on: { click: () => doing(() => line.takeOver(one.uuid), t("taken_over")) } }, t("take_over")),
      ),
    ),
    now.length === 0 ? h("p.quiet", {}, t("nobody")) : h("ol", {}, now.map((one) => standing(one, line))),
    until(plans),
    holds && others.length > 0 ? (kept ?? handing(others, { line, doing })) : null,
  );
}
