/** The page's side of the worker that computes: one worker for each task, and its memory is given back with it. */

import { ASKED } from "./computing.js";

const ADDRESS = "/report/web/report/worker.js";
const policy = globalThis.trustedTypes?.createPolicy("report", { createScriptURL: () => ADDRESS });

/** The root of a receipt. DerivationDiffers by name; RangeError or others where this phone lacks the memory. */
export function derived(receipt, salt) {
  return asked("derive", { receipt: { ...receipt }, salt });
}

/** The nonce of the work that is asked. */
export function worked(reservation, bits) {
  return asked("work", { reservation, bits });
}

function asked(ask, given) {
  let worker;
  try {
    worker = new Worker(policy?.createScriptURL("") ?? ADDRESS, { type: "module" });
  } catch {
    return ASKED[ask](given); // A browser without such workers computes in the page, which then waits.
  }
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { answer, fault } }) => {
      worker.terminate();
      if (fault) reject(Object.assign(new Error(fault.message), { name: fault.name }));
      else resolve(answer);
    };
    worker.onerror = () => {
      worker.terminate();
      Promise.resolve().then(() => ASKED[ask](given)).then(resolve, reject);
    };
    worker.postMessage({ ask, given });
  });
}
