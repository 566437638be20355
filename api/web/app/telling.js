/** How a piece and an inspection are told in one sentence, with the mark and the colour that go with it. */

import { size } from "./format.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** What still needs the network. */
export const WAITING = ["TAKING", "TAKEN", "SIGNED", "DECLARED", "UPLOADED", "RECEIVED"];

/** Does a person have to look at it? */
export function isTrouble(piece) {
  return piece.state === "REFUSED" || piece.state === "QUARANTINED" || piece.aside?.code === "s_UNPROVEN";
}

/** @returns {{text: string, tone: "jade" | "amber" | "cinnabar", mark: string, percent: number | null}} */
export function told(piece) {
  if (piece.state === "SEALED") return { text: t("s_SEALED"), tone: "jade", mark: "check", percent: null };
  if (isTrouble(piece))
    return { text: t(piece.aside?.code ?? `s_${piece.state}`), tone: "cinnabar", mark: "cross", percent: null };
  const progress = state.progress.get(piece.id);
  if (progress?.kind === "send") {
    const percent = percentOf(progress.sent, progress.size);
    const parts = progress.parts > 1 ? ` · ${t("parts", progress)}` : "";
    return { text: `${t("s_SENDING", { percent })}${parts}`, tone: "amber", mark: "send", percent };
  }
  if (progress?.kind === "hash" && piece.state === "TAKEN") {
    const both = { sent: size(progress.sent), size: size(progress.size) };
    return {
      text: t("s_TAKEN_PROGRESS", both),
      tone: "amber",
      mark: "wait",
      percent: percentOf(progress.sent, progress.size),
    };
  }
  return {
    text: waitingText(piece),
    tone: "amber",
    mark: "wait",
    percent: piece.sent > 0 && piece.state === "DECLARED" ? percentOf(piece.sent, piece.size) : null,
  };
}

function waitingText(piece) {
  const away = state.line !== "online" || state.mustSignIn;
  if (piece.aside) return t(piece.aside.code);
  if (piece.state === "DECLARED" && piece.sent > 0 && away)
    return t("s_DECLARED_OFFLINE", { percent: percentOf(piece.sent, piece.size) });
  if ((piece.state === "SIGNED" || piece.state === "DECLARED") && away) return t("s_SIGNED_OFFLINE");
  return t(`s_${piece.state}`);
}

export function percentOf(part, whole) {
  return whole > 0 ? Math.min(100, Math.floor((100 * part) / whole)) : 0;
}

/** The state of all pieces of an inspection in one sentence. */
export function toldOfAll(pieces) {
  const count = pieces.length;
  const sealed = pieces.filter((one) => one.state === "SEALED").length;
  const trouble = pieces.filter(isTrouble).length;
  if (trouble > 0) return { text: t("counts_trouble", { count, trouble }), tone: "cinnabar", mark: "cross" };
  if (sealed === count) return { text: t("all_sealed", { count }), tone: "jade", mark: "check" };
  return { text: t("counts_waiting", { count, sealed, waiting: count - sealed }), tone: "amber", mark: "wait" };
}

/** 照片 3 */
export function titleOf(piece) {
  return `${t(piece.kind)} ${piece.number}`;
}

/** How long sending still takes at the speed so far; empty while that is not known. */
export function leftOf({ sent, size: whole, begun }) {
  const seconds = (Date.now() - begun.at) / 1000;
  const moved = sent - begun.sent;
  if (seconds < 2 || moved <= 0) return "";
  const left = ((whole - sent) / moved) * seconds;
  const time =
    left < 90 ? t("seconds", { count: Math.max(1, Math.round(left)) }) : t("minutes", { count: Math.round(left / 60) });
  return t("left", { time });
}
