/** The few marks: each stands beside a word and never instead of one. */

import { h, svg } from "./dom.js";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  film: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3z",
  next: "M9 5l7 7-7 7",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.900 2 7.500 6",
  wait: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.500l3 1.500",
  send: "M12 19V6M6 11.500L12 5.500l6 6",
  file: "M6 3.500h8l4 4v13H6zM14 3.500v4h4",
};

/** A line mark of 24 px. */
export function mark(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}

/** The mark of the house: the sign for a well, since a pithead is a well's mouth (井口). */
export function brandMark(size) {
  const sign = svg("path", { d: "M16 25h32M16 39h32M27 15v17c0 9-3 14-9 18M37 15v35", class: "sign" });
  return svg(
    "svg",
    { viewBox: "0 0 64 64", width: size, height: size, class: "brandmark", "aria-hidden": "true" },
    svg("rect", { width: 64, height: 64, rx: 10 }),
    sign,
  );
}

/** The seal: a small square beside whatever can be checked. `kind` is whole, open or broken. */
export function seal(kind = "whole") {
  return h(
    "span.seal",
    { class: kind, aria: { hidden: "true" } },
    kind === "broken" ? "否" : kind === "open" ? "待" : "封",
  );
}
