/** How far a filing came that failed once its receipt was on paper: nothing, unknown, filed, or over. No words here. */

import { Refused } from "./server.js";

/**
 * What is known after a fault: a refusal of what is sent says that nothing of it was filed. What was sent and not
 * answered stays unknown until the server answers to it.
 * @param {{stage?: string, filed?: object}} begun what is under way; its stage is kept there
 */
export function stageAfter(begun, error) {
  if (begun.filed) return "filed";
  begun.stage ??= "nothing";
  if (error instanceof Refused) {
    if (error.code !== "RESERVATION_OVER") begun.stage = "nothing";
    else if (begun.stage !== "unknown") begun.stage = "over"; // An earlier try may stand: its locator is used then.
  }
  return begun.stage;
}
