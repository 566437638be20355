"""The copies of a signed commitment and of a breach that stands: what was promised, kept and answered; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from storage.trust.disclosures.copies import persons, texts
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed, present, together
from storage.trust.disclosures.copies.mines import MineNamed, named, registered
from storage.trust.disclosures.problems import NotPublishable, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_BY_PRIVACY = "政府信息公开条例第十五条"
_BY_SPLITTING = "政府信息公开条例第三十七条"
_OF_A_COMMITMENT = (
    TakenOut(member="principal", article=persons.REDUCED_BY, why=TakenOutFor.PERSON),
    TakenOut(member="clauses[].words", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="clauses[].evidence", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
)
# From what a breach is known, and in which words, may lead to whoever refused to go down or reported.
_OF_A_BREACH = (
    TakenOut(member="source", article=_BY_PRIVACY, why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="words", article=_BY_PRIVACY, why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="findings", article=_BY_PRIVACY, why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="answer.evidence", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="officers", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A breach of a clause that stands: of which day, since when, and when the clause was found kept again."""

    key: str
    day: date
    decided_on: date
    corrected_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSigned:
    """What the record holds of a signed commitment; `clauses` and `answers` as they were signed."""

    id: UUID
    mine: MineNamed
    agency: str
    year: int
    signed_on: date
    way: str
    sealed: bool
    digest: bytes
    principal: str
    clauses: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]
    broken: tuple[Broken, ...]
    ended: tuple[str, date] | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachStanding:
    """What the record holds of a breach; `stands` is None while nobody has decided."""

    mine: MineNamed
    agency: str
    year: int
    commitment: UUID
    key: str
    title: str
    day: date
    accepts: bool | None
    answer: str | None
    correct_by: date | None
    answered_on: date | None
    stands: bool | None
    decision: str | None
    decided_on: date | None
    correction: str | None
    corrected_on: date | None
    names: tuple[str, ...]


def commitment(source: PromiseSigned, *, anew: Mapping[str, str]) -> Copy:
    """实施意见三（六）2: the year's commitment, clause by clause, as it was signed; PersonalDataFound.

    Whether the day of a clause has passed is for whoever reads it: a copy says nothing that time alone makes untrue.
    """
    given = {f"clauses[{at}].title": one["title"]["zh"] for at, one in enumerate(source.clauses) if one["own"]}
    given |= {f"clauses[{at}].measure": one["measure"] for at, one in enumerate(source.answers) if one.get("measure")}
    said, changed = texts.worded(given, anew)
    texts.must_be_clean(said, names=source.names, known=(source.mine.credit_code,))
    members = {
        "agency": source.agency, "county": source.mine.county, "mine": registered(source.mine), "year": source.year,
        "signed_on": source.signed_on.isoformat(), "way": source.way, "sealed": source.sealed,
        "principal": persons.reduced([source.principal])[source.principal], "commitment": str(source.id),
        "digest": source.digest.hex(),
        "clauses": [_clause(source, at, said) for at in range(len(source.clauses))],
        **({"ended": _end(*source.ended)} if source.ended else {}),
    }  # fmt: skip
    return Copy(
        kind=DisclosureKind.COMMITMENT, content=composed(DisclosureKind.COMMITMENT, members), worded=changed,
        taken_out=together(texts.taken_out_of(changed), _OF_A_COMMITMENT),
    )  # fmt: skip


def ended(content: bytes, cause: str, on: date) -> bytes:
    """A commitment's copy that was published before, with its end; nothing else of it is another."""
    members = {name: value for name, value in orjson.loads(content).items() if name not in ("v", "kind")}
    return composed(DisclosureKind.COMMITMENT, {**members, "ended": _end(cause, on)})


def breach(source: BreachStanding, *, anew: Mapping[str, str]) -> Copy:
    """What stands in public of a breach: the clause, the day, the manager's answer, and its end.

    NotPublishable before it was decided, or where it was withdrawn; PersonalDataFound.
    """
    if source.stands is None or source.decided_on is None:
        raise NotPublishable(member="decision", reason=Unpublishable.MISSING)
    if not source.stands:
        raise NotPublishable(member="decision", reason=Unpublishable.FELL)
    written = {
        "clause.title": source.title, "answer.words": source.answer, "decision": source.decision,
        "corrected.words": source.correction,
    }  # fmt: skip
    said, changed = texts.worded({name: text for name, text in written.items() if text}, anew)
    texts.must_be_clean(said, names=source.names, known=(source.mine.credit_code,))
    members = present(
        agency=source.agency, county=source.mine.county, mine=named(source.mine), year=source.year,
        commitment=str(source.commitment), clause={"key": source.key, "title": said["clause.title"]},
        day=source.day.isoformat(), decided_on=source.decided_on.isoformat(), decision=said.get("decision"),
        answer=_answer(source, said), corrected=_corrected(source, said),
    )  # fmt: skip
    return Copy(
        kind=DisclosureKind.BREACH, content=composed(DisclosureKind.BREACH, members), worded=changed,
        taken_out=together(texts.taken_out_of(changed), _OF_A_BREACH),
    )  # fmt: skip


def _clause(source: PromiseSigned, at: int, said: Mapping[str, str]) -> dict[str, Any]:
    clause, answer = source.clauses[at], source.answers[at]
    broken = [
        present(day=one.day.isoformat(), decided_on=one.decided_on.isoformat(),
                corrected_on=one.corrected_on.isoformat() if one.corrected_on else None)
        for one in source.broken if one.key == clause["key"]
    ]  # fmt: skip
    return present(
        key=clause["key"], field=clause["field"], own=clause["own"], outcome=answer["outcome"],
        title={"zh": said.get(f"clauses[{at}].title", clause["title"]["zh"]), "en": clause["title"]["en"]},
        by_day=answer.get("by_day"), measure=said.get(f"clauses[{at}].measure"), broken=broken or None,
    )  # fmt: skip


def _end(cause: str, on: date) -> dict[str, str]:
    return {"cause": cause, "on": on.isoformat()}


def _answer(source: BreachStanding, said: Mapping[str, str]) -> dict[str, Any] | None:
    """What the manager said; nothing where he let his time pass."""
    if source.answered_on is None:
        return None
    correct_by = source.correct_by.isoformat() if source.correct_by else None
    return present(
        accepts=source.accepts, words=said["answer.words"], correct_by=correct_by, on=source.answered_on.isoformat()
    )


def _corrected(source: BreachStanding, said: Mapping[str, str]) -> dict[str, Any] | None:
    if source.corrected_on is None:
        return None
    return present(on=source.corrected_on.isoformat(), words=said.get("corrected.words"))
