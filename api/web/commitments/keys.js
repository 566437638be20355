/** Where an officer sees in person whose signing key it is, and notes the paper that was agreed upon: nothing else. */

import { h } from "../app/dom.js";
import { dayOf, momentOf } from "../app/speaking.js";
import { sha256Hex } from "../protocol/sha256.js";
import { act, again, facts, notice, say, sentence, show } from "./frame.js";
import { sentenceOf } from "./session.js";
import { fingerprint } from "./signing.js";
import { t } from "./words_inside.js";

const SEEN = ["IDENTITY_CARD", "OTHER_DOCUMENT", "KNOWN_IN_PERSON"];
const KEYS = `query($mine: UUID!) { mineSigning(mineId: $mine) { principal agreements { principal agreedAt }
  principalUuid keys { uuid purpose way algorithm publicKey accountId registeredAt checkedAt endedAt } }
  people(mineId: $mine, post: PRINCIPAL, first: 10) { edges { node { name accountId } } } }`;
const PROBLEM = "problem { code message parameters { name value } }";
const CHECK = `mutation($input: CheckSigningKeyInput!) { checkSigningKey(input: $input) { key { uuid } ${PROBLEM} } }`;
const AGREE = `mutation($input: RecordSigningAgreementInput!) {
  recordSigningAgreement(input: $input) { agreement { uuid } ${PROBLEM} } }`;

/**
 * Shows the keys of one mine, and goes `back`.
 * @param {{line: import("../client/server.js").Server, mine: {uuid: string, name: string}, back: () => void}} about
 */
export async function showKeys({ line, mine, back }) {
  const page = { signing: null, names: new Map(), seen: new Map(), trouble: null, busy: false };

  async function read() {
    const { mineSigning, people } = await line.ask(KEYS, { mine: mine.uuid });
    page.names = new Map(people.edges.map(({ node }) => [node.accountId, node.name]));
    page.signing = mineSigning;
  }

  async function doing(task) {
    if (page.busy) return;
    Object.assign(page, { busy: true, trouble: null });
    again();
    try {
      await task();
    } catch (error) {
      page.trouble = sentenceOf(error);
    }
    page.busy = false;
    again();
  }

  const check = (key) => doing(async () => {
    await line.act(CHECK, { operationId: crypto.randomUUID(), keyId: key.uuid, seen: page.seen.get(key.uuid) });
    await read();
    say(t("key_checked"));
  });

  const saw = (key) => (event) => {
    page.seen.set(key.uuid, event.target.value);
    again();
  };

  const agree = (event) => doing(async () => {
    const [scan] = event.target.files;
    if (!scan) return;
    const paper = sha256Hex(new Uint8Array(await scan.arrayBuffer()));
    const principal = page.signing.principalUuid;
    await line.act(AGREE, { operationId: crypto.randomUUID(), mineId: mine.uuid, principal, paper });
    await read();
    say(t("agreement_noted"));
  });

  /** As the register names its principal today; a former one and the company are not he. */
  const nameOf = (account) => page.names.get(account) ?? t("unnamed");

  function keyCard(key) {
    const name = nameOf(key.accountId);
    const state = key.endedAt !== null ? ["cinnabar", "cross", t("key_ended", { day: dayOf(key.endedAt.slice(0, 10)) })]
      : key.checkedAt !== null ? ["jade", "check", t("key_seen", { moment: momentOf(Date.parse(key.checkedAt)) })]
        : ["amber", "wait", t("key_unseen")];
    const open = key.endedAt === null && key.checkedAt === null;
    return h("article.clause", { data: { tone: state[0], key: key.uuid } },
      h("h3", {}, h("span.number", {}, t(`purpose_${key.purpose}`)), h("span", {}, name)),
      sentence(...state),
      facts([t("way"), t(`way_${key.way}`)], [t("registered"), momentOf(Date.parse(key.registeredAt))],
        [t("fingerprint"), h("span.hash", {}, fingerprint(key))]),
      !open ? null : [h("p", {}, t("see_him", { name })), h("div.field", {}, h("label", { htmlFor: `seen-${key.uuid}` }, t("seen_by")),
        h("select", { id: `seen-${key.uuid}`, on: { change: saw(key) } },
          h("option", { value: "", disabled: true, selected: !page.seen.has(key.uuid) }, t("choose")),
          SEEN.map((one) => h("option", { value: one, selected: page.seen.get(key.uuid) === one }, t(`seen_${one}`))))),
      // What is said of each holder is chosen for him: nothing stands there before.
      h("div.actions", {}, act(t("check_key"), () => check(key), { id: `check-${key.uuid}`, disabled: page.busy || !page.seen.has(key.uuid) }))]);
  }

  function agreement({ principal, agreements }) {
    if (principal === null) return sentence("amber", "wait", t("no_principal"));
    const name = nameOf(principal);
    const agreed = agreements.find((one) => one.principal === principal);
    if (agreed) return sentence("jade", "check", t("agreed_on", { name, moment: momentOf(Date.parse(agreed.agreedAt)) }));
    return [sentence("amber", "wait", t("agree_first", { name })),
      h("label.button", {}, t("agreement_scan"), h("input.unseen", { id: "agreement", type: "file", accept: "image/*,application/pdf", on: { change: agree } }))];
  }

  show(() => ({
    title: t("keys_of", { name: mine.name }), wide: true,
    content: [
      page.trouble === null ? null : notice("cinnabar", null, page.trouble),
      page.signing === null ? h("p", { role: "status" }, t("loading")) : [
        h("section", {}, h("h2", {}, t("agreement")), agreement(page.signing)),
        h("section", {}, h("h2", {}, t("signing_keys")),
          page.signing.keys.length === 0 ? h("p", { role: "status" }, t("no_keys")) : h("div.clauses", {}, page.signing.keys.map(keyCard))),
      ],
      h("div.actions", {}, act(t("back"), back, { primary: false, id: "back" })),
    ],
  }));
  await doing(read);
}
