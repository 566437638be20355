/** One alert as the desk shows it: what happened, where, since when, what follows, and who has it. */

import { h } from "../app/dom.js";
import { sentence } from "../app/frame.js";
import { ago, dayOf, moment } from "./hours.js";
import { t } from "./words.js";

/** What it is, in a few words. */
export function title(incident) {
  return `${t(incident.kind)}${incident.mine ? ` · ${incident.mine.name}` : ""}`;
}

const pair = (name, ...told) => [h("dt", {}, name), h("dd", {}, told)];

function followsOf(climb) {
  if (!climb?.nextAt) return null;
  return pair(t("next"), t("next_is", { time: moment(climb.nextAt), who: t(`rung_${climb.rung}`) }));
}

/** Of a refusal: where, for which shift, and why; it says nothing of who refused. */
function refusedOf(refused) {
  if (refused === null) return null;
  return [
    pair(t("place"), refused.place),
    pair(t("shift"), t("shift_of", { day: dayOf(refused.day), shift: t(refused.shift) })),
    refused.danger === null ? null : pair(t("danger"), t(refused.danger)),
    refused.clause === "" ? null : pair(t("clause"), refused.clause),
  ];
}

function otherChains(incident, chain) {
  return incident.climbs
    .filter((climb) => climb.chain !== chain)
    .map((climb) => pair(t(climb.chain), climb.takenAt === null ? t("not_yet") : takenBy(climb)));
}

function takenBy(climb) {
  return t("taken_by", { who: climb.taker?.name ?? t("somebody"), time: moment(climb.takenAt) });
}

/** The card of one incident; `take`, where there is one, is offered to somebody of this chain. */
export function incidentCard(incident, { chain, waits, take, taking }) {
  const own = incident.climbs.find((climb) => climb.chain === chain);
  const open = incident.endedAt === null;
  const tone = open ? (waits && incident.urgent ? "cinnabar" : incident.urgent ? "jade" : "amber") : null;
  const head = h("h3", {}, incident.drill ? h("span.drill", {}, t("drill")) : null, incident.kind === "DRILL" ? null : t(incident.kind));
  const place = h("p.place", {}, incident.mine?.name ?? t("no_mine"));
  const facts = h(
    "dl",
    {},
    refusedOf(incident.refused),
    pair(t("happened"), ago(incident.happenedAt)),
    waits ? followsOf(own) : null,
    otherChains(incident, chain),
    waits && incident.article ? pair(t("basis"), incident.article) : null,
  );
  return h(
    "article.incident",
    { data: tone === null ? {} : { tone }, class: waits ? null : "quietly", id: `incident-${incident.uuid}` },
    head,
    place,
    incident.kind === "REPORT_OF_DANGER" && open ? h("p", {}, t("to_be_read")) : null,
    facts,
    incident.joined > 0 ? h("p.quiet", {}, t("joined", { count: incident.joined })) : null,
    own && own.takenAt !== null ? sentence({ text: takenBy(own), tone: "jade", mark: "check" }) : null,
    incident.endedAt === null ? null : h("p.quiet", {}, t("ended_at", { time: moment(incident.endedAt) })),
    waits && take !== null
      ? h(
          "button",
          { type: "button", disabled: taking !== null, on: { click: () => take(incident) } },
          taking === incident.uuid ? t("taking") : t("take"),
        )
      : null,
  );
}
