/** Where the page begins on which an authority sees all its mines: who signed, who has not and why, how clauses stand. */

import { h } from "../app/dom.js";
import { today } from "../app/speaking.js";
import { act, again, notice, sentence, show } from "./frame.js";
import { showKeys } from "./keys.js";
import { enter, sentenceOf, signOut } from "./session.js";
import { t } from "./words_inside.js";

const MOST = 1_000;
const QUERY = `query($year: Int!) {
  commitmentOverview(year: $year, first: ${MOST}) {
    edges { node { uuid name county status cause signed { byInk } kept notYet late notMet broken undecided } }
    pageInfo { hasNextPage }
  }
  divisions { code name }
}`;
const STATUS = { OVERDUE: ["cinnabar", "cross"], UNSIGNED: ["amber", "wait"], SIGNED: ["jade", "check"], NOT_ASKED: ["amber", "wait"] };
const FIGURES = [["kept", "kept"], ["not_yet", "notYet"], ["late", "late"], ["not_met", "notMet"], ["broken", "broken"], ["undecided", "undecided"]];
/** Whose verbs have it that they see in person whose key it is (电子签名法13). */
const CHECKERS = ["INSPECTOR", "LEAD"];
const thisYear = Number(today().slice(0, 4));

/** What is shown: whose line it is and whether he checks keys, the year, what was read, and which of it is wanted. */
const page = { line: null, checks: false, year: thisYear, read: null, only: null, trouble: null };

function view() {
  const { read, year, trouble } = page;
  return {
    title: t("overview"), kicker: t("overview_kicker", { year }), wide: true,
    content: trouble ? notice("amber", null, trouble, act(t("again"), () => readYear(year), { primary: false }), signOut(page.line))
      : read === null ? h("p", { role: "status" }, t("loading"))
        : read.mines === null ? notice("amber", null, t("not_yours"), signOut(page.line))
          : whole(read),
  };
}

function whole({ mines, names, more }) {
  const shown = mines.filter(({ status }) => page.only === null || status === page.only);
  const other = page.year === thisYear ? thisYear + 1 : thisYear;
  return [
    choices(mines),
    shown.length === 0 ? h("p", { role: "status" }, t("nobody")) : table(shown, names),
    more ? h("p.quiet", {}, t("only_first")) : null,
    h("p.quiet", {}, t("whose_word")),
    h("div.actions", {}, act(t("other_year", { year: other }), () => readYear(other), { primary: false }), signOut(page.line)),
  ];
}

/** How many are how; pressed, only those are shown. */
function choices(mines) {
  const choice = (code, words) => {
    const click = () => {
      page.only = code;
      again();
    };
    return h("button", { type: "button", id: `only-${code ?? "all"}`, aria: { pressed: String(page.only === code) }, on: { click } }, words);
  };
  const count = (code) => mines.filter(({ status }) => status === code).length;
  return h("div.fields", { role: "group", aria: { label: t("show") } },
    choice(null, t("all", { count: mines.length })),
    Object.keys(STATUS).map((code) => choice(code, t("counted", { words: t(`status_${code}`), count: count(code) }))));
}

function table(mines, names) {
  const head = ["mine", "county", "status"].map((name) => h("th", { scope: "col" }, t(name)));
  const figures = FIGURES.map(([name]) => h("th.figures", { scope: "col" }, t(name)));
  return h("table", {},
    h("thead", {}, h("tr", {}, head, figures)),
    h("tbody", {}, mines.map((mine) => row(mine, names))));
}

function row(mine, names) {
  const [tone, sign] = STATUS[mine.status];
  const why = mine.cause && mine.status !== "NOT_ASKED" ? t(`cause_${mine.cause}`) : mine.signed?.byInk ? t("by_ink") : null;
  const cell = (name, ...told) => h("td", { data: { name: t(name) } }, h("div", {}, told));
  return h("tr", { data: { mine: mine.uuid, status: mine.status } },
    cell("mine", h("a", { href: `/commitments/${mine.uuid}?year=${page.year}` }, mine.name),
      page.checks ? h("div", {}, h("button.link", { type: "button", id: `keys-${mine.uuid}`, on: { click: () => keysOf(mine) } }, t("signing_keys"))) : null),
    cell("county", names.get(mine.county) ?? mine.county),
    cell("status", sentence(tone, sign, t(`status_${mine.status}`)), why === null ? null : h("p.quiet", {}, why)),
    FIGURES.map(([name, member]) => h("td.figures", { data: { name: t(name), tone: toneOf(member, mine[member]) } }, figure(mine, member))));
}

/** Where nothing was signed nothing was promised, and a nought would say that all was counted. */
function figure(mine, member) {
  return mine.signed === null && member !== "undecided" ? "—" : String(mine[member]);
}

function keysOf(mine) {
  return showKeys({ line: page.line, mine, back: () => readYear(page.year) });
}

function toneOf(member, count) {
  if (count === 0) return "plain";
  return { broken: "cinnabar", late: "cinnabar", notMet: "cinnabar", notYet: "amber", undecided: "amber" }[member] ?? "plain";
}

async function readYear(year) {
  Object.assign(page, { year, read: null, trouble: null });
  show(view);
  try {
    const { commitmentOverview: found, divisions } = await page.line.ask(QUERY, { year });
    const names = new Map(divisions.map(({ code, name }) => [code, name]));
    const order = Object.keys(STATUS);
    const mines = found?.edges.map(({ node }) => node).sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
    page.read = { mines: mines ?? null, names, more: found?.pageInfo.hasNextPage };
  } catch (error) {
    page.trouble = sentenceOf(error);
  }
  again();
}

function begin() {
  enter({
    title: () => t("overview"), lead: () => t("overview_lead"),
    then: async (line, who) => {
      Object.assign(page, { line, checks: who.roles.some((role) => CHECKERS.includes(role)) });
      await readYear(thisYear);
    },
  });
}

begin();
