/** Where the duty desk begins: signing in, and then what waits, who answers, and the line's state, as they change. */

import { Refused, Unreachable } from "../pithead.js";
import { h } from "../app/dom.js";
import { bar, languageSwitch, notice, say } from "../app/frame.js";
import { brandMark } from "../app/marks.js";
import { language, speak } from "../app/words.js";
import { clock } from "./hours.js";
import { incidentCard, title } from "./incidents.js";
import { Line } from "./line.js";
import { grouped, overrunCard } from "./overruns.js";
import { duty } from "./roster.js";
import { Bell } from "./bell.js";
import { t } from "./words.js";

const root = document.getElementById("desk");
const bell = new Bell();
const PAGE = crypto.randomUUID();
/** What is shown: the line, the last answer, since when it is lost, and which alert is being taken. */
const desk = { line: null, shown: null, lostAt: null, taking: null };

/** An act of the person: done, and told; or told why not. */
async function doing(act, done) {
  try {
    await act();
    say(done);
    await read();
    return true;
  } catch (error) {
    say(sentenceOf(error), "cinnabar");
    return false;
  }
}

function sentenceOf(error) {
  if (error instanceof Refused) return error.sentence;
  if (error instanceof Unreachable) return t("offline_sign_in");
  return t("unknown", { what: error?.message ?? error });
}

/** Asks what stands now; a hint that comes meanwhile asks once more. */
let reading = null;
let again = false;
async function read() {
  if (reading !== null) {
    again = true;
    return reading;
  }
  reading = (async () => {
    do {
      again = false;
      desk.shown = await desk.line.desk();
      desk.lostAt = null;
    } while (again);
  })();
  try {
    await reading;
  } finally {
    reading = null;
    draw();
  }
}

const waits = (incident) => incident.endedAt === null && mine(incident)?.takenAt === null;
const mine = (incident) => incident.climbs.find((climb) => climb.chain === desk.shown.duty.chain);

function waiting() {
  const found = desk.shown.incidents.filter(waits);
  return found.sort((one, other) => Number(other.urgent) - Number(one.urgent) || one.raisedAt.localeCompare(other.raisedAt));
}

async function take(incident) {
  desk.taking = incident.uuid;
  draw();
  await doing(() => desk.line.take(incident.uuid), t("took", { what: title(incident) }));
  desk.taking = null;
  draw();
}

function draw() {
  if (desk.line === null || desk.shown === null) return;
  const typed = root.querySelector("form textarea");
  if (typed && (typed.value !== "" || root.contains(document.activeElement?.closest("form")))) {
    refresh(typed.closest("details"));
    return;
  }
  refresh(null);
}

/** Draws the desk anew; what somebody is writing in keeps standing. */
function refresh(kept) {
  const open = waiting();
  const others = desk.shown.incidents.filter((one) => !open.includes(one));
  const [still, ended] = [others.filter((one) => one.endedAt === null), others.filter((one) => one.endedAt !== null)];
  const [taken, calm] = [still.filter((one) => one.urgent), still.filter((one) => !one.urgent)];
  const late = calm.filter((one) => one.kind === "CLOCK_OVERRUN");
  const card = (incident) =>
    incidentCard(incident, {
      chain: desk.shown.duty.chain,
      waits: open.includes(incident),
      take: incident === open[0] ? null : take, // The first is taken at the thumb.
      taking: desk.taking,
    });
  const first = open[0];
  const side = duty(desk.shown.duty, { line: desk.line, doing, kept });
  root.replaceChildren(
    h(
      "div.page.desk",
      {},
      head(),
      h(
        "main",
        {},
        h(
          "section.column",
          { aria: { live: "polite" } },
          desk.lostAt === null ? null : notice("amber", t("lost"), t("lost_text", { time: clock(desk.lostAt) })),
          h("p.quiet", {}, t("beijing")),
          h("h2", {}, t("waiting"), h("span.figures", {}, open.length > 0 ? String(open.length) : "")),
          open.length === 0 ? h("div", {}, h("p", {}, t("none")), h("p.quiet", {}, t("none_text"))) : open.map(card),
          taken.length > 0 ? [h("h2", {}, t("taken")), taken.map(card)] : null,
          calm.length > 0 ? [h("h2", {}, t("reminders")), h("p.quiet", {}, t("reminders_text"))] : null,
          grouped(late).map(overrunCard),
          calm.filter((one) => !late.includes(one)).map(card),
          ended.length > 0 ? [h("h2", {}, t("ended")), ended.slice(0, 10).map(card)] : null,
        ),
        side,
      ),
      first === undefined
        ? null
        : bar(
            h(
              "button.primary",
              { type: "button", disabled: desk.taking !== null, on: { click: () => take(first) } },
              desk.taking === first.uuid ? t("taking") : t("take_one", { what: title(first) }),
            ),
          ),
    ),
  );
  const loud = open.some((one) => one.urgent);
  bell.ring(loud);
  document.title = `${open.length > 0 ? `(${open.length}) ` : ""}${t("desk")} · ${t("name")}`;
}

