/** The calls of the protocol (§14), each one function: what is sent, and what of the answer a phone needs. */

import { fromBase64url, toBase64url } from "../protocol/bytes.js";
import { parseCanonical } from "../protocol/canonical.js";
import { Refusal } from "../protocol/refusals.js";
import { Refused } from "./answers.js";
import { randomBytes } from "./chance.js";
import { plainLogin } from "./devices.js";

const PROBLEM = "problem { code message parameters { name value } }";
const BEACON = "beacon: value key signature";
const SESSION = `session { accountUuid deviceId accessToken refreshToken beacons { ${BEACON} } }`;
const UPLOAD = "upload { method url headers }";
const NONCE_SIZE = 16;
const RECEIPT_LIMIT = 131_072;

/**
 * A session as it was opened or renewed; `device` is null while it is no device's.
 * @typedef {{account: string, device: string | null, access: string, refreshToken: string,
 *   beacons: {beacon: string, key: string, signature: string}[]}} Opened
 */

/**
 * One signed request to the store: all headers are part of the signature.
 * @typedef {{method: string, url: string, headers: [string, string][]}} Upload
 */

function mutation(name, type, answer) {
  return `mutation($input: ${type}!) { ${name}(input: $input) { ${answer} ${PROBLEM} } }`;
}

/**
 * Open a session by password; with an enrolled key it is that device's session.
 * @param {import("./server.js").Server} server
 * @param {{login: string, password: string, key?: import("./devices.js").DeviceKey | null}} who
 * @returns {Promise<Opened>}
 */
export async function signIn(server, { login, password, key = null }) {
  const device = key === null ? null : await proofOf(server, key, login);
  return opened(
    await server.act(mutation("signIn", "SignInInput", SESSION), { login: plainLogin(login), password, device }),
  );
}

/**
 * Renew a session. The token changes with each use; the device's signature over a nonce redeems a lost answer.
 * @param {import("./server.js").Server} server
 * @param {{token: string, key: import("./devices.js").DeviceKey, random?: (count: number) => Uint8Array}} session
 * @returns {Promise<Opened>}
 */
export async function refresh(server, { token, key, random = randomBytes }) {
  try {
    return await refreshOnce(server, token, key, random);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "NONCE_ALREADY_USED") throw error;
    // That very request had arrived before and its answer was lost: the same token with another nonce is right.
    return refreshOnce(server, token, key, random);
  }
}

async function refreshOnce(server, token, key, random) {
  const nonce = toBase64url(random(NONCE_SIZE));
  const input = { refreshToken: token, nonce, signature: await key.signRefresh(token, nonce) };
  return opened(await server.act(mutation("refresh", "RefreshInput", SESSION), input));
}

/** Ask for this key to be the signed-in person's device, which the session then belongs to. */
export async function enrolDevice(server, key, { owner, name, kind = "PHONE" }) {
  const { algorithm } = key.signer;
  const signature = await key.signEnrolment(owner);
  await server.act(mutation("enrolDevice", "EnrolDeviceInput", "device { uuid }"), {
    id: key.device,
    kind,
    name,
    algorithm: algorithm === "Ed25519" ? "ED25519" : algorithm,
    publicKey: key.publicKey,
    signature,
  });
}

/** End this session; its access token dies within 15 seconds. */
export async function signOut(server) {
  await server.act(mutation("signOut", "SignOutInput", "session"), {});
}

/** Fresh beacons for this device: each opens a recording, offline too, for 24 hours. */
export async function beacons(server, device) {
  return (await server.ask(`query($device: UUID!) { beacons(deviceId: $device) { ${BEACON} } }`, { device })).beacons;
}

/** Mines in production or building that the signed-in person sees. @returns {Promise<object[]>} */
export async function mines(server) {
  const fields = "uuid name state sample county { name }";
  return everyNode(
    server,
    `query($after: String) { page: mines(first: 100, after: $after)
    { edges { node { ${fields} } } pageInfo { hasNextPage endCursor } } }`,
  );
}

/** People whose accounts the signed-in person sees; who of them may inspect, the server says at the opening. */
export async function accounts(server) {
  return everyNode(
    server,
    `query($after: String) { page: accounts(first: 100, after: $after)
    { edges { node { uuid login name grants { role } } } pageInfo { hasNextPage endCursor } } }`,
  );
}

/**
 * The newest inspections that name this account as an officer who has not joined yet.
 * @returns {Promise<{id: string, mineName: string, officers: string[], places: object[]}[]>}
 */
export async function inspectionsToJoin(server, account) {
  const { inspections } = await server.ask(`{ inspections(first: 20) { edges { node { uuid mine { name }
    officers { accountId name joinedAt } places { uuid name underground } } } } }`);
  return inspections.edges
    .map(({ node }) => node)
    .filter(({ officers }) => officers.some((one) => one.accountId === account && one.joinedAt === null))
    .map(({ uuid, mine, officers, places }) => ({
      id: uuid,
      mineName: mine?.name ?? "",
      officers: officers.map(({ name }) => name ?? "").filter(Boolean),
      places,
    }));
}

async function everyNode(server, document) {
  const found = [];
  for (let after = null; ;) {
    const { page } = await server.ask(document, { after });
    found.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor;
  }
}

/**
 * Open an inspection; the same again is the same inspection.
 * @param {{id: string, mineId: string, basis: "PLANNED" | "REASONED", reason: string, leadId: string,
 *   officerIds: string[], places: {id: string, name: string, underground: boolean}[]}} inspection
 */
