/** Sends originals to the store: whole in one request, or in parts that are resumed after days and restarts. */

import { fromHex, concat } from "../protocol/bytes.js";
import { PART_SIZE } from "../protocol/statements.js";
import { Refused, Unreachable, UploadRefused } from "./answers.js";
import { beginUpload, completeUpload, partUrls, uploadStatus } from "./calls.js";

const BUSY = [429, 500, 502, 503, 504];
/** The request has run out (403), or the upload was thrown away or is complete (404): the server knows which. */
const PASSING = [403, 404];
const TRIES = 4;
const PAGE = 20;
const ROUNDS = 5;
// A browser sets these by itself and lets no page do it; what the signature covers comes out the same.
const SET_BY_THE_HOST = ["content-length", "host"];

/**
 * What carries one request: resolves to the store's status and the beginning of its answer, and rejects when no answer
 * came. `sent` is told the bytes that have left so far.
 * @typedef {(request: {method: string, url: string, headers: [string, string][], body: Blob | Uint8Array,
 *   sent: (bytes: number) => void, signal?: AbortSignal}) => Promise<{status: number, told: string}>} Carrier
 */

/** The host's own: XMLHttpRequest where there is one, since fetch tells nothing on the way. @type {Carrier} */
export const carrier = (request) =>
  typeof globalThis.XMLHttpRequest === "function" ? byXmlHttpRequest(request) : byFetch(request);

/**
 * Send a file in the one request that was signed for it. UploadRefused, Unreachable.
 * 412 means that the bytes are there already: a request never replaces an object, so an earlier answer was lost.
 * @param {import("./calls.js").Upload} upload
 * @param {Blob | Uint8Array} body
 */
export async function sendWhole(upload, body, { progress = () => {}, carry = carrier, signal } = {}) {
  const { method, url } = upload;
  const headers = upload.headers.filter(([name]) => !SET_BY_THE_HOST.includes(name.toLowerCase()));
  let last = "";
  for (let attempt = 0, pause = 300; attempt < TRIES; attempt += 1, pause *= 2) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    signal?.throwIfAborted();
    try {
      const { status, told } = await carry({ method, url, headers, body, sent: progress, signal });
      if ((status >= 200 && status < 300) || status === 412) return;
      if (!BUSY.includes(status)) throw new UploadRefused(status, told.slice(0, 200));
      last = `HTTP ${status}`;
    } catch (error) {
      if (error instanceof UploadRefused) throw error;
      last = String(error?.message ?? error);
    }
    progress(0);
  }
  throw new Unreachable(`${url.split("?")[0]}: ${last}`);
}

/**
 * Send what the store does not hold yet of a large file; resolves once the server has received it.
 * Refused, UploadRefused (the file is not what was signed), Unreachable. Killed anywhere, the same call goes on.
 * @param {import("./server.js").Server} server
 * @param {{id: string, size: number, parts: string[], slice: (start: number, end: number) => Promise<Blob | Uint8Array>
 *   | Blob | Uint8Array}} file `parts` are the SHA-256 of its parts in hex, as `measure` gives them
 * @param {{progress?: (told: {sent: number, size: number, part: number, parts: number}) => void, carry?: Carrier,
 *   signal?: AbortSignal}} [options]
 */
export async function sendInParts(server, file, options = {}) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const status = await uploadStatus(server, file.id);
    if (status.state !== "DECLARED" && status.state !== "LOST") return;
    if (!status.begun) await beginUpload(server, file.id, concat(...file.parts.map(fromHex)));
    await sendMissing(server, file, status.held, options);
    try {
      return await completeUpload(server, file.id);
    } catch (error) {
      if (!isRefusal(error, "PART_MISSING", "UPLOAD_NOT_BEGUN")) throw error;
    }
  }
  throw new UploadRefused(0, "the store does not keep its parts");
}

async function sendMissing(server, file, held, { progress = () => {}, carry = carrier, signal }) {
  const count = file.parts.length;
  const sizeOf = (number) => Math.min(PART_SIZE, file.size - (number - 1) * PART_SIZE);
  let done = [...held].reduce((sum, number) => sum + sizeOf(number), 0);
  const tell = (number, sent) => progress({ sent: done + sent, size: file.size, part: number, parts: count });
  tell(0, 0);
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((number) => !held.has(number));
  while (missing.length > 0) {
    const page = await urlsAfter(server, file.id, missing[0] - 1);
    if (page.length === 0) return;
    for (const { number, upload } of page) {
      if (missing[0] !== number) continue;
      missing.shift();
      const start = (number - 1) * PART_SIZE;
      const body = await file.slice(start, start + sizeOf(number));
      try {
        await sendWhole(upload, body, { progress: (sent) => tell(number, sent), carry, signal });
      } catch (error) {
        if (!(error instanceof UploadRefused) || !PASSING.includes(error.status)) throw error;
        return; // What ran out stays missing, and is signed again in the next round.
      }
      done += sizeOf(number);
      tell(number, 0);
    }
  }
}

async function urlsAfter(server, id, after) {
  try {
    return await partUrls(server, id, { first: PAGE, after });
  } catch (error) {
    if (isRefusal(error, "UPLOAD_NOT_BEGUN")) return [];
    throw error;
  }
}

function isRefusal(error, ...codes) {
  return error instanceof Refused && codes.includes(error.code);
}

function byXmlHttpRequest({ method, url, headers, body, sent, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.timeout = 600_000;
    request.upload.onprogress = ({ loaded }) => sent(loaded);
    request.onload = () => resolve({ status: request.status, told: request.responseText });
    request.onerror = () => reject(new Error("no answer of the store"));
    request.ontimeout = () => reject(new Error("the store took too long"));
    request.onabort = () => reject(signal?.reason ?? new Error("given up"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

async function byFetch({ method, url, headers, body, sent, signal }) {
  const response = await globalThis.fetch(url, { method, headers, body, signal });
  const told = await response.text();
  sent(body.size ?? body.length);
  return { status: response.status, told };
}
