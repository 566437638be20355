/** The frame around each view: head, state of the line, notices, and the one primary action at the thumb. */

import { h } from "./dom.js";
import { brandMark, mark } from "./marks.js";
import { state } from "./state.js";
import { language, speak, t } from "./words.js";

/** The head of a view: the mark or a way back, and the line. @param {{back?: string, title?: string}} [options] */
export function head({ back = null, title = null, me = true } = {}) {
  const left =
    back === null
      ? h("span.brand", {}, brandMark(28), h("b", {}, t("name")))
      : h("a.quiet.touch", { href: back, aria: { label: t("back") } }, mark("back"));
  return h(
    "header",
    {},
    left,
    title === null ? null : h("h1.small", {}, title),
    h("span.grow"),
    me ? lineMark() : null,
    me && state.phone ? h("a.quiet.touch", { href: "#/me", aria: { label: t("me") } }, mark("person")) : null,
  );
}

/** Online or not, by a word and a mark. */
export function lineMark() {
  const word = { online: "online", offline: "offline", unreached: "unreached" }[state.line];
  return h("span.line", { data: { line: state.line } }, h("i", { aria: { hidden: "true" } }), t(word));
}

/** What a person must know before anything else: what happened, what was kept, what to do. */
export function notices({ signIn = true } = {}) {
  const found = [];
  if (signIn && state.mustSignIn) {
    found.push(
      notice("amber", t("must_sign_in"), t("must_sign_in_text"), h("a.button", { href: "#/signin" }, t("sign_in"))),
    );
  }
  if (state.trouble !== null) {
    const { code, what } = state.trouble;
    found.push(notice("cinnabar", null, t(code, { what })));
  }
  return found;
}

/** A notice with its sentence and, if there is one, what to do. */
export function notice(tone, title, text, ...actions) {
  return h(
    "div.notice",
    { data: { tone }, role: tone === "cinnabar" ? "alert" : "status" },
    h("div", {}, title === null ? null : h("b", {}, title), h("p", {}, text)),
    actions.length > 0 ? h("div.actions", {}, actions) : null,
  );
}

/** A sentence of state: mark, words, colour. */
export function sentence({ text, tone, mark: name }, ...more) {
  return h("p.state", { data: { tone } }, mark(name), h("span", {}, text, more));
}

/** The bar at the thumb. */
export function bar(...actions) {
  return h("footer.bar", {}, actions);
}

/** Chinese or English; the layout stays. */
export function languageSwitch(again) {
  const choice = (code, word) =>
    h(
      "button",
      {
        type: "button",
        aria: { pressed: String(language() === code) },
        lang: code,
        on: {
          click: () => {
            speak(code);
            again();
          },
        },
      },
      word,
    );
  return h(
    "div.switch",
    { role: "group", aria: { label: t("language") } },
    choice("zh", "中文"),
    choice("en", "English"),
  );
}

let silence = null;

/** Says one sentence for some seconds, to eyes and to readers of the screen. */
export function say(text, tone = "jade") {
  const place = document.getElementById("said");
  clearTimeout(silence);
  place.replaceChildren(h("p", { data: { tone } }, mark(tone === "jade" ? "check" : "cross"), text));
  silence = setTimeout(() => place.replaceChildren(), tone === "jade" ? 2_500 : 9_000);
}
