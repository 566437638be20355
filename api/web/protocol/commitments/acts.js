/** What the log says of a commitment (protocol §8b): the data of its entries, and whether they agree with it. */

import { isHash, isInteger, isLine, isUuid } from "../canonical.js";
import { sha256Hex } from "../sha256.js";
import { Refusal } from "../refusals.js";
import { timeText } from "../verdicts.js";

/** The kinds of entries by what a bundle calls them. */
export const KINDS = Object.freeze({
  signed: "commitment.signed", sealed: "commitment.sealed", stamped: "commitment.stamped",
  checked: "commitment.key_checked", agreed: "commitment.agreed",
});

const COMMON = ["digest", "mine", "mine_name", "principal", "principal_name", "year", "way", "pdf", "pdf_size"];
const BY_KEY = ["algorithm", "key", "signature", "checked"];
const OWN = { KEY: [...BY_KEY, "agreed"], PASSKEY: [...BY_KEY, "agreed", "origin", "relying_party"], INK: ["scan"] };
const HIS_OWN = ["KEY", "PASSKEY"];

/** Which entries a bundle holds: no more, and no fewer. @returns {string[]} */
export function needed({ way }, { sealed, stamped }) {
  const names = ["signed"];
  if (way !== "INK") names.push("checked");
  if (HIS_OWN.includes(way)) names.push("agreed");
  if (sealed) names.push("sealed");
  if (stamped) names.push("stamped");
  return names;
}

/** Refusal unless the data of `commitment.signed` has its members in their form, those of its way and no others. */
export function mustHaveForm({ data }) {
  const own = typeof data.way === "string" && Object.hasOwn(OWN, data.way) ? OWN[data.way] : BY_KEY;
  const known = [...COMMON, ...own];
  const [unknown, missing] = [Object.keys(data).filter((name) => !known.includes(name)), known.filter(lacks(data))];
  if (unknown.length + missing.length > 0) {
    throw new Refusal(`data: missing or unknown: ${[...unknown, ...missing].sort().join(", ")}`);
  }
  if (!isHash(data.pdf) || !isInteger(data.pdf_size, 1)) {
    throw new Refusal("pdf is no SHA-256 in lower-case hex, or pdf_size no size");
  }
  if (["checked", "agreed"].some((name) => Object.hasOwn(data, name) && !isUuid(data[name]))) {
    throw new Refusal("checked or agreed is no UUID");
  }
  const lines = ["mine_name", "principal_name", "origin", "relying_party"];
  const unreadable = lines.find((name) => Object.hasOwn(data, name) && !isLine(data[name]));
  if (unreadable !== undefined) throw new Refusal(`${unreadable} is no line`);
}

/** Refusal unless all entries speak of this commitment, and of its signature and seal as they are. */
export function mustAgree(entries, { document, about, signature, seal }) {
  const { signed } = entries;
  mustSay(signed, { ...ofYear(about, document), ...signature.told }, "signed");
  for (const [name, more] of [["sealed", seal?.told ?? {}], ["stamped", {}]]) {
    if (entries[name] === undefined) continue;
    mustSay(entries[name], { ...ofMine(about, document), ...more }, name);
    if (entries[name].subject !== signed.subject) throw new Refusal(`${name}: subject is not that of signed`);
  }
  mustBeHisAct(signed);
}

/** Refusal if somebody else did what only the principal does, signed in with his own device or passkey. */
export function mustBeHisAct({ data, actor }) {
  if (HIS_OWN.includes(data.way) && actor !== data.principal) {
    throw new Refusal("signed: somebody else than the principal acted");
  }
}

/** Who said before that the key is the principal's: an officer; Refusal unless also the way was agreed upon. */
export function mustBeHis(entries, { about, signature }) {
  const { signed, checked } = entries;
  const his = { mine: about.mine, principal: about.principal };
  const { way, algorithm, key } = signature.told;
  mustSay(checked, { ...his, way, algorithm, key }, "checked");
  if (checked.actor === undefined || checked.actor === about.principal) {
    throw new Refusal("checked: no officer checked the key");
  }
  for (const name of ["checked", "agreed"]) {
    if (entries[name] === undefined) continue;
    if (signed.data[name] !== entries[name].id) throw new Refusal(`${name}: the entry is not the one that signed names`);
    if (entries[name].at > signed.at) throw new Refusal(`${name}: only after it was signed`);
  }
  if (entries.agreed !== undefined) mustSay(entries.agreed, his, "agreed");
  return checked.actor;
}

/** When, by whom and in which way it was signed, as verdicts write it. @returns {string} */
export function toldOf({ at, data }) {
  const how = data.way === "INK" ? "in ink (the lower level)" : `by ${data.way.toLowerCase()}`;
  return `signed ${timeText(at)} by ${data.principal_name} ${how}; whether it still stands, the log says`;
}

function ofMine({ mine }, document) {
  return { digest: sha256Hex(document), mine };
}

/** Names too, so that the log itself says them to who has only its word. */
function ofYear(about, document) {
  const { mine_name, principal, principal_name, year } = about;
  return { ...ofMine(about, document), mine_name, principal, principal_name, year };
}

function mustSay({ data }, told, name) {
  for (const [member, expected] of Object.entries(told)) {
    const found = Object.hasOwn(data, member) ? data[member] : null;
    if (found !== expected) throw new Refusal(`${name}: ${member} is ${JSON.stringify(found)}, not ${expected}`);
  }
}

function lacks(data) {
  return (name) => !Object.hasOwn(data, name);
}
