"""What the entries say of papers, signatures on them and refusals, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry


def _paper(said: Sequence[Entry]) -> Expected:
    drafted, last, issued = said[0], last_of(said, "paper.drafted"), last_of(said, "paper.issued")
    return {
        "form": drafted.data["form"],
        "subject_kind": drafted.data["subject"]["kind"],
        "subject_id": drafted.data["subject"]["id"],
        "drafted_by": drafted.actor,
        "drafted_at": moment(drafted.at),
        "told_written": (last or drafted).data["written"],
        "state": "DRAFT" if issued is None else "ISSUED",
        "number": None if issued is None else issued.data["number"] or None,
        "digest": None if issued is None else issued.data["digest"],
        "step_id": (issued or last or drafted).data.get("step"),
        "told_body": None if issued is None else issued.data["digest"],
        "issued_by": None if issued is None else issued.actor,
        "issued_at": None if issued is None else moment(issued.at),
    }


def _signature(said: Sequence[Entry]) -> Expected:
    signed = said[0]
    data = signed.data
    return {
        "paper_id": data["paper"],
        "place": data["place"],
        "way": data["way"],
        "name": data["name"],
        "account_id": data.get("account"),
        "evidence_id": data.get("evidence"),
        "told_statement": data["statement"],
        "recorded_by": signed.actor,
        "signed_at": moment(signed.at),
    }


def _refusal(said: Sequence[Entry]) -> Expected:
    refused = said[0]
    data = refused.data
    return {
        "paper_id": data["paper"],
        "place": data["place"],
        "name": data["name"],
        "reason": data["reason"],
        "witness": data.get("witness"),
        "evidence_id": data.get("evidence"),
        "recorded_by": refused.actor,
        "refused_at": moment(refused.at),
    }


PAPERS = Comparison(
    "papers", "paper.drafted", _paper, ("paper.issued",),
    columns=("sha256(t.written) AS told_written", "sha256(t.body) AS told_body"),
)  # fmt: skip
SIGNATURES = Comparison(
    "paper_signatures", "paper.signed", _signature, columns=("sha256(t.statement) AS told_statement",)
)
REFUSALS = Comparison("paper_refusals", "paper.refused", _refusal)
