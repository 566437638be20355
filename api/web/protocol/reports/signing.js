/** What a reporter signs, to log in and to claim, and the work that is asked under attack: nothing else lives here. */

import { toBase64url, utf8 } from "../bytes.js";
import { isInteger, isUuid } from "../canonical.js";
import { sha256, sha256Hex } from "../sha256.js";
import { ReportMalformed } from "./malformed.js";
import { mustBeLocator } from "./receipts.js";

/** The most work that a client lets itself be asked for: seconds on a phone, and no more. */
export const BITS_AT_MOST = 24;
/** At a counter that the payee names in words, or to an account that is encrypted for the payer. */
export const PAYOUTS = ["CASH", "ACCOUNT"];
const TOKEN = /^[A-Za-z0-9_.~-]{1,512}$/;

/** What the login key signs; the challenge is the text that the server gave. */
export function loginMessage(form, locator, challenge) {
  return utf8(`pithead report login v1\n${form}${mustBeLocator(form, locator)}\n${token(challenge, "challenge")}`);
}

/** What the claim key signs: which reward, its amount in fen, how it is paid, and the SHA-256 of to whom. */
export function claimMessage(rewardId, amount, payout, payee) {
  const fits = isUuid(rewardId) && isInteger(amount, 1) && PAYOUTS.includes(payout);
  if (!fits) throw new ReportMalformed("claim");
  return utf8(`pithead report claim v1\n${rewardId}\n${amount}\n${payout}\n${sha256Hex(payee)}`);
}

/** Does the SHA-256 of reservation and nonce begin with so many zero bits? Nothing is asked at 0 bits. */
export function workIsDone(reservation, nonce, bits) {
  const digest = sha256(utf8(`pithead report work v1\n${reservation}\n${nonce}`));
  for (let bit = 0; bit < bits; bit += 1) if (digest[bit >> 3] & (0x80 >> (bit & 7))) return false;
  return true;
}

/** The first nonce that does it; ReportMalformed if the server asks for more than a client gives. */
export function work(reservation, bits) {
  if (bits > BITS_AT_MOST) throw new ReportMalformed("work", bits);
  token(reservation, "reservation");
  const counted = new DataView(new ArrayBuffer(8));
  for (let number = 0; ; number += 1) {
    counted.setUint32(4, number); // 24 bits are found long before 2^32.
    const nonce = toBase64url(new Uint8Array(counted.buffer));
    if (workIsDone(reservation, nonce, bits)) return nonce;
  }
}

function token(text, reason) {
  if (!TOKEN.test(text)) throw new ReportMalformed(reason);
  return text;
}