export async function openInspection(server, inspection) {
  await server.act(mutation("openInspection", "OpenInspectionInput", "inspection { uuid }"), inspection);
}

/** The signed-in officer joins from the device of his session. */
export async function joinInspection(server, inspectionId) {
  await server.act(mutation("joinInspection", "JoinInspectionInput", "inspection { uuid }"), { inspectionId });
}

/** Open a recording on the newest beacon that was held when it began; the same again is the same recording. */
export async function openRecording(server, { id, inspectionId, beacon: { beacon, key, signature } }) {
  const input = { id, inspectionId, beacon: { beacon, key, signature } };
  await server.act(mutation("openRecording", "OpenRecordingInput", "recording { uuid }"), input);
}

/**
 * Declare signed pieces of one recording, at most 100, in the order of the chain; each is answered by itself.
 * @param {{recordingId: string, deviceId: string, items: {id: string, statement: string, signature: string}[]}} input
 * @returns {Promise<{id: string, receipt: object | null, upload: Upload | null, inParts: boolean,
 *   refused: Refused | null}[]>}
 */
export async function declareEvidence(server, { recordingId, deviceId, items }) {
  const answer = `items { uuid receipt ${UPLOAD} parts { count } ${PROBLEM} }`;
  const input = {
    recordingId,
    deviceId,
    items: items.map(({ id, statement, signature }) => ({ id, statement, signature })),
  };
  const told = await server.act(mutation("declareEvidence", "DeclareEvidenceInput", answer), input);
  return told.items.map((item) => ({
    id: item.uuid,
    receipt: documentOf(item.receipt),
    upload: item.upload && uploadOf(item.upload),
    inParts: item.parts !== null,
    refused: item.problem && Refused.of(item.problem),
  }));
}

/** Say that bytes were sent, at most 100 pieces. @returns {Promise<Map<string, Refused | null>>} */
export async function completeEvidence(server, ids) {
  const told = await server.act(mutation("completeEvidence", "CompleteEvidenceInput", `items { uuid ${PROBLEM} }`), {
    ids,
  });
  return new Map(told.items.map((item) => [item.uuid, item.problem && Refused.of(item.problem)]));
}

/** Begin to send a large file, or go on with it. @param {Uint8Array} parts the SHA-256 of its parts, one behind the other */
export async function beginUpload(server, evidenceId, parts) {
  await server.act(mutation("beginUpload", "BeginUploadInput", "state"), { evidenceId, parts: toBase64url(parts) });
}

/** Signed requests for so many parts after one. @returns {Promise<{number: number, upload: Upload}[]>} */
export async function partUrls(server, evidenceId, { first = 20, after = 0 } = {}) {
  const told = await server.ask(
    `query($id: UUID!, $first: Int!, $after: Int!) { partUrls(evidenceId: $id, first: $first, after: $after)
      { number ${UPLOAD} } }`,
    { id: evidenceId, first, after },
  );
  return told.partUrls.map(({ number, upload }) => ({ number, upload: uploadOf(upload) }));
}

/** What the store holds of a file in parts. @returns {Promise<{state: string, begun: boolean, held: Set<number>}>} */
export async function uploadStatus(server, evidenceId) {
  const { uploadStatus: told } = await server.ask(
    "query($id: UUID!) { uploadStatus(evidenceId: $id) { state begun held { first last } } }",
    { id: evidenceId },
  );
  const held = new Set();
  for (const { first, last } of told.held) for (let number = first; number <= last; number += 1) held.add(number);
  return { state: told.state, begun: told.begun, held };
}

/** Say that all parts were sent. Refused names the part that is missing. */
export async function completeUpload(server, evidenceId) {
  await server.act(mutation("completeUpload", "CompleteUploadInput", "state"), { evidenceId });
}

/** How far the server is with these pieces, at most 100; the sealed receipt once there is one. */
export async function evidence(server, ids) {
  const told = await server.ask(
    "query($ids: [UUID!]!) { evidence(ids: $ids) { uuid state quarantineReason receipt } }",
    { ids },
  );
  return told.evidence
    .filter((one) => one !== null)
    .map((one) => ({
      id: one.uuid,
      state: one.state,
      reason: one.quarantineReason ?? "",
      receipt: documentOf(one.receipt),
    }));
}

async function proofOf(server, key, login) {
  const { signInChallenge: challenge } = await server.ask("query { signInChallenge }");
  return { deviceId: key.device, challenge, signature: await key.signChallenge(challenge, login) };
}

function opened({ session }) {
  return {
    account: session.accountUuid,
    device: session.deviceId,
    access: session.accessToken,
    refreshToken: session.refreshToken,
    beacons: session.beacons,
  };
}

/** The only reader of how an upload is told: its headers are lines of "Name: value". */
function uploadOf({ method, url, headers }) {
  return { method, url, headers: headers.map((line) => line.split(/: (.*)/s, 2)) };
}

/** A receipt: canonical JSON in base64url. What is none is empty, so that one piece's check fails, not a batch's. */
function documentOf(text) {
  if (text === null || text === undefined) return null;
  try {
    return parseCanonical(fromBase64url(text), RECEIPT_LIMIT);
  } catch (error) {
    if (error instanceof Refusal) return {};
    throw error;
  }
}
