/** A host without WebCrypto: the same vectors, the same answers, by plain arithmetic. */

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes as bytesOfNode, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
const pithead = await import("../../../api/web/pithead.js");
const { fromBase64url, utf8 } = pithead;

function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
}

function signedOf(item, kind, message) {
  const [publicKey, signature] = [fromBase64url(item.public), fromBase64url(item.signature)];
  return { algorithm: item.algorithm, publicKey, kind, message, signature };
}

test("a host without WebCrypto is told what to hand in, and hashes and reads all the same", async () => {
  const [item] = vectors("statements").signed;
  const data = utf8(item.statement);
  assert.equal(pithead.sha256Hex(data), item.sha256);
  assert.deepEqual(pithead.encodeStatement(pithead.decodeStatement(data)), data);
  const signed = signedOf(item, "statement", data);
  await assert.rejects(pithead.verify(signed), /anyHost/);
  await assert.rejects(pithead.makeKeyPair(), /keystore/);
  assert.throws(() => pithead.newId(), /random/);
  assert.match(
    pithead.newId((count) => new Uint8Array(count).fill(255)),
    /^ffffffff-ffff-4fff-bfff-ffffffffffff$/,
  );
  assert.ok(await pithead.verify(signed, pithead.anyHost));
});

test("a signature of one kind verifies as no other, by plain arithmetic", async () => {
  const { domains, message, signed } = vectors("signatures");
  for (const item of signed) {
    for (const kind of Object.keys(domains)) {
      const asked = signedOf(item, kind, fromBase64url(message));
      assert.equal(await pithead.verify(asked, pithead.plainVerifier), kind === item.kind);
    }
  }
});

test("bundles come to the same verdict by plain arithmetic", async () => {
  const { cases, original, trust } = vectors("bundles");
  for (const { name, bundle, trusted, status } of cases) {
    const [bytes, given] = [fromBase64url(original.bytes), trusted ? trust : null];
    const options = { verifier: pithead.plainVerifier, original: bytes, name: original.name, trust: given };
    assert.equal((await pithead.verifyBundle(utf8(bundle), options)).status, status, name);
  }
});

test("SHA-512 is that of the host's own", () => {
  for (const size of [0, 1, 111, 112, 127, 128, 129, 1000]) {
    const data = bytesOfNode(size);
    assert.equal(pithead.toHex(pithead.sha512(data)), createHash("sha512").update(data).digest("hex"));
  }
});

test("random signatures hold, and a changed bit of them, of the message or of s + n does not", () => {
  for (const [algorithm, made] of [
    ["Ed25519", generateKeyPairSync("ed25519")],
    ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ]) {
    const publicKey = new Uint8Array(made.publicKey.export({ type: "spki", format: "der" }));
    const digest = algorithm === "ES256" ? "sha256" : null;
    for (let round = 0; round < 8; round += 1) {
      const message = new Uint8Array(bytesOfNode(20 * round));
      const signature = new Uint8Array(sign(digest, message, { key: made.privateKey, dsaEncoding: "ieee-p1363" }));
      const holds = (...given) => pithead.plainVerifier.verify(algorithm, publicKey, ...given);
      assert.ok(holds(message, signature), algorithm);
      const changed = signature.slice();
      changed[8 * round] ^= 1;
      assert.ok(!holds(message, changed), algorithm);
      assert.ok(!holds(Uint8Array.of(...message, 0), signature), algorithm);
    }
    assert.ok(!pithead.plainVerifier.verify(algorithm, publicKey, new Uint8Array(3), new Uint8Array(64)));
    assert.ok(!pithead.plainVerifier.verify(algorithm, publicKey, new Uint8Array(3), new Uint8Array(64).fill(255)));
  }
});
