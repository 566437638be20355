/**
 * Pithead's protocol in one dependency-free package: sign as a phone does, and check what is sealed without asking us.
 *
 * What it does is written in docs/protocol.md and tests/vectors/; it shares no code with the verifier in Python.
 * Browsers, Node 20 or later, and hosts without WebCrypto: there signatures are verified by `anyHost` or by a `{verify}`
 * that the caller hands in, and made by a signer over the keystore. docs/native.md tells how.
 */

export { AGAIN, AnotherServer, Refused, Unreachable, UploadRefused } from "./client/answers.js";
export {
  accounts, beacons, beginUpload, completeEvidence, completeUpload, declareEvidence, enrolDevice, evidence,
  inspectionsToJoin, joinInspection, mines, openInspection, openRecording, partUrls, refresh, signIn, signOut,
  uploadStatus,
} from "./client/calls.js";
export { newId, randomBytes } from "./client/chance.js";
export { DeviceKey, plainLogin } from "./client/devices.js";
export { HEAD_SIZE, mediaTypeOf, TAKEN_TYPES, UNKNOWN_TYPE } from "./client/media.js";
export { carrier, sendInParts, sendWhole } from "./client/sending.js";
export { Server } from "./client/server.js";
export { meet, mustBePromised } from "./client/trust.js";
export { BEACON_LIMIT, BEACON_VALIDITY, readBeacon, verifyBeacon } from "./protocol/beacons.js";
export {
  firstFaultOfUtf8, fromBase64, fromBase64url, fromHex, toBase64, toBase64url, toHex, utf8,
} from "./protocol/bytes.js";
export {
  BUNDLE_LIMIT, BUNDLE_VERSION, factsOf, fileOf, makeBundle, NOT_GIVEN, verifyBundle,
} from "./protocol/bundles.js";
export {
  canonical, isHash, isInteger, isPosition, isUuid, parseCanonical, parseLaidOut,
} from "./protocol/canonical.js";
export { CASE_LIMIT, checkCase } from "./protocol/casefiles.js";
export { plainVerifier } from "./protocol/curves.js";
export { checkChains } from "./protocol/chains.js";
export { isOrigin, keyHash, NOTE_LIMIT, parseCheckpoint, signersNamed } from "./protocol/checkpoints.js";
export {
  CLOSED_LIMIT, CLOSING_LIMIT, contradictionsOf, decodeClosing, encodeClosing, makeClosed, mustBeEntered, readClosed,
} from "./protocol/closings.js";
export { COPY_LIMIT, DISCLOSURE_LIMIT, verifyDisclosure } from "./protocol/disclosures.js";
export { decodeEntry, ENTRY_LIMIT, entryDigest } from "./protocol/entries.js";
export {
  contradiction, GRACE, keyId, keyOf, KEYS_VERSION, mustHoldTogether, noteKeys, parseKeys, reach, readTrust,
  wasValidAt, wasValidBetween,
} from "./protocol/keys.js";
export {
  EMPTY_ROOT, inclusionRoot, leafHash, nodeHash, rootOf, tilePath, verifyConsistency, verifyInclusion,
} from "./protocol/merkle.js";
export { isPlainName } from "./protocol/names.js";
export { measure } from "./protocol/originals.js";
export { verifyPack } from "./protocol/packs.js";
export { PICTURE_LIMIT, verifyPicture } from "./protocol/pictures.js";
export { PROVEN_LIMIT, readProven } from "./protocol/places.js";
export {
  readDeclared, readSealed, readSealedEntry, SEALED_KIND, verifyDeclared, WITHIN,
} from "./protocol/receipts.js";
export { readPng } from "./protocol/rasters.js";
export {
  BeaconRefused, CheckpointMalformed, ClosingMalformed, EntryMalformed, HostLacks, KeyRefused, KeysMalformed,
  NotCanonical, ReceiptWrong, Refusal, StatementMalformed, TakeoverMalformed,
} from "./protocol/refusals.js";
export { Sha256, sha256, sha256Hex } from "./protocol/sha256.js";
export {
  ALGORITHMS, anyHost, derToRaw, DOMAINS, isPublicKey, makeKeyPair, rawPublicKey, signerOf, signingInput, verify,
  verifyRaw, webCrypto,
} from "./protocol/signatures.js";
export {
  decodeStatement, encodeStatement, FIRST_PREV, PART_SIZE, partsRoot, signStatement, SIZE_LIMIT, SOURCES, STAGES,
  STATEMENT_LIMIT, statementSigningInput,
} from "./protocol/statements.js";
export {
  decodeTakeover, encodeTakeover, makeTakenOver, readTakenOver, TAKEN_OVER_LIMIT, TAKEOVER_LIMIT,
} from "./protocol/takeovers.js";
export { sha512 } from "./protocol/sha512.js";
export { Checks, Status } from "./protocol/verdicts.js";
