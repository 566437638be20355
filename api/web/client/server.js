/** The line to one server: an operation of GraphQL as one call, tried again where that is harmless. */

import { AGAIN, Refused, Unreachable } from "./answers.js";

const BUSY = [429, 502, 503, 504];
const TIMEOUT = 30_000;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/** This try came to nothing; the next one may not. */
class Again extends Error {}

/** One server as one person on one device reaches it. Every act carries an id of its own, so it may be repeated. */
export class Server {
  /** The access token; it lives ten minutes and is never written down. @type {string | null} */
  access = null;

  /**
   * @param {object} options
   * @param {string} options.url scheme, host and port
   * @param {string} [options.language] of sentences for people: zh or en
   * @param {number} [options.patience] ms for which one call is tried; 0 for once
   * @param {typeof fetch} [options.fetch] the host's, or one that does the same
   * @param {((server: Server) => Promise<void>) | null} [options.renew] called once for a call that `access` no longer
   *   opens; it sets `access`
   */
  constructor({ url, language = "zh", patience = 20_000, fetch, renew = null }) {
    this.url = url.replace(/\/$/, "");
    this.language = language;
    this.patience = patience;
    this.renew = renew;
    // Browsers refuse to be called as a method of something else.
    this.fetch = fetch ?? ((...given) => globalThis.fetch(...given));
  }

  /** The same line without a sign-in. @returns {Server} */
  asStranger() {
    const { url, language, patience, fetch } = this;
    return new Server({ url, language, patience, fetch });
  }

  /** The data of one operation; Refused for a Problem, Unreachable when nobody answers in time. */
  async ask(document, variables = {}) {
    try {
      return await this.#patiently(() => this.#once(document, variables));
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "UNAUTHENTICATED" || this.renew === null) throw error;
    }
    await this.renew(this);
    return this.#patiently(() => this.#once(document, variables));
  }

  /** The payload of the one mutation in the document; its problem is thrown as Refused. */
  async act(document, input) {
    const [payload] = Object.values(await this.ask(document, { input }));
    if (typeof payload !== "object" || payload === null) throw new Unreachable(`${this.url}: an act without an answer`);
    return payload;
  }

  /** The public keys document as it is served now. @returns {Promise<object>} */
  async keysDocument() {
    return this.#patiently(() => this.#json("/.well-known/pithead-keys", { headers: {} }));
  }

  async #once(document, variables) {
    const headers = {
      accept: "application/graphql-response+json",
      "accept-language": this.language,
      "content-type": "application/json",
      ...(this.access === null ? {} : { authorization: `Bearer ${this.access}` }),
    };
    const body = await this.#json("/graphql", {
      method: "POST",
      headers,
      body: JSON.stringify({ query: document, variables }),
    });
    const [error] = body.errors ?? [];
    if (error) {
      const { code = "?", parameters = {} } = error.extensions ?? {};
      refuse(new Refused(code, error.message ?? "", parameters));
    }
    if (typeof body.data !== "object" || body.data === null) throw new Again("an answer without data");
    for (const payload of Object.values(body.data)) if (payload?.problem) refuse(Refused.of(payload.problem));
    return body.data;
  }

  async #json(path, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const response = await this.#sent(path, { ...options, signal: stop.signal, cache: "no-store" });
      if (BUSY.includes(response.status)) throw new Again(`HTTP ${response.status}`);
      return await readObject(response, `${this.url}${path}`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #sent(path, options) {
    try {
      return await this.fetch(`${this.url}${path}`, options);
    } catch (error) {
      throw new Again(String(error?.message ?? error));
    }
  }

  async #patiently(call) {
    const end = Date.now() + this.patience;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Again)) throw error;
        if (Date.now() + pause > end) throw new Unreachable(`${this.url}: ${error.message}`);
      }
      // At random, so that the phones of a shift that comes up to the surface do not knock in step.
      await new Promise((resolve) => setTimeout(resolve, pause * (0.7 + 0.3 * Math.random())));
    }
  }
}

async function readObject(response, where) {
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw new Again(`an answer that broke off: ${error?.message ?? error}`); // The act may stand: it is made again.
  }
  try {
    const body = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // Told below: a page of a gateway, or of another server.
  }
  throw new Unreachable(`${where}: HTTP ${response.status}, no answer of Pithead`);
}

function refuse(refused) {
  throw AGAIN.includes(refused.code) ? new Again(String(refused)) : refused;
}
