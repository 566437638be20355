"""What the entries say of exams, sittings, consequences and questions, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry

_SEAT = ("seat", "person", "category", "rank", "paper")


def _exam(said: Sequence[Entry]) -> Expected:
    made = said[0].data
    seats = [*made.get("seats", []), *(one.data for one in said if one.kind == "exam.called")]
    absent = {one.data["seat"]: one.data["reason"] for one in said if one.kind == "exam.absent"}
    return {
        "inspection_id": made["inspection"],
        "way": made["way"],
        "reason": made["reason"],
        "pass_mark": made["pass_mark"],
        "paper_length": made["paper_length"],
        "held_at": moment(made["held_at"]),
        "held_by": said[0].actor,
        "checkpoint_size": made.get("checkpoint"),
        "told_seed": made.get("seed"),
        "told_root": made.get("root"),
        "told_pools": [
            f"{one['category']} {one['wanted']} {one['persons']} {one['digest']}" for one in made.get("pools", [])
        ],
        "told_seats": [" ".join((*(str(one[name]) for name in _SEAT), absent.get(one["seat"], ""))) for one in seats],
    }


def _sitting(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "exam_id": told["exam"],
        "person_id": told["person"],
        "recorded_by": said[0].actor,
        "recorded_at": moment(said[0].at),
        "sat_at": moment(told["sat_at"]),
        "told_answers": told["answers"],
        **{
            name: told[name]
            for name in ("category", "attempt", "medium", "correct", "total", "score", "passed", "flags")
        },
    }


def _consequence(said: Sequence[Entry]) -> Expected:
    told, met = said[0].data, last_of(said, "exam.consequence_met")
    return {
        "exam_id": told["exam"],
        "sitting_id": told["sitting"],
        "person_id": told["person"],
        "kind": told["kind"],
        "article": told["article"],
        "due": told["due"],
        "told_paper": told["paper"],
        "met_at": moment(met.at) if met else None,
        "met_by": met.actor if met else None,
        "outcome": met.data["outcome"] if met else None,
        "note": met.data["note"] if met else None,
    }


def _question(said: Sequence[Entry]) -> Expected:
    told, approved, retired = (last_of(said, f"question.{what}") for what in ("drafted", "approved", "retired"))
    assert told is not None  # noqa: S101 # It is the entry that made the row.
    return {
        "series_id": told.data["series"],
        "drafted_by": told.actor,
        "approved_by": approved.actor if approved else None,
        "approved_at": time_of(said, "question.approved"),
        "retired_by": retired.actor if retired else None,
        "retired_at": time_of(said, "question.retired"),
        **{name: told.data[name] for name in ("version", "kind", "categories", "text", "options", "answer", "article")},
    }


def _lines(column: str, order: str) -> str:
    """SHA-256 in hex over the ids of an array, a line each: in their own order (`n`) or sorted (`q`)."""
    return (
        "(SELECT encode(sha256(convert_to(coalesce(string_agg(q || E'\\n', '' ORDER BY "
        f"{order}), ''), 'UTF8')), 'hex') FROM unnest({column}) WITH ORDINALITY u(q, n))"
    )


EXAMS = Comparison(
    table="exams",
    made_by="exam.held",
    changed_by=("exam.absent", "exam.called"),
    expected=_exam,
    columns=(
        "encode(t.seed, 'hex') AS told_seed",
        "encode(t.checkpoint_root, 'hex') AS told_root",
        # The digests are made anew of what stands in the rows, so that a changed list or paper shows.
        f"ARRAY(SELECT concat_ws(' ', p.category, p.wanted, cardinality(p.persons), {_lines('p.persons', 'q')})"
        " FROM exam_pools p WHERE p.exam_id = t.id) AS told_pools",
        f"ARRAY(SELECT concat_ws(' ', s.id, s.person_id, s.category, s.rank, {_lines('s.questions', 'n')},"
        " coalesce(s.absent_reason, '')) FROM exam_seats s WHERE s.exam_id = t.id) AS told_seats",
    ),
)
SITTINGS = Comparison(
    table="exam_sittings", made_by="exam.sat", expected=_sitting,
    columns=(
        "(SELECT encode(sha256(convert_to(coalesce(string_agg(q || ' ' || c || E'\\n', '' ORDER BY n), ''), 'UTF8')),"
        " 'hex') FROM unnest(t.asked, t.chosen) WITH ORDINALITY u(q, c, n)) AS told_answers",
    ),
)  # fmt: skip
CONSEQUENCES = Comparison(
    table="exam_consequences", made_by="exam.consequence_ordered", changed_by=("exam.consequence_met",),
    expected=_consequence, columns=(f"{_lines('t.questions', 'n')} AS told_paper",),
)  # fmt: skip
QUESTIONS = Comparison(
    table="exam_questions", made_by="question.drafted", changed_by=("question.approved", "question.retired"),
    expected=_question,
)  # fmt: skip
