/** How numbers, times and hashes are written for people: nothing else may live here. */

import { english } from "./words.js";

const UNITS = ["B", "KB", "MB", "GB"];

/** Bytes in words: 12.4 MB. */
export function size(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** 2026年11月24日, or 24 Nov 2026. */
export function day(ms) {
  const locale = english() ? "en-GB" : "zh-CN";
  return new Date(ms).toLocaleDateString(locale, {
    year: "numeric",
    month: english() ? "short" : "long",
    day: "numeric",
  });
}

/** 18:50:12 */
export function clock(ms, { seconds = true } = {}) {
  return new Date(ms).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds && { second: "2-digit" }),
  });
}

/** Length of a film: 1:05. */
export function length(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The beginning and the end of a hash. */
export function short(hash) {
  return `${hash.slice(0, 8)}…${hash.slice(-4)}`;
}
