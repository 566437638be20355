/** Signing in: account and password; the key and the server's public keys are settled on the way. */

import { AnotherServer, Refused, Unreachable } from "../../pithead.js";
import { h } from "../dom.js";
import { bar, head, languageSwitch, notice } from "../frame.js";
import { brandMark } from "../marks.js";
import { Phone } from "../phone.js";
import { state } from "../state.js";
import { WAITING } from "../telling.js";
import { t } from "../words.js";

export function signIn(_, { again, enter }) {
  const login = h("input", {
    id: "login",
    name: "login",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: false,
    required: true,
    value: state.phone?.device.login ?? localStorage.getItem("pithead.person") ?? "",
  });
  const password = h("input", {
    id: "password",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const button = h("button.primary", { type: "submit" }, t("sign_in"));
  const fault = h("div", { role: "alert" });
  const waiting = state.pieces.filter((one) => WAITING.includes(one.state)).length;

  async function submit(event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = t("signing_in");
    fault.replaceChildren();
    try {
      await enter(await Phone.signIn(login.value, password.value));
    } catch (error) {
      fault.replaceChildren(notice("cinnabar", null, sentenceOf(error)));
      button.disabled = false;
      button.textContent = t("sign_in");
    }
  }

  const element = h(
    "form.page",
    { on: { submit }, method: "post" },
    h("header", {}, h("span.grow"), languageSwitch(again)),
    h(
      "main.signin",
      {},
      h("div.title", {}, brandMark(56), h("h1", {}, t("name")), h("p.lead", {}, t("sign_in_lead"))),
      waiting > 0 ? notice("amber", null, t("kept_waiting", { count: waiting })) : h("p.quiet", {}, t("sign_in_text")),
      fault,
      h("label", { htmlFor: "login" }, t("login")),
      login,
      h("label", { htmlFor: "password" }, t("password")),
      password,
      h("p.hint", {}, t("sign_in_key")),
    ),
    bar(button),
  );
  return { element };
}

function sentenceOf(error) {
  if (error instanceof Refused) return error.sentence;
  if (error instanceof Unreachable) return t("e_SIGN_IN_OFFLINE");
  if (error instanceof AnotherServer) return t("e_ANOTHER");
  return t("e_UNKNOWN", { what: error?.message ?? error });
}
