/** Somebody who signed in on a page of commitments: his line to the server, kept no longer than the page is open. */

import { h } from "../app/dom.js";
import { Refused, Unreachable } from "../client/answers.js";
import { Server } from "../client/server.js";
import { language } from "../app/speaking.js";
import { act, again, notice, show } from "./frame.js";
import { t } from "./words_inside.js";

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) {
  session { accessToken refreshToken } problem { code message parameters { name value } } } }`;
const REFRESH = `mutation($input: RefreshInput!) { refresh(input: $input) {
  session { accessToken refreshToken } problem { code message parameters { name value } } } }`;
const WHO = "{ viewer { account { id uuid name mineId } roles } }";

/** The sentence of an error. */
export function sentenceOf(error) {
  if (error instanceof Refused) return error.sentence;
  if (error instanceof Unreachable) return t("unreached");
  throw error;
}

/** A line whose access token is renewed for as long as the page is open: answering a year's clauses takes longer than one. */
function lineOf() {
  let [kept, renewing] = [null, null];
  const keep = (line, { session: { accessToken, refreshToken } }) => {
    line.access = accessToken;
    kept = refreshToken;
  };
  const renewed = async (line) => keep(line, await line.asStranger().act(REFRESH, { refreshToken: kept }));
  // A refresh token is good for one use, so that calls that fail together are renewed together.
  const renew = async (line) => {
    renewing ??= renewed(line).finally(() => { renewing = null; });
    await renewing;
  };
  const line = new Server({ url: location.origin, language: language(), patience: 5_000, renew });
  // What is refused is told in the language that the page speaks by then.
  Object.defineProperty(line, "language", { get: language });
  return { line, signIn: async (given) => keep(line, await line.asStranger().act(SIGN_IN, given)) };
}

/** The button that ends it: whoever comes to this phone next sees nothing. */
export function signOut(line) {
  const end = async () => {
    await line.ask("mutation { signOut(input: {}) { problem { code } } }").catch(() => {}); // It ends by itself, too.
    location.reload();
  };
  return act(t("sign_out"), end, { primary: false, id: "sign-out" });
}

/**
 * Asks for account and password, and goes on with the line of whoever it is.
 * @param {{title: () => string, lead: () => string, then: (line: Server, who: object) => Promise<void>}} about
 */
export function enter({ title, lead, then }) {
  let [trouble, busy] = [null, false];
  const submit = async (event) => {
    event.preventDefault();
    const [login, password] = ["login", "password"].map((name) => document.getElementById(name).value);
    Object.assign(typed, { login });
    busy = true;
    again();
    const { line, signIn } = lineOf();
    try {
      await signIn({ login: login.trim().toLowerCase(), password });
      const { viewer } = await line.ask(WHO);
      await then(line, { ...viewer.account, roles: viewer.roles });
    } catch (error) {
      [trouble, busy] = [sentenceOf(error), false];
      again();
    }
  };
  const typed = { login: "" };
  const field = (id, words, more) => h("div.field", {}, h("label", { htmlFor: id }, words), h("input", { id, name: id, required: true, ...more }));
  show(() => ({
    title: title(),
    content: h("form.signin", { method: "post", on: { submit } },
      h("p.lead", {}, lead()),
      trouble === null ? null : notice("cinnabar", null, trouble),
      field("login", t("login"), { autocomplete: "username", autocapitalize: "none", spellcheck: false, value: typed.login }),
      field("password", t("password"), { type: "password", autocomplete: "current-password" }),
      h("button.primary", { type: "submit", disabled: busy }, t(busy ? "signing_in" : "sign_in")),
      h("p.quiet", {}, t("signed_in_here"))),
  }));
}
