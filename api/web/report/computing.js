/** What takes a phone seconds: deriving a receipt's root, and the work that is asked under attack. Nothing else. */

import { derive, Receipt } from "../protocol/reports/reports.js";
import { work } from "../protocol/reports/reports.js";

/** Argon2id of the package that set-up installed. */
async function argon2id(password, salt, { memory, passes, lanes, size }) {
  if (globalThis.hashwasm?.argon2id === undefined) await import("../vendor/argon2.js");
  return globalThis.hashwasm.argon2id({
    password, salt, memorySize: memory, iterations: passes, parallelism: lanes, hashLength: size, outputType: "binary",
  });
}

/** Each answers what the page asks; both are the same in a worker and in the page itself. */
export const ASKED = {
  derive: ({ receipt, salt }) => derive(argon2id, new Receipt(receipt), salt),
  work: ({ reservation, bits }) => work(reservation, bits),
};
