/** What may live here: the buttons that check the covered pictures of a permalink in this browser, each by its proof. */

import { verifyPicture } from "../protocol/pictures.js";
import { offer } from "./checking.js";

const words = document.querySelector("[data-picture-words]")?.dataset ?? {};
<<<<<<< HEAD
const file = document.querySelector("[data-own] input[type=file]");

/** Whether the reader named keys that he kept: only they say more than that this server agrees with itself. */
const kept = () => file?.files.length > 0;

/** The keys that the reader kept, or else those that this server shows. */
async function trusted() {
  if (kept()) return JSON.parse(await file.files[0].text());
  return (await got("/.well-known/pithead-keys")).json();
}

async function got(path) {
  const answer = await fetch(path, { credentials: "omit" });
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  return answer;
}

function say(place, text, tone) {
  const said = place.querySelector("[data-said]");
  said.textContent = text;
  said.dataset.tone = tone;
}

function show(place, checks) {
  const steps = checks.map((check) => {
    const item = document.createElement("li");
    const mark = check.ok === true ? "✓" : check.ok === false ? "✕" : "–";
    const detail = document.createElement("small");
    detail.lang = "en";
    detail.textContent = check.detail ?? "";
    item.append(`${mark} ${words[`step${check.name[0].toUpperCase()}${check.name.slice(1)}`] ?? check.name} `, detail);
    item.dataset.ok = String(check.ok);
    return item;
  });
  place.querySelector("[data-steps]").replaceChildren(...steps);
}

async function check(place) {
  say(place, words.checking, "");
  let trust;
  try {
    trust = await trusted();
  } catch {
    say(place, kept() ? words.keysUnreadable : words.unreachable, "amber");
    place.querySelector("[data-steps]").replaceChildren();
    delete place.dataset.verdict;
    return;
  }
  try {
    const bundle = new Uint8Array(await (await got(place.dataset.picture)).arrayBuffer());
    const verdict = await verifyPicture(bundle, { trust });
    show(place, verdict.checks);
    const good = verdict.status === "VERIFIED";
    const held = kept() ? words.photoVerified : `${words.photoVerified} ${words.siteKeys}`;
    const told = good ? `✓ ${held}` : `✕ ${words.broken.replace("{why}", verdict.summary)}`;
    say(place, told, good ? "jade" : "cinnabar");
    place.dataset.verdict = verdict.status;
  } catch (error) {
    say(place, error instanceof TypeError ? words.unreachable : words.broken.replace("{why}", error.message), "amber");
  }
}
=======
>>>>>>> main

for (const place of document.querySelectorAll("[data-picture]")) {
  offer(place, { bundle: place.dataset.picture, words, verified: words.photoVerified, verify: verifyPicture });
}
