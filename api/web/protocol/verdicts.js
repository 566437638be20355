/** Verdicts: the named checks of one verification, in order, and what they come to (protocol §8). */

import { Refusal } from "./refusals.js";

/** What a verification came to, as it is written for people. */
export const Status = Object.freeze({
  VERIFIED: "VERIFIED",
  CONSISTENT_BUT_UNTRUSTED: "CONSISTENT BUT UNTRUSTED",
  BROKEN: "BROKEN",
});

const EXIT_CODES = { [Status.VERIFIED]: 0, [Status.BROKEN]: 1, [Status.CONSISTENT_BUT_UNTRUSTED]: 2 };

/**
 * One check: whether it held (null: it could not be made), and what was found.
 * @typedef {{name: string, ok: boolean | null, detail: string}} Check
 */

/**
 * All checks in order, the status, one line for people, the exit code of a program that prints it, the first check that
 * failed, and whether every check held, that of the original's bytes included.
 * @typedef {{status: string, checks: Check[], summary: string, exitCode: number, failed: Check | null,
 *   complete: boolean}} Verdict
 */

/** @returns {Verdict} */
export function verdictOf(status, checks, summary) {
  const failed = checks.find((check) => check.ok === false) ?? null;
  const complete = checks.every((check) => check.ok === true);
  return Object.freeze({ status, checks, summary, exitCode: EXIT_CODES[status], failed, complete });
}

/** Collects checks; a step that cannot be made because an earlier one failed is listed as such. */
export class Checks {
  /** @type {Check[]} */
  made = [];

  /**
   * What the step found, or null if it refused or if something needed is null.
   * @param {string} name
   * @param {unknown[]} needed handed to the step
   * @param {(...needed: any[]) => [unknown, string] | Promise<[unknown, string]>} step gives a finding and its detail
   */
  async run(name, needed, step) {
    if (needed.includes(null)) {
      this.skip(name, "not checked: an earlier check failed");
      return null;
    }
    try {
      const [found, detail] = await step(...needed);
      this.made.push({ name, ok: true, detail: printable(detail) });
      return found;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.made.push({ name, ok: false, detail: printable(error.message) });
      return null;
    }
  }

  /** List a check that could not be made, and why. */
  skip(name, detail) {
    this.made.push({ name, ok: null, detail });
  }
}

/** The text without anything that could steer the reader's terminal or page, and not too long to read. */
export function printable(text) {
  return [...text].slice(0, 400).join("").replace(/(?! )[\p{C}\p{Z}]/gu, "\ufffd");
}

/** A time in ms since 1970 UTC, as verdicts write it. @param {number} at @returns {string} */
export function timeText(at) {
  const readable = at >= Date.UTC(1970) - 62_135_596_800_000 && at < Date.UTC(10_000);
  return readable ? new Date(at).toISOString().replace("Z", "+00:00") : `at ${at} ms`;
}
