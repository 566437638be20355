/** One piece: in what state it is, what was signed about it, and its proof, checked on the spot. */

import { h } from "../dom.js";
import { retry } from "../drain.js";
import { head, notices, sentence } from "../frame.js";
import { clock, day, short, size } from "../format.js";
import { mark, seal } from "../marks.js";
import { verified } from "../reader.js";
import { state } from "../state.js";
import { isTrouble, titleOf, told } from "../telling.js";
import { t } from "../words.js";

export function piece(id) {
  const element = h("div.page", {});
  const stage = h("div.stage", {});
  const proof = h("section.proof", {});
  let picture = null;
  let before = "";
  let verdict = null;
  let checking = false;
  let detailed = false;

  function update() {
    const row = state.pieces.find((one) => one.id === id);
    if (row === undefined) {
      location.hash = "#/";
      return;
    }
    const key = JSON.stringify([told(row), row.state, row.aside, verdict, checking, detailed]);
    if (key === before) return;
    before = key;
    proof.replaceChildren(...proofOf(row));
    element.replaceChildren(
      head({ back: "#/", title: titleOf(row) }),
      h("main", {}, ...notices(), stage, sentence(told(row)), reasonOf(row), factsOf(row), proof),
    );
  }

  function proofOf(row) {
    const shown = verdict ?? row.verdict;
    const title = h("h2", {}, row.state === "SEALED" ? seal() : shown ? seal("broken") : seal("open"), t("proof"));
    if (!row.proof) return [title, h("p.quiet", {}, t("proof_none"))];
    const failed = shown?.checks.find(
      ({ name, ok }) => ok !== true && !(name === "original" && row.state === "SEALED"),
    );
    return [
      title,
      h("p.quiet", {}, t("proof_text")),
      shown
        ? sentence(
            failed
              ? { text: t("proof_bad", { name: t(`c_${failed.name}`) }), tone: "cinnabar", mark: "cross" }
              : { text: t("proof_good"), tone: "jade", mark: "check" },
          )
        : null,
      shown
        ? h(
            "ol.checks",
            { class: detailed ? "detailed" : "plain" },
            shown.checks.map((check) => checkRow(check, row)),
          )
        : null,
      shown
        ? h(
            "button.link",
            {
              type: "button",
              on: {
                click: () => {
                  detailed = !detailed;
                  update();
                },
              },
            },
            t(detailed ? "details_less" : "details_more"),
          )
        : null,
      h(
        "button",
        { type: "button", disabled: checking, on: { click: () => check(row) } },
        t(checking ? "checking" : "check_now"),
      ),
    ].filter(Boolean);
  }

  async function check(row) {
    checking = true;
    update();
    const original = await state.phone.kept.original(id);
    verdict = await verified(row.proof, { original, trust: state.phone.pinned });
    checking = false;
    update();
  }

  async function load() {
    const row = state.pieces.find((one) => one.id === id);
    const blob = (await state.phone.kept.original(id)) ?? row?.thumb;
    if (!blob) return;
    picture = URL.createObjectURL(blob);
    const film = row.kind !== "photo" && blob !== row.thumb && row.state !== "TAKING";
    stage.replaceChildren(
      film
        ? h(row.kind === "sound" ? "audio" : "video", {
            src: picture,
            controls: true,
            playsInline: true,
            preload: "metadata",
          })
        : h("img", { src: picture, alt: row ? titleOf(row) : "" }),
    );
  }

  update();
  load();
  return { element, update, end: () => picture && URL.revokeObjectURL(picture) };
}

function checkRow({ name, ok, detail }, row) {
  const gone = name === "original" && ok !== true && row.state === "SEALED";
  const tone = ok === true || gone ? "jade" : ok === false ? "cinnabar" : "amber";
  return h(
    "li",
    { data: { tone, check: name } },
    mark(ok === true || gone ? "check" : ok === false ? "cross" : "wait"),
    h("div", {}, h("b", {}, t(`c_${name}`)), h("p.detail", {}, gone ? t("original_gone") : detail)),
  );
}

function reasonOf(row) {
  const text = row.aside?.detail ?? t(row.reason);
  if (!text) return row.cut ? h("p.quiet", {}, t("s_CUT")) : null;
  const button = row.aside
    ? h("button", { type: "button", on: { click: () => retry(state.phone) } }, t("again"))
    : null;
  return h("div.reason", { data: { tone: isTrouble(row) ? "cinnabar" : "amber" } }, h("p", {}, text), button);
}

function factsOf(row) {
  const { place } = row;
  const position =
    place.lat === undefined
      ? t("no_position")
      : `${(place.lat / 1e7).toFixed(5)}, ${(place.lon / 1e7).toFixed(5)}${place.accuracy ? ` ± ${Math.round(place.accuracy / 100)} m` : ""}`;
  const facts = [
    [t("taken_at"), h("span.figures", {}, `${day(row.wall)} ${clock(row.wall)}`)],
    [t("bytes"), h("span.figures", {}, size(row.size))],
    row.type ? [t("media"), row.type] : null,
    [t("position"), h("span.figures", {}, position)],
    row.seq >= 0 ? [t("chain"), h("span.figures", {}, String(row.seq))] : null,
    row.sha256 ? [t("fingerprint"), hash(row.sha256)] : null,
    row.proof ? [t("log_position"), h("span.figures", {}, row.proof.sealed.position)] : null,
    [t("copy"), t(row.state === "SEALED" ? "copy_gone" : "copy_there")],
  ].filter(Boolean);
  return h(
    "section",
    {},
    h("h2", {}, t("facts")),
    h(
      "dl.facts",
      {},
      facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    ),
  );
}

/** A hash is short, and whole on request. */
function hash(whole) {
  const button = h("button.hash", { type: "button", title: t("shown_whole") }, short(whole));
  button.addEventListener("click", () => {
    button.textContent = button.textContent === whole ? short(whole) : whole;
  });
  return button;
}
