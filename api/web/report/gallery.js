/** Photos of a draft: chosen, cleaned one after the other, shown as they will be sent, and taken out again. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { FILES } from "../protocol/reports/reports.js";
import { act, again, say } from "./frame.js";
import { cleaned, NotCleaned } from "./photos.js";
import { t } from "./words.js";

/** The field; `draft.photos` holds what was cleaned. */
export function photoField(draft) {
  const change = async ({ target }) => {
    const files = [...target.files].slice(0, FILES - draft.photos.length);
    if (files.length < target.files.length) say(t("photo_many", { count: FILES }));
    draft.cleaning = true;
    again();
    for (const file of files) await add(draft, file);
    draft.cleaning = false;
    again();
  };
  const input = h("input.unseen", { type: "file", id: "photos", accept: "image/*", multiple: true, on: { change } });
  const full = draft.photos.length >= FILES || draft.cleaning === true;
  return h("div.field", {},
    h("span.label", {}, t("photos"), h("span.quiet", {}, t("optional"))),
    draft.photos.length === 0 ? null : [
      h("ol.photos", {}, draft.photos.map((photo, at) => shown(draft, photo, at))),
      h("p.state", { data: { tone: "jade" } }, mark("check"), t("photo_cleaned")),
      h("p.hint", {}, t("photo_still")),
    ],
    draft.cleaning ? h("p.hint", { role: "status" }, t("photo_cleaning")) : null,
    full ? null : h("label.button", {}, input, mark("camera"), t("photo_add")));
}

async function add(draft, file) {
  try {
    draft.photos.push(await cleaned(file));
  } catch (error) {
    say(t(error instanceof NotCleaned ? error.reason : "photo_not_read"));
  }
}

function shown(draft, photo, at) {
  const remove = () => {
    URL.revokeObjectURL(photo.url);
    draft.photos.splice(at, 1);
    again();
  };
  const label = t("photo_alt", { number: at + 1 });
  return h("li", {},
    h("img", { src: photo.url, alt: label }),
    act(t("photo_remove"), remove, { primary: false }));
}
