/** How times are written at the desk: always Beijing time, whatever the computer's own zone is. */

import { english } from "../app/words.js";
import { t } from "./words.js";

const ZONE = "Asia/Shanghai";
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** 2026年11月24日, or 24 Nov 2026. */
export function day(ms) {
  return new Date(ms).toLocaleDateString(english() ? "en-GB" : "zh-CN", {
    timeZone: ZONE,
    year: "numeric",
    month: english() ? "short" : "long",
    day: "numeric",
  });
}

/** 18:50 */
export function clock(ms) {
  return new Date(ms).toLocaleTimeString("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
}

/** The minute, with its day unless it is of today. */
export function moment(at) {
  const then = Date.parse(at);
  return day(then) === day(Date.now()) ? clock(then) : `${day(then)} ${clock(then)}`;
}

/** A day of the law, which begins at midnight in Guizhou. */
export function dayOf(date) {
  return day(Date.parse(`${date}T00:00:00+08:00`));
}

/** How long ago, in the largest unit that still tells something: minutes for two hours, hours for two days, then days. */
export function since(ms) {
  const past = Date.now() - ms;
  if (past < MINUTE) return t("just");
  if (past < 2 * HOUR) return t("minutes", { count: Math.floor(past / MINUTE) });
  return past < 2 * DAY ? t("hours", { count: Math.floor(past / HOUR) }) : t("days", { count: Math.floor(past / DAY) });
}

/** The minute, and how long ago it was. */
export function ago(at) {
  return t("ago", { time: moment(at), since: since(Date.parse(at)) });
}

/** How long ago a day of the law was over. */
export function sinceDay(date) {
  return since(Date.parse(`${date}T00:00:00+08:00`) + DAY);
}
