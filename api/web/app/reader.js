/** The page's side of the worker that reads originals. */

let worker = null;
let count = 0;
const waiting = new Map();

// Its address lies within reach of the service worker, or it would not start without a network.
function start() {
  worker = new Worker("/app/hashing.js", { type: "module" });
  worker.onmessage = ({ data: { number, answer, fault, progress } }) => {
    const asked = waiting.get(number);
    if (asked === undefined) return;
    if (progress !== undefined) return asked.progress(progress);
    waiting.delete(number);
    if (fault) asked.reject(Object.assign(new Error(fault.message), { name: fault.name }));
    else asked.resolve(answer);
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "the worker did not start"));
    waiting.clear();
    worker = null;
  };
}

function asked(ask, given, progress = () => {}) {
  if (worker === null) start();
  count += 1;
  const number = count;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject, progress });
    worker.postMessage({ number, ask, given });
  });
}

/** Starts the worker ahead of its first use. */
export function warm() {
  if (worker === null) start();
}

/** Size, hashes, hashes of the parts, and the media type that the bytes show. @param {Blob} original */
export function measured(original, progress) {
  return asked("measure", { original }, progress);
}

/** The verdict on a bundle; `parts` as `makeBundle` takes them. */
export function verified(parts, { original = null, trust }) {
  return asked("verify", { parts, original, trust });
}
