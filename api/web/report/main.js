/** Where the reporters' page begins: can this browser encrypt? Then what one needs, and who can see what. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { language, speak } from "../app/speaking.js";
import { begin } from "./form.js";
import { keepExit, languageSwitch, show } from "./frame.js";
import { askReceipt } from "./thread.js";
import { t } from "./words.js";

/** Without these nothing would be encrypted here, so nothing is asked here either. */
function canEncrypt() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.WebAssembly);
}

function cannot() {
  show(() => ({ title: t("cannot_title"), content: [h("p", {}, t("cannot_text")), languageSwitch()] }));
}

function home() {
  const way = (kind) => h("button.way", { type: "button", id: kind, on: { click: () => begin(kind, home) } },
    h("span", {}, h("b", {}, t(kind)), h("span.hint", {}, t(`${kind}_text`))), mark("next"));
  show(() => ({
    title: t("title"),
    content: [
      h("p.lead", {}, t("lead")),
      h("div.ways", {}, way("REPORT"), way("REFUSAL"), way("RETALIATION")),
      h("button", { type: "button", id: "have-receipt", on: { click: () => askReceipt(home) } }, t("have_receipt")),
      h("details", {}, h("summary", {}, t("before")),
        ["see_server", "see_network", "see_phone", "see_page", "see_exit"].map((code) => h("p", {}, t(code)))),
      languageSwitch(),
    ],
  }));
}

/**
 * The clause from which somebody came to refuse, of a page of commitments. It stands in the part of the address that no
 * server is told, and is taken out of it at once, so that no history keeps it either.
 */
function cameFrom() {
  const told = new URLSearchParams(location.hash.slice(1));
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  const [mine, name, key, clause] = ["mine", "name", "key", "clause"].map((part) => (told.get(part) ?? "").slice(0, 200));
  return told.get("kind") === "REFUSAL" && /^[A-Z][A-Z0-9_]{2,59}$/.test(key) ? { mine, name, key, clause } : null;
}

keepExit();
speak(language());
const from = cameFrom();
if (!canEncrypt()) cannot();
else if (from === null) home();
else begin("REFUSAL", home, from);
