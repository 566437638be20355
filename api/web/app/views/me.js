/** The person, this phone, what it trusts and what it holds. */

import { parseKeys } from "../../pithead.js";
import { h } from "../dom.js";
import { head, languageSwitch, notices } from "../frame.js";
import { clock, day, size } from "../format.js";
import { mark } from "../marks.js";
import { state } from "../state.js";
import { t } from "../words.js";

export function me(_, { again, leave }) {
  const { phone } = state;
  const facts = h("dl.facts", {});
  const element = h(
    "div.page",
    {},
    head({ back: "#/", title: t("me"), me: false }),
    h(
      "main",
      {},
      ...notices(),
      facts,
      h("div.field", {}, h("span.label", {}, t("language")), languageSwitch(again)),
      h("a.row", { href: "#/open" }, h("span", {}, t("another_inspection")), mark("next")),
      h(
        "section.leaving",
        {},
        h("button", { type: "button", on: { click: leave } }, t("sign_out")),
        h("p.hint", {}, t("sign_out_text")),
      ),
    ),
  );
  fill();
  return { element };

  async function fill() {
    const [beacon, room, safe] = await Promise.all([
      phone.beacon(),
      navigator.storage?.estimate?.() ?? {},
      navigator.storage?.persisted?.() ?? false,
    ]);
    const keys = phone.pinned ? parseKeys(phone.pinned) : null;
    const told = [
      [t("account"), `${phone.device.name} · ${phone.device.login}`],
      [t("device"), h("code", {}, phone.device.id)],
      [t("server"), keys ? h("code", {}, keys.origin) : t("none")],
      [t("keys_pinned"), keys ? h("code", {}, [...keys.keys.keys()].join("\n")) : t("none")],
      [
        t("beacon"),
        beacon
          ? t("valid_until", { day: day(beacon.until), time: clock(beacon.until, { seconds: false }) })
          : t("none"),
      ],
      [
        t("storage"),
        h("span", {}, size(room.usage ?? 0), h("br"), h("small", {}, t(safe ? "storage_safe" : "storage_loose"))),
      ],
    ];
    facts.replaceChildren(...told.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  }
}
