/** A phone in Node: signs in, inspects, declares, sends and verifies, by the package alone. Arguments: URL, two logins. */

import { setTimeout as pause } from "node:timers/promises";

import * as pithead from "../../../api/web/pithead.js";

const [, , url, lead, second, password] = process.argv;
const boot = pithead.newId();

async function phoneOf(login) {
  const server = new pithead.Server({ url });
  const key = new pithead.DeviceKey(pithead.newId(), await pithead.signerOf(await pithead.makeKeyPair()));
  const pinned = await pithead.meet(await server.keysDocument(), null);
  server.access = (await pithead.signIn(server, { login, password })).access;
  const {
    viewer: { account },
  } = await server.ask("query { viewer { account { uuid } } }");
  await pithead.enrolDevice(server, key, { owner: account.uuid, name: "Node" });
  const opened = await pithead.signIn(server.asStranger(), { login, password, key });
  const renewed = await pithead.refresh(server.asStranger(), { token: opened.refreshToken, key });
  server.access = renewed.access;
  return { server, key, pinned, account: account.uuid, beacons: renewed.beacons };
}

async function sign(phone, recording, bytes, before) {
  const { sha256, size, parts, parts_root } = await pithead.measure(bytes);
  const statement = {
    recording,
    device: phone.key.device,
    maker: phone.account,
    seq: before.length,
    sha256,
    size,
    parts_root,
    boot,
    prev: before.length === 0 ? pithead.FIRST_PREV : pithead.sha256Hex(pithead.fromBase64url(before.at(-1).statement)),
    type: pithead.mediaTypeOf(bytes.subarray(0, pithead.HEAD_SIZE)),
    wall: Date.now(),
    mono: 1,
    place: { source: "none" },
    stage: "INQUIRY",
  };
  return { id: pithead.newId(), bytes, size, parts, ...(await phone.key.signStatement(statement)) };
}

async function send(phone, piece, answer) {
  if (answer.refused) throw answer.refused;
  const keys = await phone.server.keysDocument();
  const about = {
    statement: pithead.fromBase64url(piece.statement),
    evidence: piece.id,
    served: keys,
    pinned: phone.pinned,
  };
  await pithead.mustBePromised(answer.receipt, about);
  if (answer.inParts) {
    const slice = (start, end) => piece.bytes.subarray(start, end);
    let count = 0;
    // The line breaks after the first part; the same call goes on behind it.
    const carry = async (request) => {
      count += 1;
      if (count === 2) throw new pithead.UploadRefused(499, "the line was cut");
      return pithead.carrier(request);
    };
    const film = { id: piece.id, size: piece.size, parts: piece.parts, slice };
    await pithead.sendInParts(phone.server, film, { carry }).catch((error) => {
      if (error.status !== 499) throw error;
    });
    const { held } = await pithead.uploadStatus(phone.server, piece.id);
    if (held.size !== 1) throw new Error(`the store holds ${[...held]}`);
    await pithead.sendInParts(phone.server, film);
  } else {
    await pithead.sendWhole(answer.upload, piece.bytes);
    await pithead.completeEvidence(phone.server, [piece.id]);
  }
  return { ...piece, declared: answer.receipt };
}

async function sealed(phone, piece) {
  for (let tries = 0; tries < 120; tries += 1) {
    const [told] = await pithead.evidence(phone.server, [piece.id]);
    if (told.receipt) {
      const binary = {
        statement: pithead.fromBase64url(piece.statement),
        signature: pithead.fromBase64url(piece.signature),
      };
      const parts = {
        file: `${piece.id}.bin`,
        ...binary,
        declared: piece.declared,
        sealed: told.receipt,
        keys: await phone.server.keysDocument(),
      };
      return pithead.verifyBundle(pithead.makeBundle(parts), { original: piece.bytes, trust: phone.pinned });
    }
    await pause(250);
  }
  throw new Error("not sealed in time");
}

const [one, other] = [await phoneOf(lead), await phoneOf(second)];
const [mine] = await pithead.mines(one.server);
const inspection = {
  id: pithead.newId(),
  mineId: mine.uuid,
  basis: "REASONED",
  reason: "样例：JavaScript 客户端",
  leadId: one.account,
  officerIds: [one.account, other.account],
  places: [
    { id: pithead.newId(), name: "地面", underground: false },
    { id: pithead.newId(), name: "井下", underground: true },
  ],
};
await pithead.openInspection(one.server, inspection);
await pithead.joinInspection(other.server, inspection.id);
const recording = pithead.newId();
const keys = pithead.parseKeys(one.pinned);
const { device } = await pithead.verifyBeacon(one.beacons[0], keys);
if (device !== one.key.device) throw new Error("a beacon of another device");
await pithead.openRecording(one.server, { id: recording, inspectionId: inspection.id, beacon: one.beacons[0] });

const photo = new Uint8Array(5_000).fill(9);
photo.set([0xff, 0xd8, 0xff, 0xe0]);
const film = new Uint8Array(2 * pithead.PART_SIZE + 1_000).fill(3);
film.set([0, 0, 0, 16, ...pithead.utf8("ftypisom"), 0, 0, 2, 0]);
const pieces = [await sign(one, recording, photo, [])];
pieces.push(await sign(one, recording, film, pieces));
const items = pieces.map(({ id, statement, signature }) => ({ id, statement, signature }));
const answers = await pithead.declareEvidence(one.server, { recordingId: recording, deviceId: device, items });
const sent = [];
for (const [at, answer] of answers.entries()) sent.push(await send(one, pieces[at], answer));
for (const piece of sent) console.log((await sealed(one, piece)).status);
