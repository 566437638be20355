/** The fields of the page's forms: each writes into a draft as it is typed, and shows what is wrong with it. */

import { h } from "../app/dom.js";
import { t } from "./words.js";

// No browser may complete, check or translate what is written here: some of them ask their maker's servers.
const QUIET = { autocomplete: "off", autocapitalize: "none", spellcheck: false };

/** Name, hint, field, and what is wrong with it. @param {{faults: Record<string, string>}} form */
function labelled(form, name, { label, hint = null, optional = false }, field) {
  return h("div.field", {},
    h("label", { htmlFor: name }, label, optional ? h("span.quiet", {}, t("optional")) : null),
    hint === null ? null : h("p.hint", { id: `${name}-hint` }, hint),
    field,
    h("p.fault", { id: `${name}-fault`, role: "alert" }, form.faults[name] ?? ""));
}

function written(form, name, more) {
  const input = (event) => {
    form.draft[name] = event.target.value;
  };
  const told = form.faults[name] ? { invalid: "true", describedby: `${name}-fault` } : { describedby: `${name}-hint` };
  return { id: name, name, value: form.draft[name] ?? "", aria: told, on: { input }, ...QUIET, ...more };
}

/** One line. */
export function line(form, name, about, more = {}) {
  return labelled(form, name, about, h("input", written(form, name, { type: "text", maxLength: 200, ...more })));
}

/** Several lines. */
export function lines(form, name, about, { rows = 6 } = {}) {
  return labelled(form, name, about, h("textarea", written(form, name, { rows, maxLength: 20_000 })));
}

/** A day. */
export function day(form, name, about) {
  return labelled(form, name, about, h("input", written(form, name, { type: "date" })));
}

/** One of a list, or none of it. */
export function listed(form, name, about, codes, labelOf) {
  const input = (event) => {
    form.draft[name] = event.target.value;
  };
  const choice = (code) =>
    h("option", { value: code, selected: form.draft[name] === code }, code === "" ? t("choose") : labelOf(code));
  return labelled(form, name, about, h("select", { id: name, on: { input } }, ["", ...codes].map(choice)));
}

/** One of a few, each with a sentence; `chosen` is told so that the view may show what belongs to it. */
export function choices(form, name, legend, codes, { labelOf, textOf = () => null, chosen = () => {}, row = false }) {
  const choice = (code) => {
    const change = () => {
      form.draft[name] = code;
      chosen();
    };
    const [checked, text] = [form.draft[name] === code, textOf(code)];
    const hint = text === null ? null : h("span.hint", {}, text);
    return h("label.choice", {},
      h("input", { type: "radio", name, id: `${name}-${code}`, value: code, checked, on: { change } }),
      h("span", {}, h("b", {}, labelOf(code)), hint));
  };
  return h("fieldset", {},
    legend === null ? null : h("legend", {}, legend),
    h(row ? "div.choices.row3" : "div.choices.one", {}, codes.map(choice)),
    h("p.fault", { id: `${name}-fault`, role: "alert" }, form.faults[name] ?? ""));
}

/** Yes or no, with a sentence. */
export function check(form, name, label, text) {
  const change = (event) => {
    form.draft[name] = event.target.checked;
  };
  const box = h("input", { type: "checkbox", id: name, checked: form.draft[name] === true, on: { change } });
  return h("label.choice", {}, box, h("span", {}, h("b", {}, label), h("span.hint", {}, text)));
}

/** Shows the first field that something is wrong with. */
export function toFirstFault(form) {
  const [name] = Object.keys(form.faults);
  const field = document.getElementById(name) ?? document.querySelector(`input[name="${name}"]`);
  field?.focus();
  (field?.closest(".field, fieldset") ?? field)?.scrollIntoView({ block: "center" });
}
