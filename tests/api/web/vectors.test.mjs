/** Every vector of the protocol, read by the JavaScript verifier: `node --test tests/api/web/vectors.test.mjs`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as pithead from "../../../api/web/pithead.js";

const { fromBase64url, fromHex, sha256, toBase64url, toHex, utf8 } = pithead;

function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
}

function leaf(number) {
  return pithead.leafHash(sha256(utf8(`leaf ${number}`)));
}

function signedOf(item, kind, message) {
  const [publicKey, signature] = [fromBase64url(item.public), fromBase64url(item.signature)];
  return { algorithm: item.algorithm, publicKey, kind, message, signature };
}

test("canonical JSON is written and refused as the vectors say", () => {
  const { written, refused } = vectors("canonical");
  for (const { value, canonical } of written) {
    assert.equal(toBase64url(pithead.canonical(value)), canonical);
    const data = fromBase64url(canonical);
    assert.deepEqual(pithead.canonical(pithead.parseCanonical(data, 1024)), data);
  }
  for (const { data, offset } of refused) {
    assert.throws(() => pithead.parseCanonical(fromBase64url(data), 1024), (refusal) => {
      assert.ok(refusal instanceof pithead.NotCanonical, String(refusal));
      if (offset !== null) assert.equal(refusal.offset, offset);
      return true;
    });
  }
});

test("statements are read, written and verified, and what is none is refused", async () => {
  const { signed, refused, parts } = vectors("statements");
  for (const item of signed) {
    const data = utf8(item.statement);
    assert.deepEqual(pithead.encodeStatement(pithead.decodeStatement(data)), data);
    assert.equal(pithead.sha256Hex(data), item.sha256);
    assert.ok(await pithead.verify(signedOf(item, "statement", data)));
  }
  for (const { data } of refused) {
    assert.throws(() => pithead.decodeStatement(fromBase64url(data)), pithead.StatementMalformed);
  }
  assert.equal(toHex(pithead.partsRoot(parts.parts.map(fromHex))), parts.parts_root);
});

test("a signature of one kind verifies as no other", async () => {
  const { domains, message, signed } = vectors("signatures");
  assert.deepEqual({ ...pithead.DOMAINS }, domains);
  for (const item of signed) {
    for (const kind of Object.keys(domains)) {
      assert.equal(await pithead.verify(signedOf(item, kind, fromBase64url(message))), kind === item.kind);
    }
  }
});

test("roots, inclusion and consistency proofs and paths are those of the vectors", () => {
  const found = vectors("merkle");
  const leaves = Array.from({ length: 600 }, (_, number) => leaf(number));
  assert.deepEqual(leaves.slice(0, found.leaf_hashes.length).map(toHex), found.leaf_hashes);
  const roots = new Map(found.roots.map(({ size, root }) => [size, fromHex(root)]));
  for (const [size, root] of roots) assert.deepEqual(pithead.rootOf(leaves.slice(0, size)), root);
  for (const { position, size, proof } of found.inclusion) {
    const path = proof.map(fromHex);
    assert.ok(pithead.verifyInclusion(leaf(position), position, size, path, roots.get(size)));
    assert.ok(!pithead.verifyInclusion(leaf(position + 1), position, size, path, roots.get(size)));
    assert.ok(!pithead.verifyInclusion(leaf(position), position, size, [...path, leaf(0)], roots.get(size)));
  }
  for (const { old, new: newSize, proof } of found.consistency) {
    const trees = { oldSize: old, newSize, oldRoot: roots.get(old), newRoot: roots.get(newSize) };
    assert.ok(pithead.verifyConsistency(trees, proof.map(fromHex)));
    assert.ok(!pithead.verifyConsistency({ ...trees, oldRoot: leaf(599) }, proof.map(fromHex)));
    assert.ok(!pithead.verifyConsistency(trees, [...proof.map(fromHex), leaf(0)]));
  }
  for (const { level, index, width, path } of found.paths) assert.equal(pithead.tilePath(level, index, width), path);
  const { salt, payload, digest } = found.entry_digest;
  assert.equal(toHex(pithead.entryDigest(fromBase64url(salt), fromBase64url(payload))), digest);
});

test("checkpoints are read with the signatures that verify", async () => {
  const found = vectors("checkpoints");
  const keys = found.keys.map((key) => ({ name: key.name, publicKey: fromBase64url(key.public) }));
  assert.equal(toHex(pithead.keyHash(keys[0].name, keys[0].publicKey)), found.key_hash);
  for (const [note, signers] of [[found.note, 1], [found.cosigned, 2]]) {
    const checkpoint = await pithead.parseCheckpoint(note, keys);
    assert.equal(checkpoint.origin, found.origin);
    assert.equal(String(checkpoint.size), found.size);
    assert.equal(toHex(checkpoint.root), found.root);
    assert.equal(checkpoint.signatures.filter((line) => line.key !== null).length, signers);
  }
  for (const note of found.refused) {
    await assert.rejects(pithead.parseCheckpoint(note, keys), pithead.CheckpointMalformed);
  }
});

const bundles = vectors("bundles");
for (const { name, bundle, trusted, status, failing } of bundles.cases) {
  test(`bundle: ${name}`, async () => {
    const original = fromBase64url(bundles.original.bytes);
    const options = { original, name: bundles.original.name, trust: trusted ? bundles.trust : null };
    const verdict = await pithead.verifyBundle(utf8(bundle), options);
    assert.equal(verdict.status, status, verdict.summary);
    assert.equal(verdict.failed?.name ?? null, failing, verdict.summary);
  });
}

const disclosures = vectors("disclosures");
for (const { name, bundle, trusted, status, failing, complete } of disclosures.bundles) {
  test(`disclosure: ${name}`, async () => {
    const verdict = await pithead.verifyDisclosure(utf8(bundle), { trust: trusted ? disclosures.trust : null });
    assert.equal(verdict.status, status, verdict.summary);
    assert.equal(verdict.failed?.name ?? null, failing, verdict.summary);
    assert.equal(verdict.complete, complete);
  });
}

const pictures = vectors("pictures");
for (const { name, bundle, trusted, status, failing, summary } of pictures.bundles) {
  test(`picture: ${name}`, async () => {
    const verdict = await pithead.verifyPicture(utf8(bundle), { trust: trusted ? pictures.trust : null });
    assert.equal(verdict.status, status, verdict.summary);
    assert.equal(verdict.failed?.name ?? null, failing, verdict.summary);
    assert.equal(verdict.summary, summary);
  });
}

test("no byte of a picture's bundle may be changed, and nonsense is broken and never a fault", async () => {
  const whole = utf8(pictures.bundles[0].bundle);
  for (let at = 0; at < whole.length; at += 97) {
    const data = whole.slice();
    data[at] ^= 1;
    const verdict = await pithead.verifyPicture(data, { trust: pictures.trust });
    const inHints = at > whole.indexOf(0x68) && verdict.status === "VERIFIED";
    assert.ok(verdict.status === "BROKEN" || inHints, `byte ${at}: ${verdict.summary}`);
  }
  for (const text of ["", "{}", "[]", "null", '{"v":"pithead/picture-bundle/1"}']) {
    assert.equal((await pithead.verifyPicture(utf8(text))).status, "BROKEN");
  }
});

test("no byte of a disclosure may be changed, and nonsense is broken and never a fault", async () => {
  const whole = utf8(disclosures.bundles[1].bundle);
  for (let at = 0; at < whole.length; at += 7) {
    const data = whole.slice();
    data[at] ^= 1;
    assert.equal((await pithead.verifyDisclosure(data, { trust: disclosures.trust })).status, "BROKEN");
  }
  for (const text of ["", "{}", "[]", "null", '{"v":"pithead/disclosure-bundle/1"}']) {
    assert.equal((await pithead.verifyDisclosure(utf8(text))).status, "BROKEN");
  }
});

test("names of files are plain or not as the vectors say", () => {
  for (const { name, plain } of bundles.names) assert.equal(pithead.isPlainName(name), plain, JSON.stringify(name));
});

test("a device signs with a key that never leaves it, and what it signed is verified", async () => {
  const example = pithead.decodeStatement(utf8(vectors("statements").signed[0].statement));
  for (const algorithm of pithead.ALGORITHMS) {
    const signer = await pithead.signerOf(await pithead.makeKeyPair(algorithm));
    const { statement, signature } = await pithead.signStatement(example, signer);
    const [message, found] = [fromBase64url(statement), fromBase64url(signature)];
    assert.ok(await pithead.verify({ ...signer, kind: "statement", message, signature: found }));
    assert.ok(!(await pithead.verify({ ...signer, kind: "closing", message, signature: found })));
  }
});

test("an original of any kind of source is measured in one pass", async () => {
  const bytes = new Uint8Array(pithead.PART_SIZE + 5).fill(7);
  async function* dripping() {
    for (let at = 0; at < bytes.length; at += 1_000_003) yield bytes.subarray(at, at + 1_000_003);
  }
  const expected = await pithead.measure(bytes);
  assert.equal(expected.parts.length, 2);
  assert.equal(expected.sha256, toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
  for (const source of [bytes.buffer, new Blob([bytes]), new Blob([bytes]).stream(), dripping()]) {
    assert.deepEqual(await pithead.measure(source), expected);
  }
  assert.equal((await pithead.measure(new Uint8Array(0))).size, 0);
});

test("hashing in pieces gives what hashing at once gives, around every boundary of a block", async () => {
  for (let size = 0; size < 200; size += 1) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7);
    const expected = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    const cut = Math.floor(size / 3);
    const hash = new pithead.Sha256().update(bytes.subarray(0, cut)).update(bytes.subarray(cut));
    assert.equal(toHex(hash.digest()), expected);
  }
});

test("a host that cannot verify says so and breaks nothing", async () => {
  const verifier = { verify: () => { throw new pithead.HostLacks("no WebCrypto"); } };
  await assert.rejects(pithead.verifyBundle(utf8(bundles.cases[0].bundle), { verifier }), pithead.HostLacks);
  const asked = [];
  const trusting = { verify: (algorithm) => asked.push(algorithm) > 0 };
  assert.equal((await pithead.verifyBundle(utf8(bundles.cases[0].bundle), { verifier: trusting })).exitCode, 2);
  assert.ok(asked.includes("ES256") && asked.includes("Ed25519"));
});

test("signatures in a keystore's DER become 64 raw bytes", () => {
  for (const { der, raw } of vectors("signatures").der) {
    if (raw === null) assert.throws(() => pithead.derToRaw(fromBase64url(der)), pithead.Refusal, der);
    else assert.equal(toBase64url(pithead.derToRaw(fromBase64url(der))), raw);
  }
});

const closings = vectors("closings");

test("closings are read and written, and what is none is refused for the reason given", async () => {
  const closing = pithead.decodeClosing(utf8(closings.closing));
  assert.deepEqual(pithead.encodeClosing(closing), utf8(closings.closing));
  const upside = { ...closing, chains: [...closing.chains].reverse() };
  assert.deepEqual(pithead.encodeClosing(upside), utf8(closings.closing));
  for (const { data, reason } of closings.refused) {
    assert.throws(() => pithead.decodeClosing(fromBase64url(data)), { name: "ClosingMalformed", message: reason });
  }
});

test("a closing is closed by two officers with two keys, or not at all", async () => {
  const { closing, closer, cosigner } = await pithead.readClosed(utf8(closings.closed));
  assert.equal(closer.maker, closing.closer);
  assert.notEqual(cosigner.maker, closer.maker);
  for (const file of closings.closed_refused) {
    await assert.rejects(pithead.readClosed(utf8(file)), pithead.ClosingMalformed);
  }
});

for (const { name, statements, chains, contradictions } of closings.chains) {
  test(`chains: ${name}`, () => {
    const found = pithead.checkChains(statements.map(utf8));
    assert.deepEqual(found.map((chain) => ({ ...chain, breaks: chain.breaks.map(({ seq }) => seq) })), chains);
    const closing = pithead.decodeClosing(utf8(closings.closing));
    assert.equal(pithead.contradictionsOf(closing, found).length, contradictions);
  });
}

const takeovers = vectors("takeovers");

test("takeover papers are read and written, and what is none, or not of this piece, is refused", async () => {
  const paper = pithead.decodeTakeover(utf8(takeovers.paper));
  assert.deepEqual(pithead.encodeTakeover(paper), utf8(takeovers.paper));
  for (const { data, reason } of takeovers.refused) {
    assert.throws(() => pithead.decodeTakeover(fromBase64url(data)), { name: "TakeoverMalformed", message: reason });
  }
  const piece = { statement: utf8(takeovers.statement), entry: takeovers.entry };
  assert.deepEqual({ ...(await pithead.readTakenOver(utf8(takeovers.file), piece)) }, { ...paper });
  for (const file of takeovers.file_refused) {
    await assert.rejects(pithead.readTakenOver(utf8(file), piece), pithead.TakeoverMalformed);
  }
});

const proven = vectors("proven");

test("the entry that took a closing is proved by the log, or not at all", async () => {
  const closed = await pithead.readClosed(utf8(proven.closed));
  const taken = async (proof, trust) => {
    const [entry] = await pithead.readProven(utf8(proof), { trust });
    pithead.mustBeEntered(entry, closed);
  };
  await taken(proven.proof, proven.trust);
  for (const { name, proof } of proven.refused) {
    await assert.rejects(taken(proof, proven.trust), pithead.Refusal, name);
    if (name.startsWith("forged")) await taken(proof, null);
  }
});

const cases = vectors("cases");

test("a case is whole, or what is wrong with it is named", async () => {
  const hashOf = async (name) => (name === cases.pdf.name ? pithead.sha256Hex(utf8(cases.pdf.text)) : null);
  const digestOf = (text) => pithead.sha256Hex(utf8(text));
  const beside = {
    hashOf, sealed: new Set(cases.sealed), trust: cases.trust, verifier: pithead.webCrypto, page: digestOf(cases.page),
    statements: new Set(cases.statements.map(digestOf)),
    read: (name) => utf8(name.endsWith(".opening.json") ? cases.opening : cases.inventory),
  };
  for (const { name, file, failing } of [{ file: cases.file, failing: null }, ...cases.changed]) {
    const checks = new pithead.Checks();
    await pithead.checkCase(cases.name, utf8(file), beside, checks);
    assert.equal(checks.made.find((check) => check.ok === false)?.name ?? null, failing, name);
  }
});
