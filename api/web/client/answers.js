/** What a server may answer beside what was asked for: a refusal, or nothing at all; nothing else may live here. */

/** Codes after which nothing was stored, or the same act can be told again. */
export const AGAIN = Object.freeze(["TRY_AGAIN", "TIMED_OUT", "INTERNAL"]);

/** The server refused an act: its stable code, its sentence for people, and what the sentence was made with. */
export class Refused extends Error {
  constructor(code, sentence, parameters = {}) {
    super(`${code}: ${sentence}`);
    this.name = "Refused";
    this.code = code;
    this.sentence = sentence;
    this.parameters = parameters;
  }

  /** What a Problem of a payload says. @param {{code: string, message: string, parameters: object[]}} problem */
  static of({ code, message, parameters }) {
    return new Refused(code, message, Object.fromEntries(parameters.map(({ name, value }) => [name, value])));
  }
}

/** The server or its store did not answer, or not with sense; the text says what was tried. */
export class Unreachable extends Error {
  constructor(message) {
    super(message);
    this.name = "Unreachable";
  }
}

/** The store refused the bytes: its HTTP status, and the beginning of what it said. */
export class UploadRefused extends Error {
  constructor(status, told) {
    super(`HTTP ${status}: ${told}`);
    this.name = "UploadRefused";
    this.status = status;
  }
}

/** What answers is not the server whose keys were pinned; the text says where they differ. */
export class AnotherServer extends Error {
  constructor(message) {
    super(message);
    this.name = "AnotherServer";
  }
}
