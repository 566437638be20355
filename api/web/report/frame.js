/** The frame around each view: head, content, the one act at the thumb. Quick exit stands outside of it. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { language, speak } from "../app/speaking.js";
import { t } from "./words.js";

const root = document.getElementById("report");
const way = document.getElementById("exit");
let drawn = null;
let silence = null;

/** Leaves at once: nothing is left to see, and the page's place in the history is taken by another. */
export function leave() {
  const elsewhere = way.href;
  document.title = "";
  document.body.replaceChildren();
  location.replace(elsewhere);
}

/** Makes quick exit work by a tap, and by Escape where there are keys. */
export function keepExit() {
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    // Whoever writes Chinese ends a word that was begun with the same key.
    if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) leave();
  });
  // A page that the browser would keep for its way back is emptied, and begun anew if it is shown again.
  addEventListener("pagehide", () => document.body.replaceChildren());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

/** Shows what a view draws, from its top. @param {() => object} view what `draw` takes */
export function show(view) {
  drawn = view;
  again();
  scrollTo(0, 0);
  root.querySelector("h1")?.focus({ preventScroll: true });
}

/** The same view once more, where it was scrolled to: what it shows has changed. */
export function again() {
  const held = document.activeElement;
  const [id, at] = [held?.id, held?.selectionStart ?? null];
  draw(drawn());
  const field = id ? document.getElementById(id) : null;
  if (!root.contains(field)) return;
  field.focus({ preventScroll: true });
  if (at !== null && field.setSelectionRange && field.selectionStart !== null) field.setSelectionRange(at, at);
}

/** Is this what is shown now? A task that ends after somebody has gone on draws nothing. */
export function shows(view) {
  return drawn === view;
}

function draw({ title, kicker = null, back = null, content, actions = [] }) {
  way.replaceChildren(mark("cross"), h("span", {}, t("exit")));
  const left = back === null
    ? h("b.brand", {}, t("name"))
    : h("button.link.touch", { type: "button", aria: { label: t("back") }, on: { click: back } }, mark("back"));
  root.replaceChildren(
    h("div.page", {},
      h("header", {}, left),
      h("main", {},
        h("div.title", {}, kicker === null ? null : h("p.kicker", {}, kicker), h("h1", { tabIndex: -1 }, title)),
        content),
      actions.length > 0 ? h("footer.bar", {}, actions) : null),
  );
}

/** The one act of a view, or a lesser one beside it. */
export function act(words, click, { primary = true, disabled = false } = {}) {
  return h(`button${primary ? ".primary" : ""}`, { type: "button", disabled, on: { click } }, words);
}

/** A sentence that must be read before anything else; it alarms nobody. */
export function notice(text, { title = null, tone = "plain" } = {}) {
  const told = [title === null ? null : h("b", {}, title), h("p", {}, text)];
  return h("div.notice", { data: { tone }, role: "status" }, h("div", {}, told));
}

/** What is going on, while it goes on. */
export function working(text) {
  return h("div.working", { role: "status" }, h("progress", { aria: { label: text } }), h("p", {}, text));
}

/** Chinese or English; it is forgotten with the page. */
export function languageSwitch() {
  const choice = (code, word) => {
    const click = () => {
      speak(code);
      again();
    };
    const pressed = String(language() === code);
    return h("button", { type: "button", lang: code, aria: { pressed }, on: { click } }, word);
  };
  const both = [choice("zh", "中文"), choice("en", "English")];
  return h("div.switch", { role: "group", aria: { label: t("language") } }, both);
}

/** Says one sentence for some seconds, to eyes and to readers of the screen. */
export function say(text) {
  const place = document.getElementById("said");
  clearTimeout(silence);
  place?.replaceChildren(h("p", {}, text));
  silence = setTimeout(() => place?.replaceChildren(), 6_000);
}
