/** The frame of the pages of commitments: head, content, the one act at the thumb, and the choice of a language. */

import { h } from "../app/dom.js";
import { brandMark, mark } from "../app/marks.js";
import { language, speak } from "../app/speaking.js";
import { t } from "./words.js";

const TONGUE = "pithead.commitments.language";
const root = document.getElementById("page");
let drawn = null;
let silence = null;

/** Shows what a view draws, from its top. @param {() => object} view what `draw` takes */
export function show(view) {
  drawn = view;
  again();
  scrollTo(0, 0);
}

/** The same view once more, where it was scrolled to: what it shows has changed. */
export function again() {
  const id = document.activeElement?.id;
  draw(drawn());
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}

/** Is this what is shown now? A task that ends after somebody has gone on draws nothing. */
export function shows(view) {
  return drawn === view;
}

function draw({ title, kicker = null, line = null, content, actions = [], wide = false }) {
  document.title = `${title} · ${t("name")}`;
  root.replaceChildren(
    h(`div.page${wide ? ".wide" : ""}`, {},
      h("header", {}, h("span.brand", {}, brandMark(28), h("b", {}, t("name"))), h("span.grow"), line, languageSwitch()),
      h("main", {},
        h("div.title", {}, kicker === null ? null : h("p.kicker", {}, kicker), h("h1", {}, title)),
        content),
      actions.length > 0 ? h("footer.bar", {}, actions) : null),
  );
}

/** The one act of a view, or a lesser one beside it. */
export function act(words, click, { primary = true, disabled = false, id = "" } = {}) {
  return h(`button${primary ? ".primary" : ""}`, { type: "button", id, disabled, on: { click } }, words);
}

/** What must be read before anything else: what happened, what to do. */
export function notice(tone, title, text, ...actions) {
  const told = h("div", {}, title === null ? null : h("b", {}, title), h("p", {}, text));
  const more = actions.length > 0 ? h("div.actions", {}, actions) : null;
  return h("div.notice", { data: { tone }, role: tone === "cinnabar" ? "alert" : "status" }, told, more);
}

/** A sentence of state: mark, words, colour. */
export function sentence(tone, name, ...words) {
  return h("p.state", { data: { tone } }, mark(name), h("span", {}, words));
}

/** Rows of a name and what is told under it; null is left out. */
export function facts(...rows) {
  const told = rows.filter((row) => row !== null);
  return h("dl.facts", {}, told.map(([name, ...value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** Says one sentence for some seconds, to eyes and to readers of the screen. */
export function say(text) {
  const place = document.getElementById("said");
  clearTimeout(silence);
  place?.replaceChildren(h("p", {}, text));
  silence = setTimeout(() => place?.replaceChildren(), 6_000);
}

/** Chinese or English, for all pages of commitments that are opened in this window, and forgotten with it. */
function languageSwitch() {
  const other = language() === "zh" ? "en" : "zh";
  const click = () => {
    speak(other);
    try {
      sessionStorage.setItem(TONGUE, other);
    } catch {
      // A browser that keeps nothing asks again on the next page.
    }
    again();
  };
  const words = { zh: "中文", en: "English" }[other];
  return h("button.link", { type: "button", id: "language", lang: other, on: { click } }, words);
}

function chosenBefore() {
  try {
    return sessionStorage.getItem(TONGUE);
  } catch {
    return null;
  }
}

speak(chosenBefore() ?? language());
