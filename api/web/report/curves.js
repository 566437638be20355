/** Which curves this browser computes with: its own, or the audited package that set-up installed. */

import { curvesOf, hasBothCurves, webCurves } from "../protocol/reports/reports.js";

let chosen = null;

/** The curves, found out once. @returns {Promise<import("../protocol/reports/curves.js").Curves>} */
export function curves() {
  chosen ??= choose();
  return chosen;
}

async function choose() {
  if (await hasBothCurves()) return webCurves;
  await import("../vendor/nacl.js");
  return curvesOf(globalThis.nacl);
}
