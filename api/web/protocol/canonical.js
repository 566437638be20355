/** Canonical JSON (RFC 8785, protocol §1) and the few forms of text that stand in it: nothing else may live here. */

import { firstFaultOfUtf8, same, textOf, utf8 } from "./bytes.js";
import { NotCanonical } from "./refusals.js";

/** How deep lists and objects may be nested. */
export const DEPTH = 16;

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH_TEXT = /^[0-9a-f]{64}$/;
const POSITION_TEXT = /^(?:0|[1-9][0-9]{0,18})$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * RFC 8785 over objects, lists, text, integers and true or false; NotCanonical for anything else.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function canonical(value) {
  return utf8(write(value, 0));
}

/**
 * The object that `data` writes, without a prototype; NotCanonical unless canonical(result) gives the same bytes.
 * @param {Uint8Array} data
 * @param {number} limit the most bytes that it may have
 * @returns {Record<string, unknown>}
 */
export function parseCanonical(data, limit) {
  if (data.length > limit) throw new NotCanonical(`${data.length} bytes are more than the ${limit} allowed`);
  const value = parse(data);
  if (!isObject(value)) throw new NotCanonical("not a JSON object", 0);
  const again = canonical(value);
  if (!same(again, data)) throw new NotCanonical("not written canonically", firstDifference(again, data));
  return value;
}

/**
 * JSON that people may have laid out with spaces, as trusted keys are; refused are the values that canonical JSON does
 * not know and members that stand there twice, since two readers could see two documents.
 * @param {Uint8Array} data
 * @returns {unknown}
 */
export function parseLaidOut(data) {
  const value = parse(data, { once: true });
  canonical(value);
  return value;
}

/** Is it a UUID in lower-case text with hyphens, of any version? @returns {boolean} */
export function isUuid(value) {
  return typeof value === "string" && UUID_TEXT.test(value);
}

/** Is it a SHA-256 in 64 lower-case hexadecimal digits? @returns {boolean} */
export function isHash(value) {
  return typeof value === "string" && HASH_TEXT.test(value);
}

/** Is it a position or size in decimal text, without leading zeros, of at most 19 digits? @returns {boolean} */
export function isPosition(value) {
  return typeof value === "string" && POSITION_TEXT.test(value);
}

/** The most bytes of a reason or another line that a person writes into a signed paper. */
export const LINE_LIMIT = 600;

/** Is it one line of 1 to 600 bytes, without control signs and breaks? @returns {boolean} */
export function isLine(value) {
  const size = typeof value === "string" ? utf8(value).length : 0;
  return size >= 1 && size <= LINE_LIMIT && !CONTROL.test(value);
}

/** Is it an integer between the bounds, both included? @returns {boolean} */
export function isInteger(value, atLeast = Number.MIN_SAFE_INTEGER, atMost = Number.MAX_SAFE_INTEGER) {
  return Number.isSafeInteger(value) && value >= atLeast && value <= atMost;
}

/** Is it an object, and neither a list nor null? @returns {boolean} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Which of the names given are missing, and which members are unknown, in order. @returns {string[]} */
export function differingMembers(value, names) {
  const there = Object.keys(value);
  const known = [...names];
  return [...there.filter((name) => !known.includes(name)), ...known.filter((name) => !there.includes(name))].sort();
}

