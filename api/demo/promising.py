"""What may live here: how a mine of a story promises: clauses of the year, its answers, key, signature and bundle."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.demo import words
from api.demo.hands import Hand
from api.demo.telling import PRINCIPAL, Story
from api.phone.phone import new_id
from api.phone.server import Unreachable
from storage.record.clock import day_of
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.commitments import bundles
from storage.record.ledger.proofs.commitments.codes import code_of
from storage.record.ledger.proofs.commitments.documents import message_of
from storage.record.ledger.proofs.signatures import signing_input

REVIEWER, HEAD, CLERK = "reviewer.guizhou", "head.guizhou", "clerk.songhewan"
LATER, IN_TIME = "RESIT_LOST", "COMMITMENT_SIGNED"
"""The clause that the mine does not keep yet, and the one that wants the year's commitment in January."""
_PROPOSAL = """query ($year: Int!) { commitmentProposal(year: $year) {
  key field title { zh en } says { zh en } checked { zh en } otherwise { zh en } evidence article contradictedBy
  settled note condition { kind unit least most yes notBefore notAfter holds lacks } } }"""
_CLAUSES = """query ($mine: UUID!, $year: Int!) { clausesFor(mineId: $mine, year: $year) {
  clauses { clause { key contradictedBy } } } }"""
_SIGNING = """query ($mine: UUID!) { mineSigning(mineId: $mine) {
  principal keys { uuid publicKey checkedAt endedAt } agreements { principal } } }"""
_PEOPLE = "query ($mine: UUID!) { people(mineId: $mine, first: 100) { edges { node { uuid name posts { kind } } } } }"
_VIEWER = "{ viewer { name } }"
_BUNDLE = "query ($id: UUID!) { commitmentBundle(id: $id) { name content sheet } }"
_PREVIEW = "preview { uuid content digest nonce supersedes pdfSha256 pdfUrl }"
_PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that a mine promises, by its key, and the kinds of findings that speak against it."""

    key: str
    contradicted_by: tuple[str, ...]


def settle_clauses(story: Story) -> list[Clause]:
    """三（六）1: drafted by one and approved by another; what holds for the year already is taken as it is."""
    year = year_of(story)
    found = story.lead.asks(_CLAUSES, mine=story.mine, year=year)["clausesFor"]
    if found is None:
        _approve(story, year)
        found = story.lead.asks(_CLAUSES, mine=story.mine, year=year)["clausesFor"]
    else:
        story.say(words.line("clauses_stand", year=year, number=len(found["clauses"])))
    return [Clause(one["clause"]["key"], tuple(one["clause"]["contradictedBy"])) for one in found["clauses"]]


def _approve(story: Story, year: int) -> None:
    reviewer, head = story.cast[REVIEWER], story.cast[HEAD]
    clauses = reviewer.asks(_PROPOSAL, year=year)["commitmentProposal"]
    id = reviewer.acts(
        "draftTemplate", "template { uuid }", operationId=new_id(), year=year, clauses=clauses
    )["template"]["uuid"]  # fmt: skip
    story.told("clauses_drafted", id, by=reviewer, year=year, number=len(clauses))
    given = {"templateId": id, "approve": True}
    with story.refused("NOT_ALLOWED"):
        reviewer.acts("decideTemplate", "template { uuid }", operationId=new_id(), **given)
    head.acts("decideTemplate", "template { uuid }", operationId=new_id(), **given)
    story.told("clauses_approved", id, by=head)


def answer(story: Story, met: Sequence[str], later: Sequence[str]) -> None:
    """自查评价: a clerk says of each clause whether it is met; not yet, by which day and with which measure."""
    year, clerk = year_of(story), story.cast[CLERK]
    day, measure = f"{year}-12-31", "停头整改，逐项验收后恢复"
    said = [_said_today(key, day_of(story.clock())) for key in met]
    said += [{"key": key, "outcome": "NOT_YET", "byDay": day, "measure": measure} for key in later]
    clerk.acts("answerClauses", "answers { uuid }", operationId=new_id(), mineId=story.mine, year=year, answers=said)
    kept = sum(one["outcome"] == "MET" for one in said)
    story.say(words.line("answered" if met else "answered_anew", met=kept, later=len(later), day=day,
                         not_met=len(met) - kept))  # fmt: skip


def _said_today(key: str, today: date) -> dict[str, Any]:
    """Met; but nobody says at the end of a year that he signed at its beginning."""
    if key == IN_TIME and today > date(today.year, 1, 31):
        return {"key": key, "outcome": "NOT_MET", "words": f"本年承诺书{today.month}月才签订"}
    return {"key": key, "outcome": "MET"}


def ready_key(story: Story) -> str:
    """电子签名法13: the key of his own phone, seen in person by an officer, after an agreement; its id."""
    principal, officer = story.cast[PRINCIPAL], story.lead
    appoint(story)
    his = to_base64url(principal.phone.key.signer.public)
    known = officer.asks(_SIGNING, mine=story.mine)["mineSigning"]
    for key in known["keys"]:
        if key["publicKey"].rstrip("=") == his and not key["endedAt"]:
            story.say(words.line("key_stands"))
            return str(key["uuid"])
    given = {"mineId": story.mine, "deviceId": principal.phone.device.id}
    made = principal.acts("registerDeviceKey", "key { uuid }", operationId=new_id(), **given)
    id = str(made["key"]["uuid"])
    story.told("key_registered", id, by=principal)
    return id


def see_in_person(story: Story, key: str) -> None:
    """Whose key it is, somebody of the authority sees; the signed paper of the agreement lies before him."""
    principal, officer = story.cast[PRINCIPAL], story.lead
    known = officer.asks(_SIGNING, mine=story.mine)["mineSigning"]
    if not next(one for one in known["keys"] if one["uuid"] == key)["checkedAt"]:
        officer.acts("checkSigningKey", "key { uuid }", operationId=new_id(), keyId=key, seen="IDENTITY_CARD")
        story.told("key_checked", key, by=officer)
    if known["principal"] not in [one["principal"] for one in known["agreements"]]:
        paper = sha256(f"电子签名使用约定 {principal.account}".encode()).hexdigest()
        agreed = officer.acts(
            "recordSigningAgreement", "agreement { uuid }", operationId=new_id(), mineId=story.mine,
            principal=principal.account, paper=paper,
        )  # fmt: skip
        story.told("agreed", str(agreed["agreement"]["uuid"]), by=officer)


def preview(story: Story) -> dict[str, Any]:
    """What he is to sign, in full: the page is the very one whose digest he signs."""
    principal = story.cast[PRINCIPAL]
    laid: dict[str, Any] = principal.acts(
        "previewCommitment", _PREVIEW, operationId=new_id(), mineId=story.mine, year=year_of(story)
    )["preview"]  # fmt: skip
    http = principal.phone.server.http
    pdf = http.request("GET", laid["pdfUrl"]).raise_for_status().content
    if sha256(pdf).hexdigest() != laid["pdfSha256"] or sha256(laid["content"].encode()).hexdigest() != laid["digest"]:
        raise Unreachable("the preview is not what its digests say")
    return laid


def sign(story: Story, laid: dict[str, Any], key: str) -> str:
    """三（六）1: by the key in his own hand; the server holds none that could sign for him. The commitment's id."""
    principal = story.cast[PRINCIPAL]
    nonce, digest = bytes.fromhex(laid["nonce"]), bytes.fromhex(laid["digest"])
    signature = principal.phone.key.signer.sign(signing_input("commitment", message_of(nonce, digest)))
    made = principal.acts(
        "signCommitment", "commitment { uuid }", operationId=new_id(), previewId=laid["uuid"],
        signature={"way": "KEY", "keyId": key, "signature": to_base64url(signature)},
    )["commitment"]  # fmt: skip
    return str(made["uuid"])


