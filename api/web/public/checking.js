/** What may live here: how a proof on a page is checked in this browser on a tap: its keys, its steps, its verdict. */

const MARKS = { true: "✓", false: "✕" };
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

function show(place, words, checks) {
  const steps = checks.map((check) => {
    const item = document.createElement("li");
    const step = check.name === "trust" && !kept() ? "siteTrust" : check.name;
    const name = words[`step${step[0].toUpperCase()}${step.slice(1)}`] ?? check.name;
    const detail = document.createElement("small");
    detail.lang = "en";
    detail.textContent = check.detail ?? "";
    item.append(`${MARKS[check.ok] ?? "–"} ${name} `, detail);
    item.dataset.ok = String(check.ok);
    return item;
  });
  place.querySelector("[data-steps]").replaceChildren(...steps);
}

async function check(place, { bundle, words, verified, agrees, verify }) {
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
    const bytes = new Uint8Array(await (await got(bundle)).arrayBuffer());
    const verdict = await verify(bytes, { trust });
    show(place, words, verdict.checks);
    const good = verdict.status === "VERIFIED";
    const told = good ? `✓ ${kept() ? verified : agrees}` : `✕ ${words.broken.replace("{why}", verdict.summary)}`;
    say(place, told, good ? "jade" : "cinnabar");
    place.dataset.verdict = verdict.status;
  } catch (error) {
    say(place, error instanceof TypeError ? words.unreachable : words.broken.replace("{why}", error.message), "amber");
  }
}

/** Shows the button of a place, which checks the file at the address `bundle` by `verify`; the words come of the page. */
export function offer(place, how) {
  const button = place.querySelector("[data-check]");
  if (button === null) return;
  button.hidden = false;
  button.addEventListener("click", () => check(place, how));
}
