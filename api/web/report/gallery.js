/** Photos and voice notes of a draft: cleaned one after the other, shown as they will be sent, and taken out again. */

import { h } from "../app/dom.js";
import { mark } from "../app/marks.js";
import { FILES } from "../protocol/reports/reports.js";
import { act, again, say } from "./frame.js";
import { cleaned, NotCleaned } from "./photos.js";
import { masked } from "./voice.js";
import { t } from "./words.js";

const KINDS = {
  PHOTO: { id: "photos", accept: "image/*", sign: "camera", clean: cleaned, fault: "photo_not_read" },
  VOICE: { id: "voices", accept: "audio/*", sign: "file", clean: masked, fault: "voice_not_read" },
};

/** The field; `draft.attached` holds what was cleaned. */
export function attachments(draft) {
  const free = draft.attached.length < FILES && draft.cleaning !== true;
  return h("div.field", {},
    h("span.label", {}, t("attached"), h("span.quiet", {}, t("optional"))),
    draft.attached.length === 0 ? null : h("ol.photos", {}, draft.attached.map((one, at) => shown(draft, one, at))),
    told(draft, "PHOTO", "photo_cleaned", "photo_still"),
    told(draft, "VOICE", "voice_masked", "voice_still"),
    draft.cleaning ? h("p.hint", { role: "status" }, t("cleaning")) : null,
    free ? h("div.beside.even", {}, chooser(draft, "PHOTO", "photo_add"), chooser(draft, "VOICE", "voice_add")) : null);
}

function told(draft, kind, done, still) {
  if (!draft.attached.some((one) => one.kind === kind)) return null;
  return [h("p.state", { data: { tone: "jade" } }, mark("check"), h("span", {}, t(done))), h("p.hint", {}, t(still))];
}

function chooser(draft, kind, words) {
  const { id, accept, sign } = KINDS[kind];
  const change = async ({ target }) => {
    const files = [...target.files].slice(0, FILES - draft.attached.length);
    if (files.length < target.files.length) say(t("attached_many", { count: FILES }));
    draft.cleaning = true;
    again();
    for (const file of files) await add(draft, kind, file);
    draft.cleaning = false;
    again();
  };
  const input = h("input.unseen", { type: "file", id, accept, multiple: true, on: { change } });
  return h("label.button", {}, input, mark(sign), t(words));
}

async function add(draft, kind, file) {
  try {
    draft.attached.push(await KINDS[kind].clean(file));
  } catch (error) {
    say(t(error instanceof NotCleaned ? error.reason : KINDS[kind].fault));
  }
}

function shown(draft, one, at) {
  const remove = () => {
    letGo([one]);
    draft.attached.splice(at, 1);
    again();
  };
  const label = t(`alt_${one.kind}`, { number: at + 1 });
  const preview = one.kind === "PHOTO"
    ? h("img", { src: one.url, alt: label })
    : h("audio", { src: one.url, controls: true, controlsList: "nodownload", aria: { label } });
  return h("li", { data: { kind: one.kind } }, preview, act(t("remove"), remove, { primary: false }));
}

/** Gives the memory of previews back. */
export function letGo(attached) {
  for (const { url } of attached) URL.revokeObjectURL(url);
}
