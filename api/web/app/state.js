/** What the page shows: one object, changed in one place, told to whoever listens. */

/**
 * `line` is online, offline or unreached; `progress` by piece id; `trouble` is the last fault of the line that a person
 * must know of, as a code of words.js.
 */
export const state = {
  phone: null,
  line: navigator.onLine ? "online" : "offline",
  mustSignIn: false,
  trouble: null,
  inspections: [],
  joinable: [],
  pieces: [],
  progress: new Map(),
};

const listeners = new Set();
let told = false;

/** Calls back after each change, at most once a frame. @returns {() => void} ends it */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Something has changed. */
export function changed(changes = {}) {
  Object.assign(state, changes);
  if (told) return;
  told = true;
  const tell = () => {
    told = false;
    for (const listener of [...listeners]) listener();
  };
  // A page in the background draws no frames, and its state must be right when it comes back.
  if (document.hidden) setTimeout(tell, 50);
  else requestAnimationFrame(tell);
}

/** The inspection that pieces are taken in. */
export function current() {
  return state.inspections[0] ?? null;
}

export function piecesOf(inspection) {
  return state.pieces.filter((piece) => piece.inspection === inspection?.id);
}

/** Reads again what the notebook holds. */
export async function reread() {
  const { kept } = state.phone;
  changed({ inspections: await kept.inspections(), pieces: await kept.pieces() });
}