def keep_bundle(story: Story, commitment: str, into: Path, keys: dict[str, Any]) -> int:
    """All that proves it, once the authority's stamp is on it: checked here as anybody checks it; 0 if it holds."""
    told = _awaited(story.lead, commitment)
    content, sheet = told["content"].encode(), from_base64url(told["sheet"])
    into.mkdir(parents=True, exist_ok=True)
    path, code = into / told["name"], code_of(content).encode()
    path.write_bytes(content)
    (into / "sheet.pdf").write_bytes(sheet)
    (into / "sheet-code.txt").write_text(code, encoding="ascii")
    verdict = bundles.verify_bundle(content, keys)
    story.seen["bundle"], story.seen["code"] = content, code
    story.say(words.line("bundle", path=path, sheet=into / "sheet.pdf", keys=story.cast.folder / "server-keys.json"))
    story.say(verdict.summary)
    return verdict.exit_code


def year_of(story: Story) -> int:
    """The year that is promised."""
    return day_of(story.clock()).year


def appoint(story: Story) -> None:
    """The principal is whoever the register of the mine's people names."""
    clerk, principal = story.cast[CLERK], story.cast[PRINCIPAL]
    name = principal.asks(_VIEWER)["viewer"]["name"]
    people = [edge["node"] for edge in clerk.asks(_PEOPLE, mine=story.mine)["people"]["edges"]]
    person = next(one for one in people if one["name"] == name)
    if all(post["kind"] != "PRINCIPAL" for post in person["posts"]):
        clerk.acts("takePost", "post { uuid }", operationId=new_id(), personId=person["uuid"], post="PRINCIPAL",
                   fromDay=f"{day_of(story.clock())}")  # fmt: skip


def _awaited(reader: Hand, commitment: str) -> dict[str, Any]:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        found: dict[str, Any] | None = reader.asks(_BUNDLE, id=commitment)["commitmentBundle"]
        if found is not None and "stamped" in json.loads(found["content"])["entries"]:
            return found
        time.sleep(0.3)
    raise Unreachable(f"{commitment} is not stamped")
