/** What may live here: the buttons that check the covered pictures of a permalink in this browser, each by its proof. */

import { verifyPicture } from "../protocol/pictures.js";
import { offer } from "./checking.js";

const words = document.querySelector("[data-picture-words]")?.dataset ?? {};

for (const place of document.querySelectorAll("[data-picture]")) {
  const verified = words.photoVerified;
  const agrees = `${verified} ${words.siteKeys}`;
  offer(place, { bundle: place.dataset.picture, words, verified, agrees, verify: verifyPicture });
}
