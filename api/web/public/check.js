/** What may live here: the button of a permalink that checks its proof in this browser, and says each step. */

import { verifyDisclosure } from "../protocol/disclosures.js";
import { offer } from "./checking.js";

const place = document.querySelector("[data-bundle]");

<<<<<<< HEAD
/** Whether the reader named keys that he kept: only they say more than that this server agrees with itself. */
const kept = () => file.files.length > 0;

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

function say(text, tone) {
  const said = place.querySelector("[data-said]");
  said.textContent = text;
  said.dataset.tone = tone;
}

function show(checks) {
  const steps = checks.map((check) => {
    const item = document.createElement("li");
    const mark = check.ok === true ? "✓" : check.ok === false ? "✕" : "–";
    const step = check.name === "trust" && !kept() ? "siteTrust" : check.name;
    const name = words[`step${step[0].toUpperCase()}${step.slice(1)}`] ?? check.name;
    const detail = document.createElement("small");
    detail.lang = "en";
    detail.textContent = check.detail ?? "";
    item.append(`${mark} ${name} `, detail);
    item.dataset.ok = String(check.ok);
    return item;
  });
  place.querySelector("[data-steps]").replaceChildren(...steps);
}

async function check() {
  say(words.checking, "");
  let trust;
  try {
    trust = await trusted();
  } catch {
    say(kept() ? words.keysUnreadable : words.unreachable, "amber");
    place.querySelector("[data-steps]").replaceChildren();
    delete place.dataset.verdict;
    return;
  }
  try {
    const bundle = new Uint8Array(await (await got(place.dataset.bundle)).arrayBuffer());
    const verdict = await verifyDisclosure(bundle, { trust });
    show(verdict.checks);
    const good = verdict.status === "VERIFIED";
    const held = kept() ? words.verified : words.agrees;
    say(good ? `✓ ${held}` : `✕ ${words.broken.replace("{why}", verdict.summary)}`, good ? "jade" : "cinnabar");
    place.dataset.verdict = verdict.status;
  } catch (error) {
    say(error instanceof TypeError ? words.unreachable : words.broken.replace("{why}", error.message), "amber");
  }
}

if (button) {
  button.hidden = false;
  own.hidden = false;
  button.addEventListener("click", check);
=======
if (place !== null) {
  const words = place.querySelector("[data-words]").dataset;
  place.querySelector("[data-own]").hidden = false;
  offer(place, { bundle: place.dataset.bundle, words, verified: words.verified, verify: verifyDisclosure });
>>>>>>> main
}
