/** Where the page begins on which everybody reads what a mine promises, how it stands, and refuses from a clause. */

import { h } from "../app/dom.js";
import { dayOf, language, momentOf, today } from "../app/speaking.js";
import { ask, Unreachable } from "./asking.js";
import { act, again, notice, sentence, show } from "./frame.js";
import { t } from "./words.js";

const QUERY = `query($mine: UUID!, $year: Int!) {
  publishedCommitment(mineId: $mine, year: $year) {
    mineName status cause due signed { uuid way digest signedAt }
    clauses { own byDay measure standing breaches { day since correctedAt } clause { ...whole } }
  }
  clausesFor(mineId: $mine, year: $year) { clauses { own clause { ...whole } } }
}
fragment whole on CommitmentClause {
  key field title { zh en } says { zh en } checked { zh en } otherwise { zh en } article settled
  condition { words { zh en } }
}`;
const FIELDS = ["SYSTEM", "PEOPLE", "DISASTER", "MAIN_SYSTEM", "INVESTMENT"];
const STATUS = { SIGNED: ["jade", "check"], UNSIGNED: ["amber", "wait"], OVERDUE: ["cinnabar", "cross"], NOT_ASKED: ["amber", "wait"] };
const STANDING = {
  KEPT: ["jade", "check"], NOT_YET: ["amber", "wait"], LATE: ["cinnabar", "cross"], NOT_MET: ["cinnabar", "cross"],
  BROKEN: ["cinnabar", "cross"], NONE: ["amber", "wait"],
};
const mine = location.pathname.split("/").at(-1);
const thisYear = Number(today().slice(0, 4));

/** What is shown: the year, what was read of it, and what went wrong. */
const page = { year: askedYear(), read: null, trouble: null };

/** The year that the address asks for, or this one. */
function askedYear() {
  const asked = new URLSearchParams(location.search).get("year");
  return /^20[2-9][0-9]$/.test(asked) ? Number(asked) : thisYear;
}

function view() {
  const { read, year } = page;
  const published = read?.publishedCommitment ?? null;
  return {
    title: published === null ? t("mine_kicker", { year }) : t("mine_title", { name: published.mineName }),
    kicker: published === null ? null : t("mine_kicker", { year }),
    wide: true,
    content: page.trouble ? notice("amber", null, t(page.trouble), act(t("again"), () => readYear(year), { primary: false }))
      : read === null ? h("p", { role: "status" }, t("loading"))
        : published === null ? notice("amber", null, t("unknown_mine"))
          : whole(published),
  };
}

function whole(published) {
  const promised = page.read.clausesFor?.clauses ?? [];
  const clauses = published.clauses.length > 0 ? published.clauses : promised;
  const other = page.year === thisYear ? thisYear + 1 : thisYear;
  return [
    status(published),
    h("p", {}, t("right")),
    published.signed === null ? null : h("p.quiet", {}, t("whose_word")),
    clauses.length === 0 ? notice("amber", null, t("no_clauses", { year: page.year })) : null,
    clauses.length === 0 ? null : h("nav.fields", { aria: { label: t("fields") } }, FIELDS.filter(has(clauses)).map((field) =>
      h("a", { href: `#${field}`, on: { click: (event) => jump(event, field) } }, t(`field_${field}`)))),
    FIELDS.filter(has(clauses)).map((field) => h("section", { id: field },
      h("h2", { tabIndex: -1 }, t(`field_${field}`)),
      h("div.clauses", {}, clauses.map((one, at) => (one.clause.field === field ? card(one, at + 1, published) : null))))),
    h("div.actions", {},
      published.signed === null ? null : proving(published.signed),
      act(t("by_other_year", { year: other }), () => turn(other), { primary: false })),
  ];
}

const has = (clauses) => (field) => clauses.some((one) => one.clause.field === field);

/** Goes to a field without leaving its name in the address, where the way back would stop at it. */
function jump(event, field) {
  event.preventDefault();
  const section = document.getElementById(field);
  section.scrollIntoView();
  section.querySelector("h2").focus({ preventScroll: true });
}

function status({ status: code, cause, due, signed }) {
  const told = { due: dayOf(due), moment: signed ? momentOf(Date.parse(signed.signedAt)) : "", way: signed ? t(`way_${signed.way}`) : "" };
  const [tone, sign] = STATUS[code];
  return h("div", { id: "status" }, sentence(tone, sign, t(`status_${code}`, told)),
    cause === null || code === "NOT_ASKED" ? null : h("p.quiet", {}, t(`cause_${cause}`)));
}

function card({ clause, own, standing = "NONE", byDay = null, measure = null, breaches = [] }, number, { mineName }) {
  const say = (words) => words[language()];
  const [tone, sign] = STANDING[standing];
  const address = new URLSearchParams({ kind: "REFUSAL", mine, name: mineName, key: clause.key, clause: clause.title.zh });
  return h("article.clause", { id: clause.key, data: { tone, standing } },
    h("h3", {}, h("span.number", {}, String(number)), h("span", {}, say(clause.says))),
    sentence(tone, sign, t(`standing_${standing}`, { day: byDay ? dayOf(byDay) : "", measure: measure ?? "" })),
    breaches.map(({ day, since, correctedAt }) => h("p.quiet", {},
      t("broken_on", { day: dayOf(day), since: dayOf(since.slice(0, 10)) }), correctedAt === null ? null : t("corrected"))),
    own ? h("p", {}, h("span.tag", {}, t("own"))) : null,
    h("details", {}, h("summary", {}, t("more")),
      h("dl.narrow", {}, [
        ["condition", say(clause.condition.words)], ["checked", say(clause.checked)],
        ["otherwise", say(clause.otherwise)], ["article", clause.article],
      ].map(([name, told]) => [h("dt", {}, t(name)), h("dd", {}, told)])),
      clause.settled ? null : h("p.quiet", {}, t("unsettled"))),
    h("div.actions", {}, h("a.button.refuse", { href: `/report/#${address}`, rel: "noreferrer" }, t("refuse"))));
}

/** Where everything is that proves it: checked at once, or kept for a check elsewhere. */
function proving({ uuid }) {
  return [
    h("a.button", { id: "check", href: `/commitments/check#${uuid}` }, t("check_it")),
    h("a.button", {
      id: "bundle", href: `/log/commitments/${uuid}`, download: `${page.year}-${uuid.slice(-8)}.commitment.json`,
    }, t("save_bundle")),
  ];
}

/** Another year, by an address of its own. */
function turn(year) {
  history.pushState(null, "", year === thisYear ? location.pathname : `?year=${year}`);
  return readYear(year);
}

async function readYear(year) {
  Object.assign(page, { year, read: null, trouble: null });
  again();
  try {
    page.read = await ask(QUERY, { mine, year });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    page.trouble = "unreached";
  }
  again();
}

addEventListener("popstate", () => readYear(askedYear()));
show(view);
await readYear(page.year);
