/** Inventories (protocol §11b): what the record gave out as the pack of a case, as the entry of its opening names it. */

import { utf8 } from "./bytes.js";
import { canonical, differingMembers, isObject, parseCanonical } from "./canonical.js";
import { decodeEntry } from "./entries.js";
import { PROVEN_LIMIT, readProven } from "./places.js";
import { Refusal } from "./refusals.js";
import { sha256Hex } from "./sha256.js";

/** What stands behind the id of the case in the name of the inventory, and of the proof of its opening. */
export const INVENTORY_SUFFIX = ".inventory.json";
export const OPENING_SUFFIX = ".opening.json";
/** The page that people read, beside `data`. */
export const PAGE = "contents.html";

const VERSION = "pithead/inventory/1";
const KIND = "pack.opened";
const LIMIT = 33_554_432;
const OF_THE_CASE = ["case", "volume", "steps", "withheld", "papers", "findings", "measures"];
const MEMBERS = ["v", ...OF_THE_CASE, "recordings", "statements", "page"];

/** Makes the checks of what was given out; whether the record itself says that this is all of it. */
export async function checkInventory(members, beside, checks) {
  const id = members.case;
  const opening = await beside.read(id + OPENING_SUFFIX, PROVEN_LIMIT);
  const listed = await beside.read(id + INVENTORY_SUFFIX, LIMIT);
  if (opening === null && listed === null) {
    checks.skip(`${id}: opening`, "no entry says what was given out: what is left out here cannot be told");
    return false;
  }
  const entry = await checks.run(`${id}: opening`, [], () => readOpening(opening, members, beside));
  const told = await checks.run(`${id}: inventory`, [entry], () => readInventory(listed, entry, members));
  await checks.run(`${id}: pieces`, [told], () => checkPieces(told, beside));
  await checks.run(PAGE, [told], () => {
    if (beside.page !== told.page) throw new Refusal("it is missing, or not the page that was given out");
    return [true, "as it was given out"];
  });
  return told !== null;
}

/** What an inventory says of a case, made from its case file. */
function ofTheCase(members) {
  const { steps, withheld, papers, findings, measures, volume } = members;
  return {
    case: members.case, volume, steps: idsOf(steps), withheld,
    papers: papers.map(({ paper, file, entries }) => ({ paper, file, entries: idsOf(entries) })),
    findings: findings.map(({ finding, entries }) => ({ finding, entries: idsOf(entries) })),
    measures: measures.map(({ measure, entries }) => ({ measure, entries: idsOf(entries) })),
  };
}

function idsOf(items) {
  return items.map((item) => decodeEntry(utf8(item.payload)).id);
}

async function readOpening(data, members, { trust, verifier }) {
  if (data === null) throw new Refusal("the proof of the opening is missing");
  const [entry, where] = await readProven(data, { trust, verifier });
  if (entry.kind !== KIND || entry.subject !== members.case) throw new Refusal(`the entry is not ${KIND} of this case`);
  if (entry.data.volume !== members.volume) throw new Refusal("another volume was given out");
  return [entry, `given out as ${members.volume} at ${entry.at}, ${where}`];
}

function readInventory(data, entry, members) {
  if (data === null || sha256Hex(data) !== entry.data.inventory) {
    throw new Refusal("it is missing, or not the one that the entry names");
  }
  const told = parseCanonical(data, LIMIT);
  if (differingMembers(told, MEMBERS).length > 0 || told.v !== VERSION) {
    throw new Refusal(`not an object of ${[...MEMBERS].sort().join(", ")} with v ${VERSION}`);
  }
  const here = ofTheCase(members);
  for (const name of OF_THE_CASE) {
    if (sha256Hex(canonical({ is: told[name] })) !== sha256Hex(canonical({ is: here[name] }))) {
      throw new Refusal(`${name} are not those that were given out`);
    }
  }
  if (!isListed(told)) throw new Refusal("recordings, statements or page are none");
  const given = `${told.steps.length} steps, ${told.withheld.length} withheld, ${told.papers.length} papers`;
  return [told, `${given}, ${told.statements.length} statements`];
}

function isListed({ recordings, statements, page }) {
  if (!Array.isArray(recordings) || !Array.isArray(statements) || typeof page !== "string") return false;
  const isNamed = (one) => isObject(one) && differingMembers(one, ["recording", "closing"]).length === 0
    && typeof one.recording === "string" && typeof one.closing === "string";
  return recordings.every(isNamed) && statements.every((one) => typeof one === "string");
}

/** Every closing and every statement that was given out; what was declared since may be there too. */
async function checkPieces(told, { hashOf, statements }) {
  for (const { recording, closing } of told.recordings) {
    if (closing !== "" && (await hashOf(`${recording}.closing.json`)) !== closing) {
      throw new Refusal(`the closing of recording ${recording} is left out, or another one`);
    }
  }
  const absent = told.statements.filter((one) => !statements.has(one));
  if (absent.length > 0) throw new Refusal(`${absent.length} statements are left out, the first: ${absent[0]}`);
  const more = statements.size - new Set(told.statements).size;
  return [true, `${told.statements.length} statements${more > 0 ? `, ${more} more` : ""}`];
}
