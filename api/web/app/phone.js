/** The phone of one person: his notebook, his key, his line to the server, and how it stays signed in. */

import * as pithead from "../pithead.js";
import { Kept } from "./kept.js";
import { changed, state } from "./state.js";
import { language } from "./words.js";

const PERSON = "pithead.person";
const PATIENCE = 8_000;
/** What a session that is over answers with; then only the password opens another. */
const ENDED = ["SESSION_ENDED", "DEVICE_UNPROVEN", "UNAUTHENTICATED"];

/** Nobody is signed in: the password is needed. */
export class MustSignIn extends Error {}

export class Phone {
  /** @param {Kept} kept @param {object} device @param {pithead.DeviceKey} key */
  constructor(kept, device, key) {
    this.kept = kept;
    this.device = device;
    this.key = key;
    this.pinned = null;
    this.served = null;
    this.server = new pithead.Server({
      url: location.origin,
      language: language(),
      patience: PATIENCE,
      renew: () => this.renew(),
    });
  }

  /** The phone of whoever signed in here last; null if nobody did. */
  static async ofLastPerson() {
    const login = localStorage.getItem(PERSON);
    return login === null ? null : Phone.switchOn(login);
  }

  /** The phone of this login: an id and a key that cannot leave it are made at the first time. */
  static async switchOn(login) {
    const kept = await Kept.of(login);
    let [device, pair] = [await kept.get("device"), await kept.get("keys")];
    if (pair === null) pair = await kept.set("keys", await pithead.makeKeyPair("ES256"));
    if (device === null) {
      device = await kept.set("device", { id: pithead.newId(), login, account: "", name: "", enrolled: false });
    }
    const phone = new Phone(kept, device, new pithead.DeviceKey(device.id, await pithead.signerOf(pair)));
    phone.pinned = await kept.get("pinned");
    phone.served = await kept.get("served");
    return phone;
  }

  /** Signs in and has the key enrolled, as far as that has not been done before. Refused, Unreachable, AnotherServer. */
  static async signIn(login, password) {
    const plain = pithead.plainLogin(login);
    const phone = await Phone.switchOn(plain);
    await phone.meet();
    let opened = await phone.#open(plain, password);
    if (!phone.device.enrolled) {
      await pithead.enrolDevice(phone.server, phone.key, { owner: opened.account, name: nameOfThisPhone() });
      await phone.#writeDevice({ account: opened.account, enrolled: true });
      opened = await phone.#open(plain, password); // Now as the device's session, with beacons for it.
    }
    localStorage.setItem(PERSON, plain);
    await phone.readLists();
    return phone;
  }

  /** Takes the keys that the server serves now, and pins them at the first time. */
  async meet() {
    this.served = await pithead.meet(await this.server.asStranger().keysDocument(), this.pinned, pithead.anyHost);
    if (this.pinned === null) this.pinned = await this.kept.set("pinned", this.served);
    await this.kept.set("served", this.served);
  }

  /** Fetches the keys again when a receipt names one that is not known: keys are rotated while phones wait. */
  async knowKey(id) {
    if (!this.served?.keys.some((key) => key.id === id)) await this.meet();
  }

  /** A new access token, once for all pages of this person: a refresh token is good for one use. */
  async renew() {
    await navigator.locks.request(`pithead-session:${this.device.login}`, async () => {
      const session = await this.kept.get("session");
      if (session === null) throw new MustSignIn();
      try {
        await this.#keep(
          await pithead.refresh(this.server.asStranger(), { token: session.refreshToken, key: this.key }),
        );
      } catch (error) {
        if (!(error instanceof pithead.Refused) || !ENDED.includes(error.code)) throw error;
        await this.kept.set("session", null);
        throw new MustSignIn();
      }
    });
  }

  /** The newest beacon that is held and still opens a recording; null if there is none. */
  async beacon() {
    const held = (await this.kept.get("beacons")) ?? [];
    const valid = held
      .map((signed) => ({ signed, ...pithead.readBeacon(signed) }))
      .filter(({ until }) => until > Date.now());
    return valid.sort((left, right) => right.at - left.at)[0] ?? null;
  }

  /** Who and where: the mines and officers to choose from, kept for offline. */
  async readLists() {
    const [mines, people, told] = await Promise.all([
      pithead.mines(this.server),
      pithead.accounts(this.server),
      this.server.ask("query { viewer { name roles } }"),
    ]);
    await this.kept.set("lists", {
      mines: mines
        .filter(({ state: open }) => open !== "CLOSED")
        .map(({ uuid, name, county }) => ({ id: uuid, name, county: county?.name ?? "" })),
      officers: people
        .map(({ uuid, name, grants }) => ({ id: uuid, name, roles: [...new Set(grants.map(({ role }) => role))] }))
        .filter(({ roles }) => roles.includes("INSPECTOR") || roles.includes("LEAD")),
    });
    await this.#writeDevice({ name: told.viewer?.name ?? this.device.login, roles: told.viewer?.roles ?? [] });
  }

  /** Inspections that wait for this officer to join them on his own phone. */
  async readJoinable() {
    const found = await pithead.inspectionsToJoin(this.server, this.device.account);
    const here = new Set((await this.kept.inspections()).map(({ id }) => id));
    return found.filter(({ id }) => !here.has(id)).slice(0, 3);
  }

  async signOut() {
    try {
      await pithead.signOut(this.server);
    } catch {
      // Offline: the session runs out by itself, and its token is forgotten here.
    }
    await this.kept.set("session", null);
    localStorage.removeItem(PERSON);
    this.kept.close();
  }

  async #open(login, password) {
    const key = this.device.enrolled ? this.key : null;
    return this.#keep(await pithead.signIn(this.server.asStranger(), { login, password, key }));
  }

  /** What must survive a reload is written down before anything is done with it; the access token never is. */
  async #keep(opened) {
    await this.kept.set("session", { refreshToken: opened.refreshToken });
    if (opened.beacons.length > 0) await this.kept.set("beacons", opened.beacons);
    this.server.access = opened.access;
    if (state.mustSignIn) changed({ mustSignIn: false });
    return opened;
  }

  async #writeDevice(changes) {
    this.device = await this.kept.set("device", { ...this.device, ...changes });
  }
}

/** What the owner reads in the list of his devices. */
function nameOfThisPhone() {
  const told = navigator.userAgentData;
  const system = told?.platform || navigator.platform || "phone";
  const browser = told?.brands?.map(({ brand }) => brand).find((brand) => !/not.?a.?brand/i.test(brand)) ?? "browser";
  return `${browser} · ${system}`.slice(0, 60);
}
