"""What the entries say of answers and their examinations, for whoever holds the rows against them."""

from collections.abc import Sequence
from uuid import UUID

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry


def _answer(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "subject_kind": told["kind"],
        "subject_id": UUID(told["subject"]),
        "item": told.get("item", ""),
        "case_id": UUID(told["case"]) if "case" in told else None,
        "stance": told["stance"],
        "words": told["words"],
        "evidence": [UUID(one) for one in told["evidence"]],
        "told_by": UUID(told["told_by"]),
        "answered_by": UUID(said[0].actor),
        "answered_at": moment(said[0].at),
        "entry_id": UUID(said[0].id),
    }


def _examination(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "answer_id": UUID(told["answer"]),
        "accepted": told["accepted"],
        "words": told["words"],
        "certificate_id": UUID(told["certificate"]),
        "examined_by": UUID(said[0].actor),
        "examined_at": moment(said[0].at),
        "entry_id": UUID(said[0].id),
    }


ANSWERS = Comparison("answers", "answer.given", _answer)
EXAMINATIONS = Comparison("answer_examinations", "answer.examined", _examination)
