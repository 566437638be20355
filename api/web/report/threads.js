/** An open thread: what became of a report, one more message, and the reward by receipt. No words here. */

import { toBase64url, utf8 } from "../protocol/bytes.js";
import { claimMessage } from "../protocol/reports/reports.js";
import { curves } from "./curves.js";
import { enclose, openMessage, publicKeys } from "./envelopes.js";
import { sendFiles } from "./filing.js";

const REPORT = `query($token: String!) { report(token: $token) {
  kind mode when mineId hour nextHour state asks
  steps { kind hour article articleEn passedTo } clocks { key ends article articleEn met overrun }
  messages { id mine hour ciphertext wrap fileIds } recipients { id publicKey agency }
  identityRequests { id reason hour released }
} }`;
const MATTERS = `query($token: String!) { matters(token: $token) {
  steps { of kind at words } askedOn rewards { id amount state words payout paidHow }
} }`;
const ANSWER = `mutation($token: String!, $message: MessageInput!) { answer(token: $token, message: $message) {
  messageId nextHour problem { code zh en }
} }`;
const CLAIM = `mutation($token: String!, $input: ClaimInput!) { claim(token: $token, input: $input) {
  reward { state } problem { code zh en }
} }`;

/** What became of it, with every message opened; `words` is null where one was erased or cannot be opened. */
export async function read(thread) {
  const [report, matters] = [await thread.ask(REPORT), await thread.ask(MATTERS)];
  const said = [];
  for (const one of report.messages) said.push(await opened(one, thread));
  return { ...report, matters, said: said.sort(byHour) };
}

/**
 * What the office says is told by its hour alone, and what the reporter says goes on when an hour begins, or within it
 * if it is urgent: so of one hour his comes first, and what waits comes last.
 */
export function byHour(one, other) {
  if (one.hour === null || other.hour === null) return Number(one.hour === null) - Number(other.hour === null);
  const [first, second] = [one, other].map(({ hour }) => Math.floor(Date.parse(hour) / 3_600_000));
  return first - second || Number(other.mine) - Number(one.mine);
}

/** One more message for those who hold the report now. @returns {Promise<{nextHour: string}>} */
export async function answer(thread, told, { words, attached, progress }) {
  const publics = [...publicKeys(told.recipients), await thread.box()];
  const { input, files } = await enclose({ words, attached, publics });
  return thread.within(async (token) => {
    await sendFiles(files, { messageId: input.id, place: token, progress });
    return thread.ask(ANSWER, { message: input });
  });
}

/** Claims a decided reward in cash, at the counter that the words name. */
export async function claim(thread, reward, payee) {
  const payout = "CASH";
  const message = claimMessage(reward.id, Number(reward.amount), payout, utf8(payee));
  const signature = toBase64url(await (await curves()).sign(thread.keys.claim, message));
  await thread.ask(CLAIM, { input: { rewardId: reward.id, payout, payee, signature } });
}

async function opened(one, thread) {
  const { id, mine, hour, fileIds } = one;
  if (!one.ciphertext || !one.wrap) return { id, mine, hour, words: null, files: [], arrived: 0 };
  try {
    const { words, files } = await openMessage(one, thread.keys.box);
    const arrived = files.filter((file) => fileIds.includes(file.id)).length;
    return { id, mine, hour, words, files: files.map(({ kind }) => kind), arrived };
  } catch {
    return { id, mine, hour, words: null, files: [], arrived: 0 };
  }
}
