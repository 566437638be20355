/** A verdict as people read it: one sentence, whom and what it is about, each check in words, and the keys it rests on. */

import { h } from "../app/dom.js";
import { mark, seal } from "../app/marks.js";
import { Status } from "../protocol/verdicts.js";
import { parseKeys } from "../protocol/keys.js";
import { facts } from "./frame.js";
import { momentOf } from "../app/speaking.js";
import { ledgersOf } from "./trusting.js";
import { t } from "./words.js";

const TONES = {
  [Status.VERIFIED]: ["jade", "whole", "verified"],
  [Status.CONSISTENT_BUT_UNTRUSTED]: ["amber", "open", "untrusted"],
  [Status.BROKEN]: ["cinnabar", "broken", "broken"],
};

/**
 * The whole verdict. `signed` is the entry that says who signed; null where there is none to read.
 * @param {import("../protocol/verdicts.js").Verdict} verdict
 * @param {{entry: object | null, trust: import("./trusting.js").Trust | null, more?: (() => unknown) | null}} about
 */
export function verdictCard(verdict, { entry, trust, more = null }) {
  const [tone, kind, word] = TONES[verdict.status];
  const isInk = entry?.data.way === "INK";
  return h("section.verdict", { id: "verdict", data: { tone, status: verdict.status }, role: "status", tabIndex: -1 },
    h("h2", {}, seal(kind), t(isInk && word === "verified" ? "verified_ink" : word)),
    h("p", {}, t(`${word}_text`, { where: verdict.failed ? t(`check_${verdict.failed.name}`) : "" })),
    // Of what is broken nothing is said as if it were so.
    entry === null || word === "broken" ? null : [told(entry), h("div.actions", {},
      h("a.button", { id: "now", href: `/commitments/${entry.data.mine}?year=${entry.data.year}` }, t("see_now")))],
    // What was not looked at because something before it failed says nothing more.
    h("ol.checks", {}, verdict.checks.filter(({ ok }) => ok !== null || !verdict.failed).map(line)),
    trustLine(trust),
    h("details", {}, h("summary", {}, t("details")),
      h("dl.narrow", { lang: "en" }, verdict.checks.map(({ name, detail }) => [h("dt", {}, name), h("dd", {}, detail)]))),
    more?.());
}

function told({ at, data }) {
  return facts(
    [t("mine"), data.mine_name], [t("year"), String(data.year)], [t("principal"), data.principal_name],
    [t("signed_at"), momentOf(at)], [t("way"), t(`way_${data.way}`)],
    [t("digest"), h("span.hash", {}, data.digest.replace(/.{8}(?=.)/g, "$& "))],
  );
}

function line({ name, ok, detail }) {
  const [tone, sign, word] = ok === null ? ["amber", "wait", "not_made"] : ok ? ["jade", "check", "held"] : ["cinnabar", "cross", "failed"];
  return h("li", { data: { tone } }, mark(sign),
    h("div", {}, h("b", {}, t(`check_${name}`)), " ", h("span.quiet", {}, t(word)),
      ok === true ? null
        : name === "key" && ok === null ? h("p.detail", {}, t("key_elsewhere"))
          : h("p.detail", { lang: "en" }, detail)));
}

/** Against which keys: of which log, since when they are known here, and from where. */
function trustLine(trust) {
  if (trust === null) return h("p.quiet", {}, t("trust_none"));
  const told = { origin: parseKeys(trust.document).origin, since: momentOf(trust.since), ids: ledgersOf(trust).join("、") };
  return h("p.quiet", { id: "trust" }, t(`trust_${trust.from}`, told));
}
