"""The PDF of a commitment: the canonical JSON that is signed, and nothing else, gives its bytes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from storage.promises.commitments.rules import clause_signed
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates.rules import Clause
from storage.promises.templates.tables import ClauseField
from storage.promises.templates.wording import in_words
from storage.record.clock import from_ms
from storage.record.glossary.promise_labels import LABELS
from storage.record.glossary.promise_words import ORDINALS, PRINTED, TITLE
from storage.record.ledger.proofs.commitments.documents import Commitment, digest_of
from storage.record.printing.typesetting import Template, Typesetter


def commitment_pdf(content: bytes, *, typesetter: Typesetter | None = None) -> bytes:
    """The PDF of a commitment's canonical JSON, always the same for the same bytes; CommitmentMalformed if it is none.

    Its date of making is that of the last answer, so that no clock has a say in what is signed.
    """
    about = Commitment.decode(content)
    return (typesetter or _typesetter()).typeset(_form(), laid(about, content), at=made_at(about))


def laid(about: Commitment, content: bytes) -> dict[str, Any]:
    """What the form is told of a commitment; pure, and no text becomes markup."""
    answers = {one["key"]: one for one in about.answers}
    clauses = clauses_of(about)
    lines = [
        _line(number, clause, own=said.get("own") is True, answer=answers[clause.key])
        for number, (said, clause) in enumerate(zip(about.clauses, clauses, strict=True), 1)
    ]
    return {
        "title": TITLE, "year": _said("year", year=about.year), "mine": about.mine_name,
        "opening": _said("opening", mine=about.mine_name, year=about.year, count=len(clauses)),
        "principal": about.principal_name, "version": _said("version", year=about.year, version=about.version),
        "supersedes": grouped(about.supersedes) if about.supersedes else "",
        "digest": grouped(digest_of(content).hex()), "words": PRINTED,
        "fields": _fields([(clause.field, line) for clause, line in zip(clauses, lines, strict=True)]),
    }  # fmt: skip


def clauses_of(about: Commitment) -> list[Clause]:
    """The clauses of a commitment, as a template has them."""
    return [clause_signed(said) for said in about.clauses]


def made_at(about: Commitment) -> datetime:
    """When the last answer was given; the first moment of the year, where none says it."""
    given = [one["answered_at"] for one in about.answers if isinstance(one.get("answered_at"), int)]
    return from_ms(max(given)) if given else datetime(about.year, 1, 1, tzinfo=UTC)


def answer_in_words(answer: Mapping[str, Any]) -> str:
    """What the mine says of a clause: met, not yet but by this day with this measure, or not met and why."""
    if answer["outcome"] == AnswerOutcome.NOT_YET:
        outcome = _said("not_yet", day=day_in_words(answer["by_day"]), measure=answer["measure"])
    else:
        outcome = LABELS["AnswerOutcome"][answer["outcome"]][0]
    return f"{outcome}。{answer['words']}" if answer.get("words") else outcome


def day_in_words(day: str) -> str:
    """2026-11-24 as 2026年11月24日."""
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日"


def grouped(digits: str) -> str:
    """Hexadecimal in groups of eight, as people compare it."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _fields(lines: Sequence[tuple[ClauseField, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The clauses under the five fields, each with the number that it has in the commitment."""
    found: list[dict[str, Any]] = []
    for field in ClauseField:
        under = [line for its, line in lines if its is field]
        if under:
            name = LABELS["ClauseField"][field.value][0]
            found.append({"name": f"{ORDINALS[len(found)]}、{name}", "clauses": under})
    return found


def _line(number: int, clause: Clause, *, own: bool, answer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": number, "title": clause.title.zh, "says": clause.says.zh, "own": own,
        "condition": in_words(clause.condition).zh, "checked": clause.checked.zh, "otherwise": clause.otherwise.zh,
        "article": clause.article, "answer": answer_in_words(answer), "met": answer["outcome"] == AnswerOutcome.MET,
        "note": "" if clause.settled else _said("unsettled") + clause.note,
    }  # fmt: skip


def _said(name: str, **told: object) -> str:
    return str(PRINTED[name]).format(**told)


@cache
def _typesetter() -> Typesetter:
    return Typesetter()


@cache
def _form() -> Template:
    return Template(name="commitment", markup=resources.files(__package__).joinpath("commitment.typ").read_bytes())
