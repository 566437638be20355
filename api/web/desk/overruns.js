/** Deadlines that ran out, as the desk shows them: which, in what matter, since when; those that are alike as one. */

import { h } from "../app/dom.js";
import { short } from "../app/format.js";
import { deadline } from "./deadlines.js";
import { ago, dayOf, sinceDay } from "./hours.js";
import { t } from "./words.js";

/** What makes two of them alike: the same deadlines, in the same kind of matter, at the same mine. */
function likeness(incident) {
  const told = incident.overruns.map((one) => `${one.matter} ${one.key}`);
  return JSON.stringify([incident.mine?.name ?? null, incident.drill, ...new Set(told)]);
}

/** The alerts in groups of alike ones, in the order in which they came. */
export function grouped(incidents) {
  const groups = new Map();
  for (const one of incidents) {
    const key = likeness(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function late(one) {
  const number = h("span.figures", { title: one.subjectId }, short(one.subjectId.replaceAll("-", "")));
  const ends = one.overruns[0]?.ends ?? null;
  const told = ends === null ? ago(one.happenedAt) : t("ended_on", { day: dayOf(ends), since: sinceDay(ends) });
  return h("li", {}, h("span", {}, t(one.overruns.length > 0 ? `matter_${one.overruns[0].matter}` : "matter"), " ", number), h("span.quiet", {}, told));
}

/** One card for alike ones: which deadline it is, by what, and each matter with its number. */
export function overrunCard(alike) {
  const [first] = alike;
  const known = [...new Map(first.overruns.map((one) => [one.key, one])).values()];
  return h(
    "article.incident",
    { data: { tone: "amber" }, id: `incident-${first.uuid}` },
    h("h3", {}, t("CLOCK_OVERRUN"), alike.length > 1 ? h("span.figures", {}, t("times", { count: alike.length })) : null),
    known.map((one) => h("p.place", {}, deadline(one))),
    first.mine === null ? null : h("p", {}, first.mine.name),
    h("ul.late", {}, alike.map(late)),
    known.length > 0 ? h("dl", {}, h("dt", {}, t("basis")), h("dd", {}, [...new Set(known.map((one) => one.article))].join("；"))) : null,
  );
}
