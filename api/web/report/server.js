/**
 * What the page says to the server, over the reporters' own GraphQL; nothing in a request names who asks.
 *
 * Every act may be told again with the same bytes, so a call whose answer was lost is simply made again.
 */

const AGAIN = ["TRY_AGAIN", "TOO_BUSY", "TIMED_OUT", "INTERNAL"];
const BUSY = [429, 502, 503, 504];
const [FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, TIMEOUT, FILE_TIMEOUT] = [300, 5_000, 25_000, 30_000, 600_000];
// The same for everybody: neither this phone's language nor where one comes from; no cookie goes or is kept.
const QUIET = {
  credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error", mode: "same-origin",
};
const HEADERS = { accept: "application/json", "accept-language": "zh" };

/** The server did not answer, or not with sense. */
export class Unreachable extends Error {}

/** The server refused; its stable code and its sentences in both languages. */
export class Refused extends Error {
  constructor({ code, zh = "", en = "" }) {
    super(`${code}: ${en || zh}`);
    Object.assign(this, { code, zh: zh || en, en: en || zh });
  }
}

class Again extends Error {}

/** The one field of one operation. Refused, Unreachable. */
export async function ask(document, variables = {}) {
  const body = JSON.stringify({ query: document, variables });
  const headers = { ...HEADERS, "content-type": "application/json" };
  const told = await patiently("/reporting/graphql", { method: "POST", headers, body }, TIMEOUT);
  return Object.values(told.data)[0];
}

/** The encrypted frames of one file, before the message that names it; `place` is the reservation or the token. */
export async function sendFile(id, data, { messageId, place }) {
  const headers = { ...HEADERS, authorization: `Receipt ${place}`, "content-type": "application/octet-stream" };
  await patiently(`/reporting/files/${id}?message=${messageId}`, { method: "PUT", headers, body: data }, FILE_TIMEOUT);
}

async function patiently(path, options, timeout) {
  const end = Date.now() + PATIENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await once(path, options, timeout);
    } catch (error) {
      if (!(error instanceof Again)) throw error;
      if (Date.now() + pause > end) throw new Unreachable(error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function once(path, options, timeout) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch(path, { ...QUIET, ...options, signal: stop.signal });
    if (BUSY.includes(response.status)) throw new Again(`HTTP ${response.status}`);
    return answerOf(await response.text(), response.status);
  } catch (error) {
    // A line that broke: whether the act stands is not known, so it is told again.
    throw error instanceof Refused || error instanceof Unreachable ? error : new Again(String(error?.message ?? error));
  } finally {
    clearTimeout(timer);
  }
}

function answerOf(text, status) {
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Told below: a page of a gateway, or of another server.
  }
  if (typeof body !== "object" || body === null) throw new Unreachable(`HTTP ${status}`);
  const refused = refusalIn(body);
  if (refused === null) return body;
  throw AGAIN.includes(refused.code) ? new Again(refused.code) : refused;
}

/** What stands against it, wherever the answer says it. */
function refusalIn(body) {
  const [error] = body.errors ?? [];
  if (error) return new Refused({ code: error.extensions?.code ?? "?", zh: error.message });
  const payloads = [body, ...Object.values(body.data ?? {})];
  const problem = payloads.find((payload) => payload?.problem)?.problem;
  return problem ? new Refused(problem) : null;
}
