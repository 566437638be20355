"""The clauses of a year before the pages of commitments: drafted from the proposal and approved, by sample people."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from api.demo.hands import Cast
from api.phone.phone import new_id
from storage.record.clock import SHANGHAI

_PROPOSAL = """query ($year: Int!) { commitmentProposal(year: $year) {
  key field title { zh en } says { zh en } checked { zh en } otherwise { zh en } evidence article contradictedBy
  settled note condition { kind unit least most yes notBefore notAfter holds lacks } } }"""
_KEYS = "query ($mine: UUID!) { mineSigning(mineId: $mine) { keys { uuid } } }"
_PEOPLE = """query ($mine: UUID!) { people(mineId: $mine, first: 100) {
  edges { node { uuid name posts { kind } } } } }"""
_NAME = "{ viewer { name } }"
_MINES = "{ mines(first: 100) { edges { node { uuid name } } } }"


def approve(cast: Cast, year: int) -> list[dict[str, Any]]:
    """The year's clauses, in force: two people of the province see to it."""
    reviewer, head = cast["reviewer.guizhou"], cast["head.guizhou"]
    clauses: list[dict[str, Any]] = reviewer.asks(_PROPOSAL, year=year)["commitmentProposal"]
    drafted = reviewer.acts("draftTemplate", "template { uuid }", operationId=new_id(), year=year, clauses=clauses)
    head.acts(
        "decideTemplate",
        "template { uuid }",
        operationId=new_id(),
        templateId=drafted["template"]["uuid"],
        approve=True,
    )
    return clauses


def appoint(cast: Cast, mine: str, principal: str) -> None:
    """Enters the mine's principal into the register of its people, as its clerk does."""
    today, clerk = datetime.now(SHANGHAI).date(), cast["clerk.songhewan"]
    known = [edge["node"] for edge in clerk.asks(_PEOPLE, mine=mine)["people"]["edges"]]
    person = next(one for one in known if one["name"] == cast[principal].asks(_NAME)["viewer"]["name"])
    if not any(post["kind"] == "PRINCIPAL" for post in person["posts"]):
        clerk.acts(
            "takePost", "post { uuid }", operationId=new_id(), personId=person["uuid"], post="PRINCIPAL",
            fromDay=today.isoformat(),
        )  # fmt: skip


def answer(cast: Cast, mine: str, year: int, keys: Iterable[str]) -> None:
    """The clerk says of these clauses that they are met."""
    answers = [{"key": key, "outcome": "MET"} for key in keys]
    cast["clerk.songhewan"].acts(
        "answerClauses", "answers { key }", operationId=new_id(), mineId=mine, year=year, answers=answers
    )


def see_in_person(cast: Cast, mine: str, principal: str) -> None:
    """An officer sees whose key it is, and the agreement on signatures."""
    officer = cast["lead.panzhou"]
    keys = officer.asks(_KEYS, mine=mine)["mineSigning"]["keys"]
    officer.acts("checkSigningKey", "key { uuid }", operationId=new_id(), keyId=keys[0]["uuid"], seen="IDENTITY_CARD")
    officer.acts(
        "recordSigningAgreement", "agreement { uuid }", operationId=new_id(), mineId=mine,
        principal=cast[principal].account, paper=sha256(b"an agreement").hexdigest(),
    )  # fmt: skip


def mine_of(cast: Cast, name: str) -> str:
    """The id of a sample mine whose name has this in it."""
    edges = cast["reviewer.guizhou"].asks(_MINES)["mines"]["edges"]
    return str(next(edge["node"]["uuid"] for edge in edges if name in edge["node"]["name"]))