function write(value, depth) {
  if (typeof value === "string") return writeText(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isInteger(value)) throw new NotCanonical(`${value} is no integer`);
    if (!Number.isSafeInteger(value)) throw new NotCanonical("an integer beyond 2^53");
    return String(value); // Writes -0 as 0.
  }
  if (typeof value !== "object" || value === null) {
    throw new NotCanonical(`a value of type ${value === null ? "null" : typeof value}`);
  }
  if (depth >= DEPTH) throw new NotCanonical(`nested more than ${DEPTH} deep`);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(",")}]`;
  // The default order of sort is that of UTF-16 code units, which is what RFC 8785 asks for.
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${writeText(name)}:${write(value[name], depth + 1)}`).join(",")}}`;
}

function writeText(text) {
  if (LONE_SURROGATE.test(text)) throw new NotCanonical("a lone surrogate is no text");
  return JSON.stringify(text);
}

function firstDifference(left, right) {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) if (left[at] !== right[at]) return at;
  return shorter;
}

function parse(data, { once = false } = {}) {
  const fault = firstFaultOfUtf8(data);
  if (fault >= 0) throw new NotCanonical("not UTF-8", fault);
  const reader = { text: textOf(data), at: 0, once };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < reader.text.length) refuse(reader);
  return value;
}

function refuse(reader, reason = "not JSON") {
  throw new NotCanonical(reason, utf8(reader.text.slice(0, reader.at)).length);
}

function take(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at += found[0].length;
  return found?.[0];
}

function skipSpace(reader) {
  take(reader, SPACE);
}

function takeSign(reader, sign) {
  if (reader.text[reader.at] !== sign) return false;
  reader.at += 1;
  return true;
}

function readValue(reader, depth) {
  skipSpace(reader);
  if (depth > DEPTH) refuse(reader, `nested more than ${DEPTH} deep`);
  if (takeSign(reader, '"')) return readText(reader);
  if (takeSign(reader, "{")) return readObject(reader, depth);
  if (takeSign(reader, "[")) return readList(reader, depth);
  for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
    if (reader.text.startsWith(word, reader.at)) {
      // Null is JSON, so it is refused for what it is and not for how it is written.
      if (value === null) refuse(reader, "a value of type null");
      reader.at += word.length;
      return value;
    }
  }
  return readNumber(reader);
}

function readNumber(reader) {
  const start = reader.at;
  const written = take(reader, NUMBER);
  if (written === undefined) refuse(reader);
  if (!/^-?[0-9]+$/.test(written)) throw new NotCanonical(`${written.slice(0, 40)} is no integer`);
  const value = Number(written);
  if (!Number.isSafeInteger(value)) {
    reader.at = start;
    refuse(reader, "an integer beyond 2^53");
  }
  return value + 0; // Never -0, which would be written back as 0 all the same.
}

function readText(reader) {
  let text = take(reader, PLAIN_TEXT);
  while (!takeSign(reader, '"')) {
    if (!takeSign(reader, "\\")) refuse(reader);
    text += readEscape(reader) + take(reader, PLAIN_TEXT);
  }
  return text;
}

function readEscape(reader) {
  const sign = reader.text[reader.at];
  if (sign === "u") {
    const digits = reader.text.slice(reader.at + 1, reader.at + 5);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) refuse(reader);
    reader.at += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  if (sign === undefined || !Object.hasOwn(ESCAPES, sign)) refuse(reader);
  reader.at += 1;
  return ESCAPES[sign];
}

function readObject(reader, depth) {
  const members = Object.create(null); // So that a member named __proto__ is a member like any other.
  skipSpace(reader);
  if (takeSign(reader, "}")) return members;
  do {
    skipSpace(reader);
    if (!takeSign(reader, '"')) refuse(reader);
    const name = readText(reader);
    if (reader.once && name in members) refuse(reader, "a member stands there twice");
    skipSpace(reader);
    if (!takeSign(reader, ":")) refuse(reader);
    members[name] = readValue(reader, depth + 1);
    skipSpace(reader);
  } while (takeSign(reader, ","));
  if (!takeSign(reader, "}")) refuse(reader);
  return members;
}

function readList(reader, depth) {
  const items = [];
  skipSpace(reader);
  if (takeSign(reader, "]")) return items;
  do {
    items.push(readValue(reader, depth + 1));
    skipSpace(reader);
  } while (takeSign(reader, ","));
  if (!takeSign(reader, "]")) refuse(reader);
  return items;
}
