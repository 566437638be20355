/** Opening an inspection, with a network or without. */

import { h } from "../dom.js";
import { wake } from "../drain.js";
import { bar, head, notice, notices } from "../frame.js";
import { clock } from "../format.js";
import { noteInspection, NotFilledIn } from "../inspecting.js";
import { reread, state } from "../state.js";
import { t } from "../words.js";

export function open() {
  const main = h("main", {});
  const button = h("button.primary", { type: "submit" }, t("open_inspection"));
  const element = h(
    "form.page",
    { novalidate: true },
    head({ back: "#/", title: t("open_inspection") }),
    main,
    bar(button),
  );
  const fields = {};
  const faults = {};

  function field(name, label, control, hint = null) {
    control.id = control.name = name;
    fields[name] = control;
    faults[name] = h("p.fault", { id: `${name}-fault`, role: "alert" });
    control.setAttribute("aria-describedby", `${name}-fault`);
    return h(
      "div.field",
      {},
      h("label", { htmlFor: name }, label),
      control,
      hint ? h("p.hint", {}, hint) : null,
      faults[name],
    );
  }

  function select(options) {
    return h(
      "select",
      {},
      h("option", { value: "" }, t("choose")),
      options.map(({ id, name, county }) => h("option", { value: id }, county ? `${name} · ${county}` : name)),
    );
  }

  function grounds() {
    const choice = (value, on) =>
      h("label.choice", {}, h("input", { type: "radio", name: "basis", value, checked: on }), h("span", {}, t(value)));
    return h(
      "fieldset",
      {},
      h("legend", {}, t("basis")),
      h("div.choices", {}, choice("PLANNED", true), choice("REASONED", false)),
    );
  }

  async function submit(event) {
    event.preventDefault();
    for (const fault of Object.values(faults)) fault.textContent = "";
    const form = Object.fromEntries(Object.entries(fields).map(([name, control]) => [name, control.value]));
    form.basis = element.querySelector("input[name=basis]:checked").value;
    try {
      await noteInspection(state.phone, form);
    } catch (error) {
      if (!(error instanceof NotFilledIn)) throw error;
      faults[error.field].textContent = t(error.message);
      fields[error.field].focus();
      return;
    }
    await reread();
    location.hash = "#/";
    wake();
  }

  async function fill() {
    const { phone } = state;
    const [lists, beacon] = [await phone.kept.get("lists"), await phone.beacon()];
    if (lists === null) {
      button.disabled = true;
      main.replaceChildren(notice("amber", null, t("no_lists")));
      return;
    }
    const others = lists.officers.filter(({ id }) => id !== phone.device.account);
    main.replaceChildren(
      ...notices(),
      ...(beacon === null ? [notice("amber", null, t("no_beacon"))] : []),
      field("mine", t("mine"), select(lists.mines)),
      field("second", t("second"), select(others), t("second_hint")),
      field("surface", t("surface"), h("input", { value: t("surface_default"), maxLength: 100 })),
      field("underground", t("underground"), h("input", { value: t("underground_default"), maxLength: 100 })),
      grounds(),
      field("reason", t("reason"), h("textarea", { rows: 2, maxLength: 500 }), t("reason_hint")),
      ...(beacon === null ? [] : [h("p.hint", {}, t("on_beacon", { time: clock(beacon.at) }))]),
    );
  }

  element.addEventListener("submit", submit);
  fill();
  return { element };
}
