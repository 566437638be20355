/** The inspection under way: where, in what state, what was taken, and the one thing to do. */

import { h } from "../dom.js";
import { retry, wake } from "../drain.js";
import { bar, head, notice, notices, sentence } from "../frame.js";
import { clock, day, length, size } from "../format.js";
import { noteJoining } from "../inspecting.js";
import { mark, seal } from "../marks.js";
import { changed, current, piecesOf, reread, state } from "../state.js";
import { isTrouble, leftOf, titleOf, told, toldOfAll } from "../telling.js";
import { t } from "../words.js";

const pictures = new Map();

/** The small picture of a piece, or a mark of its kind. */
export function picture(piece) {
  if (!(piece.thumb instanceof Blob))
    return h("span.thumb", { aria: { hidden: "true" } }, mark(piece.kind === "photo" ? "camera" : "film"));
  if (!pictures.has(piece.id)) pictures.set(piece.id, URL.createObjectURL(piece.thumb));
  return h("img.thumb", { src: pictures.get(piece.id), alt: "", width: 64, height: 64 });
}

export function home() {
  const main = h("main", {});
  const element = h("div.page", {});
  const rows = new Map();
  const list = h("ol.pieces", {});

  function update() {
    const inspection = current();
    element.replaceChildren(head(), main, action(inspection));
    if (inspection === null) main.replaceChildren(...notices(), ...state.joinable.map(joining), nothingOpen());
    else main.replaceChildren(...notices(), ...state.joinable.map(joining), about(inspection), pieces(inspection));
  }

  function pieces(inspection) {
    const found = piecesOf(inspection).reverse();
    if (found.length === 0) return nothingTaken();
    const wanted = found.map((piece) => row(piece));
    if (wanted.some((one, at) => list.children[at] !== one) || list.children.length !== wanted.length)
      list.replaceChildren(...wanted);
    return h("section", {}, h("h2", {}, t("evidence")), list);
  }

  /** A row is made again only if what it says has changed, so that nothing jumps under a finger. */
  function row(piece) {
    const says = told(piece);
    const key = JSON.stringify([says, piece.state, piece.thumb !== null, t("name")]);
    const before = rows.get(piece.id);
    if (before?.key === key) return before.element;
    const made = pieceRow(piece, says);
    rows.set(piece.id, { key, element: made });
    return made;
  }

  update();
  state.phone.readJoinable().then(
    (joinable) => changed({ joinable }),
    () => {},
  ); // Offline there is nothing to join.
  return { element, update };
}

/** An inspection that another officer opened and that names this one. */
function joining(inspection) {
  const join = async () => {
    await noteJoining(state.phone, inspection);
    changed({ joinable: state.joinable.filter(({ id }) => id !== inspection.id) });
    await reread();
    wake();
  };
  const told = t("to_join", { mine: inspection.mineName, officers: inspection.officers.join("、") });
  return notice("amber", t("to_join_title"), told, h("button", { type: "button", on: { click: join } }, t("join")));
}

function pieceRow(piece, says) {
  const facts = [piece.length ? length(piece.length) : null, clock(piece.wall)];
  return h(
    "li",
    { data: { state: piece.state, id: piece.id } },
    h(
      "a.piece",
      { href: `#/piece/${piece.id}` },
      picture(piece),
      h(
        "div.words",
        {},
        h("p.name", {}, h("b", {}, titleOf(piece)), h("span.figures", {}, facts.filter(Boolean).join(" · "))),
        h("p.state", { data: { tone: says.tone } }, h("span", {}, says.text)),
        says.percent === null ? null : h("progress", { max: 100, value: says.percent, aria: { label: says.text } }),
      ),
      piece.state === "SEALED" ? seal() : isTrouble(piece) ? seal("broken") : seal("open"),
    ),
  );
}

function about(inspection) {
  const pieces = piecesOf(inspection);
  const registered = inspection.opened && inspection.recording.opened;
  const [surface, under] = inspection.opening.places.map(({ name }) => name);
  return h(
    "section.about",
    {},
    h("p.kicker", {}, t("inspection")),
    h("h1", {}, inspection.mineName),
    h("p.quiet", {}, t("begun", { day: day(inspection.notedAt), time: clock(inspection.notedAt, { seconds: false }) })),
    h("p.quiet", {}, inspection.officers.join("、")),
    h("p.quiet", {}, `${surface} · ${under}`),
    inspection.refused
      ? notice(
          "cinnabar",
          t("inspection_refused"),
          t("inspection_refused_text", { sentence: inspection.refused.sentence }),
          h("button", { type: "button", on: { click: () => retry(state.phone) } }, t("again")),
        )
      : registered
        ? null
        : sentence({ text: t("not_registered"), tone: "amber", mark: "wait" }),
    pieces.length > 0 ? sentence(toldOfAll(pieces)) : null,
    sending(pieces),
  );
}

/** All that is on its way: bytes, and the time left. */
function sending(pieces) {
  const going = pieces.map((one) => state.progress.get(one.id)).filter((one) => one?.kind === "send");
  if (going.length === 0) return null;
  const [sent, whole] = [going.reduce((sum, one) => sum + one.sent, 0), going.reduce((sum, one) => sum + one.size, 0)];
  const left = leftOf(going[0]);
  return h(
    "div.sending",
    {},
    h("p.figures", {}, [t("sending_all", { sent: size(sent), size: size(whole) }), left].filter(Boolean).join(" · ")),
    h("progress", { max: whole, value: sent }),
  );
}

function nothingOpen() {
  return h("section.empty", {}, h("h1", {}, t("no_inspection")), h("p", {}, t("no_inspection_text")));
}

function nothingTaken() {
  return h(
    "section.empty",
    {},
    h("h2", {}, t("no_evidence")),
    h("p", {}, t(state.line === "online" ? "no_evidence_text" : "no_evidence_offline")),
  );
}

function action(inspection) {
  if (inspection === null) return bar(h("a.button.primary", { href: "#/open" }, t("open_inspection")));
  return bar(h("a.button.primary", { href: "#/camera" }, mark("camera"), t("capture")));
}
