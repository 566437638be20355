/** What may live here: the button of a permalink that checks its proof in this browser, and says each step. */

import { verifyDisclosure } from "../protocol/disclosures.js";
import { offer } from "./checking.js";

const place = document.querySelector("[data-bundle]");

if (place !== null) {
  const words = place.querySelector("[data-words]").dataset;
  place.querySelector("[data-own]").hidden = false;
  const { verified, agrees } = words;
  offer(place, { bundle: place.dataset.bundle, words, verified, agrees, verify: verifyDisclosure });
}
