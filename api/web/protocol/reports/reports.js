/**
 * Protected reports as a reporter's client computes them: receipt, keys, messages, wraps, files (docs/reports.md).
 *
 * Argon2id and, where WebCrypto lacks them, the two curves are handed in; the list of words is read from its text.
 */

export { curvesOf, hasBothCurves, webCurves } from "./curves.js";
export { COSTS, derive, DerivationDiffers, expand, keysOf, publicsOf, rootOf, SALT_SIZE } from "./derivation.js";
export { decryptFile, encryptFile, FRAME, framesFor, LARGEST } from "./files.js";
export { bytesOf, ReportMalformed } from "./malformed.js";
export {
  decodeMessage, decrypt, encodeIdentity, encodeMessage, encrypt, FILES, forIdentity, forMessage, SIZES,
} from "./messages.js";
export {
  COUNT, makeReceipt, mustBeLocator, PARAMETERS, parseReceipt, readWords, Receipt, STRONGEST,
} from "./receipts.js";
export { halve, join } from "./shares.js";
export { BITS_AT_MOST, claimMessage, loginMessage, PAYOUTS, work, workIsDone } from "./signing.js";
export { keyIdOf, unwrap, wrap, wrapForHalf, wrapForMessage } from "./wraps.js";
