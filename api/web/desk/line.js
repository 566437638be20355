/** The desk's line: signing in without a device, what the desk shows in one question, its acts, and hints as they come. */

import { Refused, Server } from "../pithead.js";

const KEPT = "pithead.desk";
const PAUSES = [1_000, 2_000, 5_000, 10_000];
const SILENCE = 30_000;

const SESSION = "session { accountUuid accessToken refreshToken }";
const WHO = `{ viewer { account { uuid name grants { role division office withdrawnAt } } } divisions { code name } offices { code name } }`;
const ANSWERING = ["DUTY_OFFICER", "INSPECTOR", "LEAD", "AGENCY_HEAD"];
const ON_DUTY = `query($county: String, $office: String) { duty(county: $county, office: $office) { now { accountId } } }`;
const INCIDENT = `uuid kind urgent drill article happenedAt raisedAt joined endedAt subjectId mine { name }
  refused { place day shift danger clause } overruns { matter key article ends }
  climbs { chain rung nextAt takenAt takenBy taker { name } }`;
const DESK = `query Desk($county: String, $office: String) {
  incidents(first: 50) { edges { node { ${INCIDENT} } } }
  duty(county: $county, office: $office) {
    chain now { accountId order passedOver silent account { name } } plans { beginsAt endsAt }
    untaken { uuid toId words givenAt giver { name } } } }`;
const act = (name) => `mutation($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { `;
const PROBLEM = "problem { code message parameters { name value } } } }";

/** The line of one person at one seat. */
export class Line {
  /** @param {{language: string}} options */
  constructor({ language }) {
    this.server = new Server({ url: location.origin, language, patience: 5_000, renew: (server) => this.#renew(server) });
    this.account = null;
    this.seat = null;
    this.seats = [];
    this.ended = false;
  }

  /** Signs in; the desk's session lives as long as this tab. */
  async signIn(login, password) {
    const input = { login, password };
    const { session } = await this.server.asStranger().act(`${act("signIn")}${SESSION} ${PROBLEM}`, input);
    this.#keep(session);
    await this.#whoAmI();
  }

  /** Goes on where this tab was reloaded; false if there is nothing to go on with. */
  async resume() {
    if (sessionStorage.getItem(KEPT) === null) return false;
    try {
      await this.#renew(this.server);
      await this.#whoAmI();
      return true;
    } catch (error) {
      if (error instanceof Refused) sessionStorage.removeItem(KEPT);
      else throw error;
      return false;
    }
  }

  async signOut() {
    this.ended = true;
    sessionStorage.removeItem(KEPT);
    await this.server.ask("mutation { signOut(input: {}) { problem { code } } }").catch(() => {});
  }

  /** What stands on the desk now. */
  async desk() {
    const { incidents, duty } = await this.server.ask(DESK, this.seat);
    return { incidents: (incidents?.edges ?? []).map((edge) => edge.node), duty };
  }

  async take(incidentId) {
    await this.server.act(`${act("takeAlert")}incident { uuid } ${PROBLEM}`, { incidentId });
  }

  async handOver(toId, words) {
    const input = { id: crypto.randomUUID(), toId, words, ...this.seat };
    await this.server.act(`${act("handOverDuty")}handover { uuid } ${PROBLEM}`, input);
  }

  async takeOver(handoverId) {
    await this.server.act(`${act("takeOverDuty")}handover { uuid } ${PROBLEM}`, { handoverId });
  }

  /** Says that the page is awake; the seconds until the next sign. */
  async awake(id) {
    const { againIn } = await this.server.act(`${act("keepDeskAwake")}againIn ${PROBLEM}`, { id });
    return againIn;
  }

  /** Calls `heard` at each hint and `lost` when the line breaks, and comes again until the desk is closed. */
  async follow({ heard, lost }) {
    for (let failures = 0; !this.ended; failures += 1) {
      try {
        await this.#listen(() => {
          failures = 0;
          heard();
        });
      } catch {
        // Told as lost below, and tried again: a cut line is how every line ends one day.
      }
      if (this.ended) return;
      lost();
      await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(failures, PAUSES.length - 1)]));
    }
  }

  async #listen(heard) {
    const stop = new AbortController();
    const cut = () => stop.abort();
    addEventListener("offline", cut);
    // A proxy may keep a dead line open: the server says something every twelve seconds, so silence is an end.
    let timer = setTimeout(() => stop.abort(), SILENCE);
    try {
      await this.awake(crypto.randomUUID()); // Renews the access token where it is over, since a stream cannot.
      const response = await fetch("/graphql", {
        method: "POST",
        headers: {
          accept: "text/event-stream",
          "content-type": "application/json",
          authorization: `Bearer ${this.server.access}`,
        },
        body: JSON.stringify({ query: "subscription { changed { id } }" }),
        signal: stop.signal,
        cache: "no-store",
      });
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      heard();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), SILENCE);
        if (new TextDecoder().decode(value).includes("event: next")) heard();
      }
    } finally {
      clearTimeout(timer);
      removeEventListener("offline", cut);
      stop.abort();
    }
  }

  async #renew(server) {
    const refreshToken = sessionStorage.getItem(KEPT);
    if (refreshToken === null) throw new Refused("UNAUTHENTICATED", "", {});
    const asked = server.asStranger();
    const { session } = await asked.act(`${act("refresh")}${SESSION} ${PROBLEM}`, { refreshToken });
    this.#keep(session);
  }

  #keep({ accessToken, refreshToken }) {
    this.server.access = accessToken;
    sessionStorage.setItem(KEPT, refreshToken);
  }

  /** Who he is, and for which seats he may answer; the one that he answers for now comes first. */
  async #whoAmI() {
    const { viewer, divisions, offices } = await this.server.ask(WHO).catch((error) => {
      if (error instanceof Refused && error.code === "NOT_ALLOWED") return { viewer: null };
      throw error;
    });
    if (viewer?.account == null) return; // Who may not read accounts answers for no seat.
    this.account = viewer.account;
    const held = viewer.account.grants.filter((one) => one.withdrawnAt === null && ANSWERING.includes(one.role));
    const named = (list, code) => list?.find((one) => one.code === code)?.name ?? code;
    const seats = new Map();
    for (const { division, office } of held) {
      if (office) seats.set(office, { seat: { office }, name: named(offices, office) });
      else if (division) seats.set(division, { seat: { county: division }, name: named(divisions, division) });
    }
    this.seats = [...seats.values()];
    for (const one of this.seats) {
      const { duty } = await this.server.ask(ON_DUTY, one.seat);
      one.mine = duty?.now.some((standing) => standing.accountId === this.account.uuid) ?? false;
    }
    this.seats.sort((one, other) => Number(other.mine) - Number(one.mine));
    if (this.seats.length > 0) this.sit(this.seats[0]);
  }

  /** Answers for this seat from now on. */
  sit({ seat, name }) {
    this.seat = seat;
    this.place = name;
  }
}
