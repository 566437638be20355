/** Every vector of protected reports, found again in JavaScript: by WebCrypto, and by the packages that pages load. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { concat, fromBase64url, textOf, toBase64url, utf8 } from "../../../api/web/protocol/bytes.js";
import * as reports from "../../../api/web/protocol/reports/reports.js";
import { sha256, sha256Hex } from "../../../api/web/protocol/sha256.js";

globalThis.self ??= globalThis; // As in a page, where the curves' package puts itself there.
await import("../../../api/web/vendor/argon2.js");
await import("../../../api/web/vendor/nacl.js");

const LIST = "../../../storage/record/ledger/proofs/reports/words.txt";
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const vectors = JSON.parse(read("../../vectors/reports.json"));
const words = reports.readWords(read(LIST));
const CURVES = { WebCrypto: reports.webCurves, TweetNaCl: reports.curvesOf(globalThis.nacl) };
const argon2id = (password, salt, { memory, passes, lanes, size }) =>
  globalThis.hashwasm.argon2id({
    password, salt, memorySize: memory, iterations: passes, parallelism: lanes, hashLength: size, outputType: "binary",
  });

/** Bytes that look random and follow from a word, as the vectors were drawn. */
function drawn(word) {
  let count = 0;
  return (size) => {
    let found = new Uint8Array();
    for (; found.length < size; count += 1) found = concat(found, sha256(utf8(`${word} ${count}`)));
    return found.slice(0, size);
  };
}

function refuses(reason, at = null) {
  return (refusal) => {
    assert.ok(refusal instanceof reports.ReportMalformed, String(refusal));
    assert.deepEqual([refusal.reason, refusal.at], [reason, at]);
    return true;
  };
}

test("the list of words is the one that receipts are made from", () => {
  assert.equal(words.length, vectors.words.count);
  assert.equal(sha256Hex(utf8(words.join(""))), vectors.words.sha256);
});

test("a receipt is read as people type it, and what is wrong with it is said", () => {
  for (const { typed, text, groups, ...members } of vectors.receipts.read) {
    const receipt = reports.parseReceipt(typed, words);
    assert.deepEqual({ ...receipt }, members);
    assert.deepEqual([receipt.text(), receipt.groups()], [text, groups]);
    assert.ok(receipt.endsWith(` ${groups.at(-1)}。`));
    assert.ok(!receipt.endsWith(groups.at(-2)));
  }
  for (const { typed, reason, at } of vectors.receipts.refused) {
    assert.throws(() => reports.parseReceipt(typed, words), refuses(reason, at), typed);
  }
});

test("a receipt that was made can be read again", () => {
  for (const [form, locator] of [["D", "482913"], ["W", words[7] + words[4095]]]) {
    const made = reports.makeReceipt(form, locator, { words, parameters: "2" });
    assert.deepEqual(reports.parseReceipt(made.text(), words), made);
    assert.notEqual(reports.makeReceipt(form, locator, { words }).secret, made.secret);
  }
  assert.throws(() => reports.makeReceipt("W", "龘龘龘龘", { words }), refuses("word", 1));
  assert.throws(() => reports.makeReceipt("D", "48291", { words }), refuses("locator"));
});

test("two derivations that differ give no keys", async () => {
  const [{ receipt, salt }] = vectors.keys;
  let count = 0;
  const faulty = async () => new Uint8Array(32).fill((count += 1));
  await assert.rejects(reports.derive(faulty, reports.parseReceipt(receipt, words), fromBase64url(salt)), {
    name: "DerivationDiffers",
  });
});

for (const item of vectors.keys) {
  test(`a receipt gives the keys that the vectors have: ${item.receipt}`, async () => {
    const root = await reports.derive(argon2id, reports.parseReceipt(item.receipt, words), fromBase64url(item.salt));
    assert.equal(toBase64url(root), item.root);
    const keys = await reports.keysOf(root);
    for (const [name, secret] of Object.entries(keys)) assert.equal(toBase64url(secret), item[`${name}_private`]);
    for (const curves of Object.values(CURVES)) {
      const publics = await reports.publicsOf(curves, keys);
      for (const [name, open] of Object.entries(publics)) assert.equal(toBase64url(open), item[`${name}_public`]);
    }
  });
}

