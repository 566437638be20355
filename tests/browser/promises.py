"""The clauses of a year before the pages of commitments: drafted from the proposal and approved, by sample people."""

from typing import Any

from api.demo.hands import Cast
from api.phone.phone import new_id

_PROPOSAL = """query ($year: Int!) { commitmentProposal(year: $year) {
  key field title { zh en } says { zh en } checked { zh en } otherwise { zh en } evidence article contradictedBy
  settled note condition { kind unit least most yes notBefore notAfter holds lacks } } }"""
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


def mine_of(cast: Cast, name: str) -> str:
    """The id of a sample mine whose name has this in it."""
    edges = cast["reviewer.guizhou"].asks(_MINES)["mines"]["edges"]
    return str(next(edge["node"]["uuid"] for edge in edges if name in edge["node"]["name"]))
