/** In which language the page speaks, for as long as it is open: nothing is kept of it, and nothing else lives here. */

let tongue = "zh";

/** zh or en. */
export function language() {
  return tongue;
}

/** Speaks this language from now on. */
export function speak(chosen) {
  tongue = chosen;
  document.documentElement.lang = chosen === "en" ? "en" : "zh-CN";
}

/** What tells the sentences of a page, by code, with their parameters; the code itself where there is none. */
export function teller(words) {
  return (code, parameters = {}) => {
    const text = words[code]?.[tongue === "en" ? 1 : 0] ?? code;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(parameters[name] ?? ""));
  };
}

/** 2026年11月29日11时, or 29 Nov 2026, 11:00: the server tells no finer time of a report. */
export function hourOf(text) {
  const at = new Date(text);
  if (tongue === "en") {
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    return `${day}, ${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  }
  const minutes = at.getMinutes() === 0 ? "" : `${at.getMinutes()}分`;
  return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日${at.getHours()}时${minutes}`;
}

/** A date of law, 2026-11-29, as people write it. */
export function dayOf(text) {
  const [year, month, day] = text.split("-").map(Number);
  if (tongue === "zh") return `${year}年${month}月${day}日`;
  const at = new Date(year, month - 1, day);
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** Today where the reporter is, as 2026-11-29. */
export function today() {
  const at = new Date();
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
