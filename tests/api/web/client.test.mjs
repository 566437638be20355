/** The calls of a phone against a server that is played here: what is repeated, what is not, and what is signed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as pithead from "../../../api/web/pithead.js";

const { fromBase64url, utf8 } = pithead;
const DEVICE = "263a4dbe-4148-4fb8-8214-b0032339dbb9";

/** A server that gives these answers in turn and keeps what it was asked. */
function playing(...answers) {
  const asked = [];
  const fetch = async (url, options = {}) => {
    asked.push({ url, ...(options.body ? JSON.parse(options.body) : {}), headers: options.headers });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    const { status = 200, text } = answer;
    return {
      status,
      text: async () => {
        if (text instanceof Error) throw text;
        return text;
      },
    };
  };
  return { asked, server: new pithead.Server({ url: "https://pithead.example/", fetch, patience: 5_000 }) };
}

const told = (data) => ({ text: JSON.stringify({ data }) });
const problem = (code) => ({ code, message: `about ${code}`, parameters: [{ name: "seconds", value: "5" }] });

test("a lost answer, a busy server and one that asks for patience are asked again", async () => {
  const again = { text: JSON.stringify({ errors: [{ message: "later", extensions: { code: "TRY_AGAIN" } }] }) };
  const { asked, server } = playing(
    new TypeError("fetch failed"),
    { status: 503, text: "busy" },
    { text: new Error("broke off") },
    again,
    told({ signInChallenge: "AAAA" }),
  );
  assert.deepEqual(await server.ask("query { signInChallenge }"), { signInChallenge: "AAAA" });
  assert.equal(asked.length, 5);
});

test("a refusal is told with its code, sentence and parameters, and is not asked again", async () => {
  const { asked, server } = playing(told({ signIn: { session: null, problem: problem("TOO_MANY_ATTEMPTS") } }));
  await assert.rejects(pithead.signIn(server, { login: " Lead ", password: "x" }), (error) => {
    assert.ok(error instanceof pithead.Refused);
    assert.deepEqual(
      [error.code, error.sentence, error.parameters.seconds],
      ["TOO_MANY_ATTEMPTS", "about TOO_MANY_ATTEMPTS", "5"],
    );
    return true;
  });
  assert.equal(asked.length, 1);
  assert.equal(asked[0].variables.input.login, "lead");
});

test("what is no answer of Pithead is said so at once", async () => {
  const { server } = playing({ status: 200, text: "<html>a hotel's page</html>" });
  await assert.rejects(server.ask("query { health { status } }"), pithead.Unreachable);
});

test("a token that ran out is renewed once, and the call made again", async () => {
  const { asked, server } = playing(
    { text: JSON.stringify({ errors: [{ message: "who?", extensions: { code: "UNAUTHENTICATED" } }] }) },
    told({ beacons: [] }),
  );
  server.renew = async () => {
    server.access = "fresh";
  };
  assert.deepEqual(await pithead.beacons(server, DEVICE), []);
  assert.equal(asked[1].headers.authorization, "Bearer fresh");
});

test("a refresh whose answer was lost is signed again under a fresh nonce", async () => {
  const session = { accountUuid: DEVICE, deviceId: DEVICE, accessToken: "a", refreshToken: "r", beacons: [] };
  const { asked, server } = playing(
    told({ refresh: { session: null, problem: problem("NONCE_ALREADY_USED") } }),
    told({ refresh: { session, problem: null } }),
  );
  const key = new pithead.DeviceKey(DEVICE, await pithead.signerOf(await pithead.makeKeyPair()));
  const opened = await pithead.refresh(server, { token: "t", key });
  assert.equal(opened.refreshToken, "r");
  const [first, second] = asked.map(({ variables }) => variables.input.nonce);
  assert.notEqual(first, second);
});

test("each kind of a device's signature covers what the protocol says", async () => {
  const signer = await pithead.signerOf(await pithead.makeKeyPair("Ed25519"));
  const key = new pithead.DeviceKey(DEVICE, signer);
  const { algorithm, publicKey } = signer;
  const covers = async (kind, members, signature) =>
    assert.ok(
      await pithead.verify({
        algorithm,
        publicKey,
        kind,
        message: pithead.canonical(members),
        signature: fromBase64url(signature),
      }),
      kind,
    );
  await covers(
    "challenge",
    { challenge: "AAAA", device: DEVICE, login: "lead" },
    await key.signChallenge("AAAA", " Lead "),
  );
  await covers("enrol", { id: DEVICE, key: key.publicKey, owner: DEVICE }, await key.signEnrolment(DEVICE));
  await covers("refresh", { nonce: "AAAA", token: "t" }, await key.signRefresh("t", "AAAA"));
});

test("bytes go on after a broken line, are there already at 412, and are refused for good at 400", async () => {
  const upload = {
    method: "PUT",
    url: "https://store.example/x?y",
    headers: [
      ["content-length", "3"],
      ["x-a", "b"],
    ],
  };
  const sent = [];
  const carry =
    (...statuses) =>
    async (request) => {
      sent.push(request.headers);
      const status = statuses.shift();
      if (status === null) throw new Error("no line");
      return { status, told: "" };
    };
  await pithead.sendWhole(upload, utf8("abc"), { carry: carry(null, 503, 200) });
  await pithead.sendWhole(upload, utf8("abc"), { carry: carry(412) });
  await assert.rejects(pithead.sendWhole(upload, utf8("abc"), { carry: carry(400) }), pithead.UploadRefused);
  assert.deepEqual(sent[0], [["x-a", "b"]]);
});

test("parts that the store holds are not sent again", async () => {
  const parts = ["11", "22", "33"].map((pair) => pair.repeat(32));
  const size = 2 * pithead.PART_SIZE + 5;
  const part = (number) => ({ number, upload: { method: "PUT", url: `https://store.example/${number}`, headers: [] } });
  const { asked, server } = playing(
    told({ uploadStatus: { state: "DECLARED", begun: true, held: [{ first: 1, last: 2 }] } }),
    told({ partUrls: [part(3)] }),
    told({ completeUpload: { state: "RECEIVED", problem: null } }),
  );
  const [sent, progress] = [[], []];
  await pithead.sendInParts(
    server,
    { id: DEVICE, size, parts, slice: (start, end) => new Uint8Array(end - start) },
    {
      carry: async ({ url, body }) => {
        sent.push([url, body.length]);
        return { status: 200, told: "" };
      },
      progress: (now) => progress.push(now.sent),
    },
  );
  assert.deepEqual(sent, [["https://store.example/3", 5]]);
  assert.deepEqual([progress[0], progress.at(-1)], [size - 5, size]);
  assert.equal(asked[1].variables.after, 2);
});

test("media are named by their first bytes", () => {
  const head = (...parts) => Uint8Array.from(parts.flatMap((one) => (typeof one === "string" ? [...utf8(one)] : one)));
  for (const [bytes, type] of [
    [head([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg"],
    [head([0, 0, 0, 24], "ftypheic", [0, 0, 0, 0], "mif1heic"), "image/heic"],
    [head([0, 0, 0, 24], "ftypmif1", [0, 0, 0, 0], "mif1avif"), "image/avif"],
    [head([0, 0, 0, 16], "ftypisom", [0, 0, 2, 0]), "video/mp4"],
    [head([0x1a, 0x45, 0xdf, 0xa3]), "video/webm"],
    [head("RIFF", [1, 2, 3, 4], "WAVE"), "audio/wav"],
    [head("%PDF-1.4"), "application/octet-stream"],
    [head([]), "application/octet-stream"],
  ])
    assert.equal(pithead.mediaTypeOf(bytes), type);
});
