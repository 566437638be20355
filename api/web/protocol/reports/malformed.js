/** The one way in which everything of reports refuses, and the few forms that more than one module asks for. */

import { fromBase64url } from "../bytes.js";
import { isUuid } from "../canonical.js";
import { Refusal } from "../refusals.js";

/** Something is not what a protected report is made of; `reason` is a stable word, `at` which one of several. */
export class ReportMalformed extends Refusal {
  constructor(reason, at = null) {
    super(at === null ? reason : `${reason} ${at}`);
    this.reason = reason;
    this.at = at;
  }
}

/** The bytes that base64url writes, if they are so many; else ReportMalformed with this reason. */
export function bytesOf(text, { size = null, reason = "not base64url" } = {}) {
  let data;
  try {
    data = fromBase64url(text);
  } catch {
    throw new ReportMalformed(reason);
  }
  if (size !== null && data.length !== size) throw new ReportMalformed(reason);
  return data;
}

/** An id that a client drew: a UUID of version 4, which says nothing of when it was made. */
export function mustBeId(text, reason) {
  if (!isUuid(text) || text[14] !== "4" || !"89ab".includes(text[19])) throw new ReportMalformed(reason);
  return text;
}
