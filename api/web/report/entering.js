/** From a receipt to an open thread: salt, keys derived twice, a signed challenge, a token of a quarter of an hour. */

import { toBase64url } from "../protocol/bytes.js";
import { bytesOf, keysOf, loginMessage, publicsOf, readWords } from "../protocol/reports/reports.js";
import { curves } from "./curves.js";
import { derived } from "./hands.js";
import { ask, Refused, Unreachable } from "./server.js";

/** What the server calls the letter of a receipt. */
export const FORMS = { D: "DIGITS", W: "WORDS" };
const WHERE = "$form: ReceiptForm!, $locator: String!";

let list = null;

/** The list of words; it is the same for everybody, and is asked for whatever the receipt is. */
export async function words() {
  if (list === null) {
    const response = await fetch("/report/words.txt", { credentials: "omit", cache: "no-store" }).catch(() => null);
    if (!response?.ok) throw new Unreachable("words");
    list = readWords(await response.text());
  }
  return list;
}

/** The secret keys of a receipt. */
export async function keysFor(receipt, salt) {
  return keysOf(await derived(receipt, bytesOf(salt)));
}

/** Opens the thread of a receipt. Refused (RECEIPT_NOT_KNOWN for a wrong secret too), Unreachable. */
export async function enter(receipt) {
  const { form, locator } = receipt;
  const salt = await ask(`query(${WHERE}) { salt(form: $form, locator: $locator) }`, { form: FORMS[form], locator });
  return Thread.open(receipt, await keysFor(receipt, salt));
}

/** An open thread: of the receipt it keeps where it points and its keys, for as long as the page shows it. */
export class Thread {
  constructor({ form, locator }, keys) {
    Object.assign(this, { form, locator, keys, token: null });
  }

  static async open(receipt, keys) {
    const thread = new Thread(receipt, keys);
    await thread.logIn();
    return thread;
  }

  async logIn() {
    const where = { form: FORMS[this.form], locator: this.locator };
    const challenge = await ask(`query(${WHERE}) { challenge(form: $form, locator: $locator) }`, where);
    const signed = await (await curves()).sign(this.keys.login, loginMessage(this.form, this.locator, challenge));
    const told = await ask(
      `mutation(${WHERE}, $challenge: String!, $signature: String!) {
        logIn(form: $form, locator: $locator, challenge: $challenge, signature: $signature) {
          token problem { code zh en } } }`,
      { ...where, challenge, signature: toBase64url(signed) },
    );
    this.token = told.token;
  }

  /** An operation of this thread; when its quarter of an hour is over it signs in once more. */
  async ask(document, variables = {}) {
    return this.within((token) => ask(document, { token, ...variables }));
  }

  /** The same for whatever needs the token. */
  async within(act) {
    try {
      return await act(this.token);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "RECEIPT_NOT_KNOWN") throw error;
    }
    await this.logIn();
    return act(this.token);
  }

  /** The public half of the box, for which whatever is said is wrapped too. */
  async box() {
    return (await publicsOf(await curves(), this.keys)).box;
  }
}