test("messages are encrypted and opened as the vectors say", async () => {
  const { id, key, encrypted, refused, sizes } = vectors.messages;
  const held = fromBase64url(key);
  for (const item of encrypted) {
    const [bound, data] = [fromBase64url(item.bound), utf8(item.data)];
    const random = drawn("vector message nonce");
    assert.equal(toBase64url(await reports.encrypt(data, held, bound, { random })), item.encrypted);
    assert.equal(textOf(await reports.decrypt(fromBase64url(item.encrypted), held, bound)), item.data);
  }
  const [said, , who] = encrypted.map(({ data }) => utf8(data));
  assert.deepEqual(reports.encodeMessage(reports.decodeMessage(said)), said);
  assert.deepEqual(reports.encodeIdentity(JSON.parse(textOf(who))), who);
  assert.throws(() => reports.decodeMessage(who), refuses("not canonical"));
  for (const { encrypted: data, reason } of refused) {
    await assert.rejects(reports.decrypt(fromBase64url(data), held, reports.forMessage(id)), refuses(reason));
  }
  assert.deepEqual(reports.SIZES.map((size) => size + 28), sizes);
});

for (const [name, curves] of Object.entries(CURVES)) {
  test(`wraps are made and opened as the vectors say, by ${name}`, async () => {
    const sender = sha256(utf8("vector sender"));
    for (const item of vectors.wraps) {
      const [secret, purpose, wrapped] = [item.secret, item.purpose, item.wrapped].map(fromBase64url);
      assert.equal(reports.keyIdOf(fromBase64url(item.public)), item.key_id);
      const made = await reports.wrap(curves, secret, fromBase64url(item.public), purpose, { random: () => sender });
      assert.deepEqual(made, wrapped);
      const size = secret.length;
      const open = (to) => reports.unwrap(curves, wrapped, fromBase64url(item.private), to, { size });
      assert.deepEqual(await open(purpose), secret);
      await assert.rejects(open(utf8("another purpose")), refuses("wrap"));
    }
    const [{ purpose }] = vectors.wraps;
    for (const weak of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
      const refused = reports.wrap(curves, sender, weak, fromBase64url(purpose));
      await assert.rejects(refused, refuses("public key"));
    }
  });

  test(`what is signed is what the vectors have, by ${name}`, async () => {
    const keys = await reports.keysOf(sha256(utf8("vector root")));
    const challenge = toBase64url(sha256(utf8("vector challenge")));
    const [login, claim] = vectors.signed;
    const reward = claim.message.split("\n")[1];
    const told = [
      [login, keys.login, reports.loginMessage("D", "482913", challenge)],
      [claim, keys.claim, reports.claimMessage(reward, 300_000, "CASH", utf8("县局窗口现金"))],
    ];
    for (const [item, key, message] of told) {
      assert.equal(textOf(message), item.message);
      assert.equal(toBase64url(await curves.sign(key, message)), item.signature);
      assert.equal(toBase64url(await curves.signPublic(key)), item.public);
    }
  });
}

test("wraps are for a message or a half of an identity's key", () => {
  const [of, a, b] = vectors.wraps.map(({ purpose }) => textOf(fromBase64url(purpose)));
  const [, id, key] = of.split("\n");
  assert.equal(textOf(reports.wrapForMessage(id, key)), of);
  assert.equal(textOf(reports.wrapForHalf(id, "a", key)), a);
  assert.equal(textOf(reports.wrapForHalf(id, "b", key)), b);
  assert.throws(() => reports.wrapForMessage("no id", key), refuses("message id"));
});

test("files are encrypted in frames as the vectors say", async () => {
  const { id, key, size, encrypted_size, sha256: whole, frames } = vectors.files;
  const [plain, held] = [drawn("vector file")(size), fromBase64url(key)];
  const encrypted = await reports.encryptFile(plain, held, id, { random: drawn("vector prefix") });
  assert.deepEqual([encrypted.length, sha256Hex(encrypted)], [encrypted_size, whole]);
  assert.deepEqual(await reports.decryptFile(encrypted, held, id, size), plain);
  encrypted[70_000] ^= 1;
  await assert.rejects(reports.decryptFile(encrypted, held, id, size), refuses("frame", 1));
  for (const one of frames) assert.equal(reports.framesFor(one.size), one.frames);
  for (const none of [0, reports.LARGEST + 1]) assert.throws(() => reports.framesFor(none), refuses("file size", none));
});

test("a key's two halves give it back, and the work that is asked is done", () => {
  const { secret, a, b } = vectors.shares;
  const halves = reports.halve(fromBase64url(secret), { random: drawn("vector half") });
  assert.deepEqual(halves.map(toBase64url), [a, b]);
  assert.equal(toBase64url(reports.join(...halves)), secret);
  for (const { reservation, bits, nonce } of vectors.work) {
    assert.equal(reports.work(reservation, bits), nonce);
    assert.ok(reports.workIsDone(reservation, nonce, bits));
  }
  assert.throws(() => reports.work("vector.1", reports.BITS_AT_MOST + 1), refuses("work", 25));
});
