/** Taking a piece into the phone's own keeping and signing what, when and where it was taken. */

import {
  fromBase64url,
  FIRST_PREV,
  newId,
  sha256Hex,
  TAKEN_TYPES,
  UNKNOWN_TYPE,
  mediaTypeOf,
  HEAD_SIZE,
} from "../pithead.js";
import { measured } from "./reader.js";
import { changed, state } from "./state.js";

/** The monotonic clock of a page begins with the page, so each page is a boot of its own. */
const BOOT = newId();
const FIX_LIFE = 120_000;
const LONGEST_SIDE = 720;
let fix = null;

/** These bytes are no evidence: nothing was kept. */
export class NotTaken extends Error {}

/** Asks for positions while a camera is open; without permission a piece says that it has none. */
export function watchPlace() {
  if (!navigator.geolocation) return () => {};
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      fix = { coords, timestamp };
    },
    () => {
      fix = null;
    },
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 30_000 },
  );
  return () => navigator.geolocation.clearWatch(watch);
}

function placeNow(site) {
  if (fix === null || Date.now() - fix.timestamp > FIX_LIFE) return { source: "none", site };
  const { latitude, longitude, accuracy, altitude } = fix.coords;
  const place = { source: "gnss", site, lat: Math.round(latitude * 1e7), lon: Math.round(longitude * 1e7) };
  if (Number.isFinite(accuracy)) place.accuracy = Math.round(accuracy * 100);
  if (Number.isFinite(altitude)) place.altitude = Math.round(altitude * 100);
  return place;
}

function newPiece(inspection, kind) {
  return {
    id: newId(),
    inspection: inspection.id,
    recording: inspection.recording.id,
    kind,
    number: Math.max(0, ...state.pieces.filter((one) => one.inspection === inspection.id).map((one) => one.number)) + 1,
    wall: Date.now(),
    mono: Math.round(performance.now()),
    boot: BOOT,
    place: placeNow(inspection.site),
    state: "TAKING",
    size: 0,
    sent: 0,
    seq: -1,
    reason: "",
    thumb: null,
    cut: false,
  };
}

/** Keeps a photo, or a file from the system's camera. NotTaken for what is no photo, film or sound. */
export async function keepFile(phone, inspection, blob) {
  const type = mediaTypeOf(new Uint8Array(await blob.slice(0, HEAD_SIZE).arrayBuffer()));
  if (blob.size === 0 || type === UNKNOWN_TYPE || !TAKEN_TYPES.includes(type)) throw new NotTaken(type);
  const kind = { image: "photo", video: "film", audio: "sound" }[type.split("/")[0]];
  const row = { ...newPiece(inspection, kind), state: "TAKEN", size: blob.size, type };
  if (kind === "photo") row.thumb = await thumbOf(blob);
  await phone.kept.addPiece(row, blob);
  return row;
}

/** A film that is kept second by second, so that a kill costs the last second only. */
export class FilmTaking {
  #locked;
  #release;

  constructor(phone, inspection, { thumb = null } = {}) {
    this.phone = phone;
    this.row = { ...newPiece(inspection, "film"), thumb };
    this.count = 0;
    this.writing = Promise.resolve();
    // Held as long as this page lives: another page, or this one reloaded, sees by it that the film goes on.
    this.#locked = new Promise((release) => {
      this.#release = release;
    });
  }

  async begin() {
    navigator.locks.request(`pithead-film:${this.row.id}`, () => this.#locked);
    await this.phone.kept.addPiece(this.row);
  }

  /** Keeps one more second. */
  add(blob) {
    if (blob.size === 0) return;
    const number = this.count;
    this.count += 1;
    this.row.size += blob.size;
    this.writing = this.writing.then(() => this.phone.kept.append(this.row.id, number, blob));
  }

  async end() {
    await this.writing;
    if (this.count === 0) await this.phone.kept.forget(this.row.id);
    else
      await this.phone.kept.writePiece(this.row.id, {
        state: "TAKEN",
        size: this.row.size,
        length: Date.now() - this.row.wall,
      });
    this.#release();
    return this.row;
  }
}

/** Films that a page was killed over end where they were cut off; what was kept of them is evidence. */
export async function endCutFilms(phone) {
  const { held } = await navigator.locks.query();
  const going = new Set(held.map(({ name }) => name));
  for (const piece of await phone.kept.pieces()) {
    if (piece.state !== "TAKING" || going.has(`pithead-film:${piece.id}`)) continue;
    const original = await phone.kept.original(piece.id);
    if (original === null) await phone.kept.forget(piece.id);
    else await phone.kept.writePiece(piece.id, { state: "TAKEN", size: original.size, cut: true });
  }
}

/** Measures and signs what was taken, in the order in which it was taken; one page at a time, since a chain is one. */
export async function signTaken(phone) {
  await navigator.locks.request(`pithead-chain:${phone.device.login}`, async () => {
    for (const piece of await phone.kept.pieces()) {
      if (piece.state === "TAKEN") await signPiece(phone, piece);
    }
  });
}

async function signPiece(phone, piece) {
  const original = await phone.kept.original(piece.id);
  if (original === null) return;
  const found = await measured(original, (bytes) => {
    state.progress.set(piece.id, { kind: "hash", sent: bytes, size: original.size });
    changed();
  });
  const { seq, prev } = await endOfChain(phone, piece.recording);
  const signed = await phone.key.signStatement({
    recording: piece.recording,
    device: phone.device.id,
    maker: phone.device.account,
    seq,
    prev,
    sha256: found.sha256,
    size: found.size,
    parts_root: found.parts_root,
    type: found.type,
    wall: piece.wall,
    mono: piece.mono,
    boot: piece.boot,
    place: piece.place,
    stage: "INQUIRY",
  });
  const { sha256, parts, size, type } = found;
  const file = fileName(piece, type);
  state.progress.delete(piece.id);
  await phone.kept.writePiece(piece.id, { ...signed, state: "SIGNED", seq, sha256, parts, size, type, file });
  changed();
}

/** Where the next statement joins. Read off the pieces: a counter of its own could contradict them. */
async function endOfChain(phone, recording) {
  const signed = (await phone.kept.pieces()).filter((one) => one.recording === recording && one.seq >= 0);
  if (signed.length === 0) return { seq: 0, prev: FIRST_PREV };
  const last = signed.reduce((left, right) => (left.seq > right.seq ? left : right));
  return { seq: last.seq + 1, prev: sha256Hex(fromBase64url(last.statement)) };
}

function fileName(piece, type) {
  const ending =
    { "image/jpeg": "jpg", "video/quicktime": "mov", "video/3gpp": "3gp", "audio/mpeg": "mp3" }[type] ??
    type.split("/")[1];
  const when = new Date(piece.wall + 8 * 3_600_000).toISOString().replace(/[-:]/g, "").slice(0, 15);
  return `${when}-${String(piece.number).padStart(4, "0")}.${ending}`;
}

/** A small picture to know a piece by; it is never evidence. */
export async function thumbOf(source) {
  try {
    const picture = source instanceof HTMLVideoElement ? source : await createImageBitmap(source);
    const [width, height] = [picture.videoWidth ?? picture.width, picture.videoHeight ?? picture.height];
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => {
      canvas.toBlob(resolve, "image/jpeg", 0.7);
    });
  } catch {
    return null; // A format that this browser does not show is evidence all the same.
  }
}
