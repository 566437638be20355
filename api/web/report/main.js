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

keepExit();
speak(language());
if (canEncrypt()) home();
else cannot();
