"""The PDF of a commitment: the canonical JSON that is signed, and nothing else, gives its bytes."""

from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from storage.record.clock import from_ms
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
    lines = [
        {"says": clause["says"]["zh"], "title": clause["title"]["zh"], "outcome": answer["outcome"],
         "words": answer.get("words", ""), "day": answer.get("by_day", ""), "measure": answer.get("measure", "")}
        for clause, answer in zip(about.clauses, about.answers, strict=True)
    ]  # fmt: skip
    return {
        "mine": about.mine_name, "principal": about.principal_name, "year": about.year, "version": about.version,
        "digest": digest_of(content).hex(), "supersedes": about.supersedes or "", "lines": lines,
    }  # fmt: skip


def made_at(about: Commitment) -> datetime:
    """When the last answer was given; the first moment of the year, where none says it."""
    given = [one["answered_at"] for one in about.answers if isinstance(one.get("answered_at"), int)]
    return from_ms(max(given)) if given else datetime(about.year, 1, 1, tzinfo=UTC)


@cache
def _typesetter() -> Typesetter:
    return Typesetter()


@cache
def _form() -> Template:
    return Template(name="commitment", markup=resources.files(__package__).joinpath("commitment.typ").read_bytes())
