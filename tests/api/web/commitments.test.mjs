/** Every vector of safety commitments, found again in JavaScript, by WebCrypto and by plain arithmetic. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fromBase45, toBase45 } from "../../../api/web/protocol/base45.js";
import { concat, fromBase64url, fromHex, toBase64url, toHex, utf8 } from "../../../api/web/protocol/bytes.js";
import * as commitments from "../../../api/web/protocol/commitments/commitments.js";
import { plainVerifier } from "../../../api/web/protocol/curves.js";
import { CommitmentMalformed, SignatureWrong } from "../../../api/web/protocol/refusals.js";
import { webCrypto } from "../../../api/web/protocol/signatures.js";

const found = JSON.parse(readFileSync(new URL("../../vectors/commitments.json", import.meta.url), "utf8"));
const about = commitments.decodeCommitment(utf8(found.commitment));
const digest = commitments.digestOf(utf8(found.commitment));
const party = { origin: "http://localhost:8700", relyingParty: "localhost" };

// The example of GB/T 32918.5, appendix A.
const EXAMPLE = {
  key: fromHex(
    "3059301306072a8648ce3d020106082a811ccf5501822d03420004" +
      "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
  ),
  message: utf8("message digest"),
  signature: fromHex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3" +
      "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
  ),
};

test("a commitment is read, and what is none is refused for the reason given", () => {
  assert.equal(toHex(digest), found.digest);
  assert.equal(toBase64url(commitments.messageOf(about.nonce, digest)), found.message);
  assert.equal(toBase64url(commitments.challengeOf(about.nonce, digest)), found.challenge);
  for (const { data, reason } of found.refused) {
    assert.throws(() => commitments.decodeCommitment(fromBase64url(data)), (refusal) => {
      assert.ok(refusal instanceof CommitmentMalformed, String(refusal));
      assert.equal(refusal.message, reason);
      return true;
    });
  }
});

for (const [host, verifier] of Object.entries({ WebCrypto: webCrypto, "plain arithmetic": plainVerifier })) {
  test(`each way of signing verifies by ${host}, and over nothing else`, async () => {
    for (const { name, signature } of found.signatures) {
      const by = commitments.parseSignature(signature);
      await commitments.mustBeSigned(by, "commitment", { nonce: about.nonce, digest, ...party }, verifier);
      if (name === "ink") continue;
      const another = { nonce: about.nonce, digest: new Uint8Array(32), ...party };
      await assert.rejects(commitments.mustBeSigned(by, "commitment", another, verifier), SignatureWrong);
    }
  });

  test(`bundles and codes come to the verdicts of the vectors by ${host}`, async () => {
    for (const { name, bundle, trusted, status, failing, complete } of found.bundles) {
      assert.ok(commitments.isCommitmentBundle(utf8(bundle)), name);
      const trust = trusted ? found.trust : null;
      const verdict = await commitments.verifyCommitment(utf8(bundle), { trust, verifier });
      assert.deepEqual([verdict.status, verdict.failed?.name ?? null, verdict.complete], [status, failing, complete], name);
    }
    for (const { name, code, status, failing } of found.codes) {
      const verdict = await commitments.verifyCode(code, { trust: found.trust, verifier });
      assert.deepEqual([verdict.status, verdict.failed?.name ?? null], [status, failing], name);
    }
  });
}

test("a bundle and a code show what they speak of", () => {
  const parts = commitments.partsOf(utf8(found.bundles[0].bundle));
  assert.deepEqual([parts.commitment.mine_name, parts.digest], [about.mine_name, found.digest]);
  const { entry } = commitments.decodeCode(found.codes[0].code);
  assert.equal(entry.data.digest, found.digest);
});

test("the examples of the standards of SM2 and SM3 come out", () => {
  assert.equal(toHex(commitments.sm3(utf8("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  assert.equal(
    toHex(commitments.sm3(utf8("abcd".repeat(16)))),
    "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
  );
  const { key, message, signature } = EXAMPLE;
  assert.ok(commitments.isSm2Key(key));
  assert.ok(commitments.verifySm2(key, message, signature));
  for (const at of [0, 31, 32, 63]) {
    const changed = signature.slice();
    changed[at] ^= 1;
    assert.ok(!commitments.verifySm2(key, message, changed));
  }
  assert.ok(!commitments.verifySm2(key, concat(message, utf8("x")), signature));
  assert.ok(!commitments.verifySm2(key, message, signature.subarray(1)));
  const beside = key.slice();
  beside[90] ^= 1;
  for (const wrong of [beside, key.subarray(1), concat(key, utf8("x"))]) assert.ok(!commitments.isSm2Key(wrong));
});

test("base45 is that of RFC 9285, and read back only as it is written", () => {
  for (const [plain, written] of [["AB", "BB8"], ["Hello!!", "%69 VD92EX0"], ["base-45", "UJCLQE7W581"], ["", ""]]) {
    assert.equal(toBase45(utf8(plain)), written);
    assert.deepEqual(fromBase45(written), utf8(plain));
  }
  for (const wrong of ["A", "BB8A", "GGW", "::", "bb8", "BB8::"]) assert.throws(() => fromBase45(wrong), /not base45/);
});