function head() {
  const state = desk.lostAt === null ? "online" : "offline";
  const button = (name, words, click) => h(`button.link.${name}`, { type: "button", on: { click } }, words);
  return h(
    "header",
    {},
    h("span.brand", {}, brandMark(28), h("b", {}, t("desk"))),
    seatChoice(),
    h("span.grow"),
    languageSwitch(speakAnew),
    h("span.line", { data: { line: state } }, h("i", { aria: { hidden: "true" } }), t(state === "online" ? "live_short" : "lost_short")),
    button("ring", t(bell.on ? "ring_on" : "ring_off"), () => {
      bell.on = !bell.on;
      draw();
    }),
    button("out", t("sign_out"), leave),
  );
}

/** Draws everything in the other language; what somebody is writing is carried over. */
function speakAnew() {
  desk.line.server.language = language();
  const form = root.querySelector("details.handing");
  const [open, typed, to] = [form?.open ?? false, form?.querySelector("textarea").value, form?.querySelector("select").value];
  refresh(null);
  const anew = root.querySelector("details.handing");
  if (form === null || anew === null) return;
  anew.open = open;
  anew.querySelector("textarea").value = typed;
  anew.querySelector("select").value = to;
}

/** The seat; whoever answers for several chooses which he sees. */
function seatChoice() {
  const { seats, place } = desk.line;
  if (seats.length < 2) return h("span.where", {}, t("seat", { name: place }));
  const change = (event) => {
    desk.line.sit(seats[event.target.selectedIndex]);
    void read().catch(() => {});
  };
  const choice = seats.map((one) => h("option", { selected: one.name === place }, t("seat", { name: one.name })));
  return h("select.where", { aria: { label: t("which_seat") }, on: { change } }, choice);
}

async function leave() {
  bell.ring(false);
  await desk.line.signOut();
  Object.assign(desk, { line: null, shown: null, lostAt: null });
  showSignIn();
}

/** Somebody is here: read, follow, and say every twenty seconds that the page is awake. */
async function begin(line) {
  if (line.seat === null) {
    await line.signOut();
    showSignIn(t("no_seat"));
    return;
  }
  desk.line = line;
  await read();
  void line.follow({
    heard: () => read().catch(() => {}),
    lost: () => {
      desk.lostAt ??= Date.now();
      draw();
    },
  });
  void stayAwake(line);
  const minutes = setInterval(() => (line.ended ? clearInterval(minutes) : draw()), 15_000);
}

async function stayAwake(line) {
  for (let seconds = 20; !line.ended; ) {
    seconds = await line.awake(PAGE).catch(() => 5); // A sign that got lost is given again sooner.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

function showSignIn(trouble = null) {
  document.title = `${t("desk")} · ${t("name")}`;
  const login = h("input", { id: "login", name: "login", autocomplete: "username", autocapitalize: "none", spellcheck: false, required: true });
  const password = h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
  const button = h("button.primary", { type: "submit" }, t("sign_in"));
  const fault = h("div", { role: "alert" }, trouble === null ? null : notice("cinnabar", null, trouble));
  const submit = async (event) => {
    event.preventDefault();
    bell.allow(); // Browsers let a page sound only after somebody has touched it.
    button.disabled = true;
    button.textContent = t("signing_in");
    const line = new Line({ language: language() });
    try {
      await line.signIn(login.value, password.value);
      await begin(line);
    } catch (error) {
      fault.replaceChildren(notice("cinnabar", null, sentenceOf(error)));
      button.disabled = false;
      button.textContent = t("sign_in");
    }
  };
  root.replaceChildren(
    h(
      "form.page",
      { on: { submit }, method: "post" },
      h("header", {}, h("span.grow"), languageSwitch(() => showSignIn(trouble))),
      h(
        "main.signin",
        {},
        h("div.title", {}, brandMark(56), h("h1", {}, t("desk")), h("p.lead", {}, t("lead"))),
        h("p.quiet", {}, t("lead_text")),
        fault,
        h("label", { htmlFor: "login" }, t("login")),
        login,
        h("label", { htmlFor: "password" }, t("password")),
        password,
      ),
      bar(button),
    ),
  );
}

speak(language());
const line = new Line({ language: language() });
const resumed = await line.resume().catch(() => false);
if (resumed) await begin(line);
else showSignIn();
