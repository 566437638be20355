/** Receipts of reporters: how locator and secret are written, read back as people type them, and checked at once. */

import { randomBytes } from "../../client/chance.js";
import { ReportMalformed } from "./malformed.js";

/** The digit of the strongest derivation. */
export const STRONGEST = "3";
/** The first digit of a receipt says how its keys are derived (derivation.js). */
export const PARAMETERS = ["1", "2", "3"];
/** How many words the list has, and signs each of them. */
export const [COUNT, SIGNS] = [4_096, 2];

const [LOCATOR_DIGITS, SECRET_DIGITS, LOCATOR_WORDS, SECRET_WORDS] = [6, 18, 2, 4];
const DOT = " · ";
// Whatever people put between groups says nothing, so it is not read.
const SKIPPED = /[\s·・•‧∙.,、，。\-‐-―_/|:：;；]+/gu;
// Digits as they are read out on the telephone and then written down.
const SPOKEN = new Map([..."〇零幺一二三四五六七八九"].map((sign, at) => [sign, "001123456789"[at]]));

/** The words of a list: the first line says how it was made, every other line holds words and spaces. */
export function readWords(text) {
  return text.split("\n").slice(1).flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
}

/** The only way back into a report. `form` is D or W, `parameters` a digit; nothing of it is written down here. */
export class Receipt {
  constructor({ form, parameters, locator, secret }) {
    Object.assign(this, { form, parameters, locator, secret });
  }

  /** What is shown, read out and written down, group by group; the first is the digit of the parameters. */
  groups() {
    const told = Array.from(this.locator + this.secret);
    const step = this.form === "D" ? 3 : SIGNS;
    const groups = [];
    for (let at = 0; at < told.length; at += step) groups.push(told.slice(at, at + step).join(""));
    return [this.parameters, ...groups];
  }

  /** The whole receipt on one line, locator and secret apart: 3 · 482 913 · 551 204 338 917 620 045. */
  text() {
    const [first, ...rest] = this.groups();
    return [first, rest.slice(0, 2).join(" "), rest.slice(2).join(" ")].join(DOT);
  }

  /** Is it the last group that was typed back? Whoever can write it has the receipt on paper. */
  endsWith(typed) {
    const plain = read(typed);
    return (this.form === "D" ? asDigits(plain) : plain) === this.groups().at(-1);
  }

  /** How many signs were typed back for the last group, if they are not as many as it has; else null. */
  lengthOf(typed) {
    const length = Array.from(read(typed)).length;
    return length === Array.from(this.groups().at(-1)).length ? null : length;
  }
}

/** A receipt with a fresh secret for a locator that the server reserved; `words` is the list where it is in words. */
export function makeReceipt(form, locator, { parameters = STRONGEST, words = [], draw = randomBelow } = {}) {
  mustBeParameters(parameters);
  const parts = form === "D"
    ? Array.from({ length: SECRET_DIGITS }, () => String(draw(10)))
    : Array.from({ length: SECRET_WORDS }, () => mustBeList(words)[draw(COUNT)]);
  return new Receipt({ form, parameters, locator: mustBeLocator(form, locator, words), secret: parts.join("") });
}

/** The locator, if it is written the one way that the server knows; ReportMalformed for any other text. */
export function mustBeLocator(form, locator, words = null) {
  const digits = form === "D" && locator.length === LOCATOR_DIGITS && isDigits(locator);
  const worded = form === "W" && Array.from(locator).length === LOCATOR_WORDS * SIGNS;
  if (!digits && !worded) throw new ReportMalformed("locator");
  if (worded && words !== null) mustBeWords(Array.from(locator), words);
  return locator;
}

/**
 * The receipt that somebody typed: full-width digits, spoken digits, spaces and dots are all the same.
 *
 * ReportMalformed says what is wrong: `sign` (which one, from 1), `length` (how many were read), `word` (which of the
 * six is none of ours) or `parameters` (the first digit is not 1, 2 or 3).
 * @param {string} typed
 * @param {string[]} words the list
 */
export function parseReceipt(typed, words) {
  const plain = Array.from(read(typed));
  if (plain.length === 0) throw new ReportMalformed("length", 0);
  const digits = Array.from(asDigits(plain.join("")));
  // Six words and no digit before them, for example: what is missing is the first group.
  if (!isDigits(digits[0])) throw new ReportMalformed("parameters");
  if (digits.slice(1).every((sign) => sign < "\u0080")) return ofDigits(digits);
  return ofWords(digits[0], plain.slice(1), words);
}

function ofDigits(digits) {
  const stranger = digits.findIndex((sign) => !isDigits(sign));
  if (stranger >= 0) throw new ReportMalformed("sign", stranger + 1);
  if (digits.length !== 1 + LOCATOR_DIGITS + SECRET_DIGITS) throw new ReportMalformed("length", digits.length);
  const [parameters, cut] = [mustBeParameters(digits[0]), 1 + LOCATOR_DIGITS];
  return new Receipt({
    form: "D", parameters, locator: digits.slice(1, cut).join(""), secret: digits.slice(cut).join(""),
  });
}

function ofWords(digit, body, words) {
  if (body.length !== SIGNS * (LOCATOR_WORDS + SECRET_WORDS)) throw new ReportMalformed("length", 1 + body.length);
  mustBeWords(body, words);
  const [parameters, cut] = [mustBeParameters(digit), LOCATOR_WORDS * SIGNS];
  return new Receipt({ form: "W", parameters, locator: body.slice(0, cut).join(""), secret: body.slice(cut).join("") });
}

function mustBeWords(signs, words) {
  const known = new Set(mustBeList(words));
  for (let at = 0; at < signs.length; at += SIGNS) {
    if (!known.has(signs.slice(at, at + SIGNS).join(""))) throw new ReportMalformed("word", at / SIGNS + 1);
  }
}

function mustBeList(words) {
  if (words.length !== COUNT) throw new ReportMalformed("list", words.length);
  return words;
}

function mustBeParameters(digit) {
  if (!PARAMETERS.includes(digit)) throw new ReportMalformed("parameters");
  return digit;
}

function isDigits(text) {
  return /^[0-9]+$/.test(text);
}

function asDigits(text) {
  return Array.from(text, (sign) => SPOKEN.get(sign) ?? sign).join("");
}

/** Compatibility forms (full-width digits) become plain, then separators go. NFKC changes no word of the list. */
function read(typed) {
  return typed.normalize("NFKC").replace(SKIPPED, "");
}

/** A number below `count`, each as likely as any other. */
function randomBelow(count) {
  const whole = 2 ** 32 - (2 ** 32 % count);
  for (;;) {
    const drawn = new DataView(Uint8Array.from(randomBytes(4)).buffer).getUint32(0);
    if (drawn < whole) return drawn % count;
  }
}
