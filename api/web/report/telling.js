/** What went wrong, in a sentence that says what to do: nothing else may live here. */

import { language } from "../app/speaking.js";
import { Refused, Unreachable } from "./server.js";
import { t } from "./words.js";

/** The sentence of an error. */
export function failureOf(error) {
  if (error instanceof Unreachable) return t("unreachable");
  if (error instanceof Refused) return t("refused", { said: error[language()] });
  if (error?.name === "DerivationDiffers") return t("derivation");
  return t("fault", { what: error?.reason ?? error?.message ?? error });
}
