/** What pages that anybody opens ask of the server: no account, no cookie, nothing that names who asks. */

const QUIET = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", mode: "same-origin" };

/** The server did not answer, or not with sense. */
export class Unreachable extends Error {}

/** The data of one operation; Unreachable. @param {string} query @param {object} variables @returns {Promise<object>} */
export async function ask(query, variables) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  let told;
  try {
    const answer = await fetch("/graphql", { ...QUIET, method: "POST", headers, body: JSON.stringify({ query, variables }) });
    told = await answer.json();
  } catch (error) {
    throw new Unreachable(error?.message);
  }
  if (told.errors || !told.data) throw new Unreachable(told.errors?.[0]?.message ?? "no data");
  return told.data;
}
