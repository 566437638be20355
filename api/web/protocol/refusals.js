/** The errors of this package: each says what in the given bytes is wrong; nothing else may live here. */

/** What every refusal of given bytes is; anything else that is thrown is a fault of the program or of its host. */
export class Refusal extends Error {
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

/** The bytes are not canonical JSON; `offset` is the byte where they stop being so, or null where that is unknown. */
export class NotCanonical extends Refusal {
  constructor(reason, offset = null) {
    super(offset === null ? reason : `${reason} at byte ${offset}`);
    this.reason = reason;
    this.offset = offset;
  }
}

/** The bytes are no statement. */
export class StatementMalformed extends Refusal {}

/** The bytes are no entry of the ledger. */
export class EntryMalformed extends Refusal {}

/** The text is no checkpoint. */
export class CheckpointMalformed extends Refusal {}

/** The bytes are no closing, or the file holds none that two officers signed. */
export class ClosingMalformed extends Refusal {}

/** The bytes are no safety commitment. */
export class CommitmentMalformed extends Refusal {}

/** It is no signature of a commitment, or not one over this. */
export class SignatureWrong extends Refusal {}

/** The text is no code of a commitment. */
export class CodeMalformed extends Refusal {}

/** The bytes are no takeover paper, or not that of this piece. */
export class TakeoverMalformed extends Refusal {}

/** The bytes are no beacon of this server. */
export class BeaconRefused extends Refusal {}

/** The document is no list of public keys. */
export class KeysMalformed extends Refusal {}

/** A key is unknown, was not valid then, or does not reach the keys that are trusted. */
export class KeyRefused extends Refusal {}

/** A receipt is not what it should be. */
export class ReceiptWrong extends Refusal {}

/** The host cannot do what was asked (no WebCrypto, no Ed25519): says nothing about the bytes that were given. */
export class HostLacks extends Error {
  constructor(message) {
    super(message);
    this.name = "HostLacks";
  }
}
