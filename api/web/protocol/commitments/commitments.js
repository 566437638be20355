/** All of safety commitments that a page or a program may use (protocol §8b): nothing else may live here. */

export { isCommitmentBundle, COMMITMENT_BUNDLE_LIMIT, IN_INK, partsOf, verifyCommitment } from "./bundles.js";
export { CODE_LIMIT, CODE_PREFIX, decodeCode } from "./codes.js";
export { challengeOf, COMMITMENT_LIMIT, decodeCommitment, digestOf, messageOf } from "./documents.js";
export { verifyCode } from "./reading.js";
export { mustBeSigned, parseSignature } from "./signing.js";
export { isSm2Key, sm3, verifySm2 } from "./sm2.js";
