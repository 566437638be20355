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
  const [day, hour, minute] = inGuizhou(Date.parse(text)).split(/[T:]/);
  if (tongue === "en") return `${dayOf(day)}, ${hour}:${minute}`;
  return `${dayOf(day)}${Number(hour)}时${minute === "00" ? "" : `${Number(minute)}分`}`;
}

/** 2026年11月29日13时至14时: what is told by its hour alone; a bare 13:00 would seem earlier than 13:07. */
export function withinHour(text) {
  const [day, hour] = inGuizhou(Date.parse(text)).split(/[T:]/);
  const next = Number(hour) + 1;
  if (tongue === "en") return `${dayOf(day)}, ${hour}:00–${String(next).padStart(2, "0")}:00`;
  return `${dayOf(day)}${Number(hour)}时至${next}时`;
}

/** As the clocks of Guizhou show it, whatever the phone's are set to: eight hours ahead of UTC, in every season. */
function inGuizhou(ms) {
  return new Date(ms + 8 * 3_600_000).toISOString();
}

/** A date of law, 2026-11-29, as people write it. */
export function dayOf(text) {
  const [year, month, day] = text.split("-").map(Number);
  if (tongue === "zh") return `${year}年${month}月${day}日`;
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** Today, as 2026-11-29. */
export function today() {
  return inGuizhou(Date.now()).slice(0, 10);
}
