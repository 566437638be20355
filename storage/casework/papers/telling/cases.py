"""What a case tells a paper: parties, conducts and steps, as they bear on the step that it stands for; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.casework.cases.bodies.after import Closed, CourtAsked, Executed, Paid
from storage.casework.cases.bodies.facts import EvidenceAdded, StatementTaken
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Officer, Party, PartyKind
from storage.casework.papers.telling import Around, Told, stages
from storage.casework.papers.telling.words import (
    clauses,
    conducts,
    day,
    day_in_words,
    listed,
    money,
)
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.glossary.paper_words import (
    CASE_NAME,
    EVIDENCE,
    OF_A_CHECK,
    PERFORMED,
    PERSON,
    STATEMENT,
    UNIT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as papers need it. `step` is what the paper stands for, None where it stands for none of them."""

    cause: str
    history: History
    from_a_check: bool = False
    step: AnyStep | None = None


def of_case(case: Case, around: Around) -> Told:
    """All that it tells, by source."""
    history, step = case.history, case.step
    party = party_of(case)
    told = {**_parties(history, party, around), **_whole(case, around)}
    if step is not None:
        told |= stages.of_step(step, history, around)
    return told


def officers_of(case: Case) -> tuple[Officer, ...]:
    """The officers of the step, or those who investigate."""
    return case.step.officers if case.step is not None and case.step.officers else case.history.team


def party_of(case: Case) -> Party | None:
    """Whom the paper is about: the party of its step, or the only one."""
    parties = case.history.parties
    if case.step is not None and case.step.party is not None:
        return parties.get(case.step.party)
    return next(iter(parties.values())) if len(parties) == 1 else None


def _parties(history: History, party: Party | None, around: Around) -> Told:
    every = tuple(history.parties.values())
    units = [one.name for one in every if one.kind is PartyKind.UNIT]
    persons = [one.name for one in every if one.kind is PartyKind.PERSON]
    told: Told = {
        "parties.names": "、".join(one.name for one in every), "parties.units": "、".join(units),
        "parties.persons": "、".join(persons), "parties.employer": around.mine if persons else "",
        "parties.told": listed(_said_of(one, around) for one in every),
    }  # fmt: skip
    if party is None:
        return told
    told["party.name"] = party.name
    if party.kind is PartyKind.UNIT:
        told["party.unit"] = party.name
        if around.credit_code != party.subject and around.mine != party.name:
            told |= {"unit.principal": "", "unit.principal_post": ""}
        return told
    return told | {
        "party.person": party.name, "party.employer": around.mine, "party.post": around.posts.get(party.subject, "")
    }  # fmt: skip


def _said_of(party: Party, around: Around) -> str:
    if party.kind is PartyKind.UNIT:
        return UNIT.format(name=party.name, code=party.subject)
    return PERSON.format(name=party.name, employer=around.mine, post=around.posts.get(party.subject, ""))


def _whole(case: Case, around: Around) -> Told:
    history, known = case.history, tuple(case.history.conducts.values())
    ended, closed = history.last(InvestigationEnded), history.last(Closed)
    registered = history.registered
    cause = case.cause.removesuffix("案")
    parties = "、".join(one.name for one in history.parties.values())
    facts = ended.body.facts if ended else ""
    return {
        "case.cause": case.cause, "case.name": CASE_NAME.format(parties=parties, cause=cause),
        "case.source": OF_A_CHECK if case.from_a_check else "",
        "case.began": min(one.began_on for one in known).isoformat() if known else "",
        "case.conducts": conducts(known), "case.clauses": clauses(known),
        "case.established": "\n".join(one for one in (facts, conducts(known)) if one),
        "case.evidence": listed(_evidence(history)), "case.registered": day(registered.at) if registered else "",
        "case.closed": day(closed.at) if closed else "", "case.result": listed(_results(history)),
        "case.performance": listed(_performance(history)),
        "case.papers": [[one.number, day_in_words(one.day), "", one.form] for one in around.file or around.issued],
    }  # fmt: skip


def _evidence(history: History) -> Iterator[str]:
    for step in history.of(EvidenceAdded, StatementTaken):
        if step.id in history.excluded:
            continue
        if isinstance(step.body, EvidenceAdded):
            yield EVIDENCE.format(name=step.body.name, proves=step.body.proves)
        else:
            yield STATEMENT.format(of=step.body.of)


def _results(history: History) -> Iterator[str]:
    for step in history.decisions():
        yield (
            f"{history.parties[step.party].name}：{stages.content_of(step)}" if step.party else stages.content_of(step)
        )


def _performance(history: History) -> Iterator[str]:
    kinds = LABELS["SanctionKind"]
    for step in history.of(Paid, Executed, CourtAsked):
        on = day_in_words(day_of(step.at))
        if isinstance(step.body, Paid):
            yield PERFORMED["PAID"].format(day=on, sum=money(step.body.sum))
        elif isinstance(step.body, Executed):
            sanction = kinds[step.body.sanction.value][0]
            yield PERFORMED["EXECUTED"].format(day=on, sanction=sanction, how=step.body.how)
        else:
            yield PERFORMED["COURT_ASKED"].format(day=on, court=step.body.court)
