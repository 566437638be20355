"""The copy of a penalty: made of the decision as it was served, and of what became of it since; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.casework.cases.bodies.after import ReconsiderationFiled, Result
from storage.casework.cases.bodies.deciding import Decided, DecisionOutcome
from storage.casework.cases.history import History
from storage.casework.cases.rulings import Ruling, filings_of, outcome_of, served_at, standing_fine
from storage.casework.cases.sanctions import fine_in
from storage.casework.cases.steps import Conduct, Party, PartyKind, Sanction
from storage.record.clock import day_of
from storage.register.mines.rules import is_credit_code
from storage.trust.disclosures.copies import persons, texts
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed, present, together
from storage.trust.disclosures.copies.mines import MineNamed, named
from storage.trust.disclosures.problems import NotPublishable, NotServedYet, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_BY_SPLITTING = "行政处罚法第五十条"
_BY_THE_MODEL = "市场监督管理行政处罚信息公示规定第四条"
_LEFT_OUT = (
    TakenOut(member="officers", article=_BY_THE_MODEL, why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="delivery", article=_BY_SPLITTING, why=TakenOutFor.THIRD_PERSON),
    TakenOut(member="pay_to", article=_BY_SPLITTING, why=TakenOutFor.ACCOUNT),
    TakenOut(member="remedies_text", article=_BY_THE_MODEL, why=TakenOutFor.NOT_ON_THE_LIST),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What the record holds of a decision: `number` and `agency` of its paper, `names` of whoever may not be named."""

    ruling: Ruling
    history: History
    number: str
    agency: str
    mine: MineNamed
    names: tuple[str, ...] = ()


def penalty(source: Penalty, *, anew: Mapping[str, str], of_age: bool) -> Copy:
    """The copy; NotServedYet, NotPublishable, PersonalDataFound. `of_age`: an officer says that a person is no minor.

    处罚法48, 50; the texts are those of the served decision (市监公示规定7), or as an officer worded them anew.
    """
    party = _party(source, of_age=of_age)
    names = persons.reduced([one.name for one in source.history.parties.values() if one.kind is PartyKind.PERSON])
    said, changed = texts.worded(_texts(source), anew)
    people = (*source.names, *names)
    texts.must_be_clean(said, names=people, known=_codes(source))
    shown = names[party.name] if party.kind is PartyKind.PERSON else party.name
    members = {
        "number": said["number"], "agency": source.agency, "county": source.mine.county,
        "mine": named(source.mine),
        "party": _told_of(party, shown), "facts": said["facts"], "grounds": said["grounds"],
        "conducts": [_conduct(one, at, said) for at, one in enumerate(_conducts(source))],
        "penalty": [_sanction(one, said.get(f"penalty[{at}].terms")) for at, one in enumerate(_sanctions(source))],
        **_days(source), **_since(source),
    }  # fmt: skip
    hidden = (TakenOut(member="party.name", article=persons.REDUCED_BY, why=TakenOutFor.PERSON),)
    return Copy(
        kind=DisclosureKind.PENALTY, content=composed(DisclosureKind.PENALTY, members), worded=changed,
        taken_out=together(hidden if shown != party.name else (), texts.taken_out_of(changed), _LEFT_OUT),
    )  # fmt: skip


def _party(source: Penalty, *, of_age: bool) -> Party:
    """Whom the decision is against: served, in force, a penalty, and no minor's (个保法28, 31)."""
    ruling, history = source.ruling, source.history
    if ruling.id in history.fallen:
        raise NotPublishable(member="decision", reason=Unpublishable.FELL)
    if isinstance(ruling.body, Decided) and ruling.body.outcome is not DecisionOutcome.PENALTY:
        raise NotPublishable(member="decision", reason=Unpublishable.NO_PENALTY)
    if served_at(ruling, history) is None:
        raise NotServedYet()
    party = history.parties.get(ruling.party) if ruling.party is not None else None
    if party is None or not source.number:
        raise NotPublishable(member="party" if party is None else "number", reason=Unpublishable.MISSING)
    if party.kind is PartyKind.PERSON and not of_age:
        raise NotPublishable(member="party.name", reason=Unpublishable.AGE_UNKNOWN)
    if party.kind is PartyKind.UNIT:
        # What is called a unit and has no credit code may be a person: nobody's name is shown by that way.
        if not is_credit_code(party.subject):
            raise NotPublishable(member="party.credit_code", reason=Unpublishable.NOT_A_UNIT)
        texts.must_be_clean({"party.name": party.name}, names=(), known=_codes(source))
    return party


def _texts(source: Penalty) -> dict[str, str]:
    """Whatever somebody wrote, by its place in the copy."""
    body = source.ruling.body
    return {
        "number": source.number, "facts": body.facts, "grounds": body.grounds,
        **{f"conducts[{at}].name": one.name for at, one in enumerate(_conducts(source))},
        **{f"conducts[{at}].clause": one.clause for at, one in enumerate(_conducts(source))},
        **{f"penalty[{at}].terms": one.terms for at, one in enumerate(_sanctions(source)) if one.terms},
    }  # fmt: skip


def _conducts(source: Penalty) -> tuple[Conduct, ...]:
    body = source.ruling.body
    named = body.conducts if isinstance(body, Decided) else tuple(one.id for one in body.conducts)
    return tuple(source.history.conducts[one] for one in named if one in source.history.conducts)


def _sanctions(source: Penalty) -> tuple[Sanction, ...]:
    return source.ruling.body.sanctions


def _codes(source: Penalty) -> tuple[str, ...]:
    """Credit codes of the units of the case may stand in a text."""
    units = (one.subject for one in source.history.parties.values() if one.kind is PartyKind.UNIT)
    return tuple(one for one in (source.mine.credit_code, *units) if one)


def _told_of(party: Party, shown: str) -> dict[str, str]:
    """A unit with its credit code; of a person nothing but the family name."""
    told = {"kind": party.kind.value, "name": shown}
    return told | ({"credit_code": party.subject} if party.kind is PartyKind.UNIT else {})


def _conduct(one: Conduct, at: int, said: Mapping[str, str]) -> dict[str, Any]:
    ended = one.ended_on.isoformat() if one.ended_on else None
    name, clause = said[f"conducts[{at}].name"], said[f"conducts[{at}].clause"]
    return present(name=name, clause=clause, began_on=one.began_on.isoformat(), ended_on=ended)


def _sanction(one: Sanction, terms: str | None) -> dict[str, Any]:
    return present(kind=one.kind.value, sum=one.sum or None, days=one.days or None, terms=terms)


def _days(source: Penalty) -> dict[str, str]:
    served = served_at(source.ruling, source.history)
    told = {"decided_on": day_of(source.ruling.at).isoformat()}
    return told | ({"served_on": day_of(served).isoformat()} if served else {})


def _since(source: Penalty) -> dict[str, Any]:
    """What became of it: each reconsideration and suit with its end, and the fine that stands if it is another."""
    filings = list(_filings(source))
    first, now = fine_in(_sanctions(source)), standing_fine(source.ruling, source.history)
    told: dict[str, Any] = {"remedies": filings} if filings else {}
    if now != first:
        since = max(one["decided_on"] for one in filings if one.get("result") == Result.CHANGED.value)
        told["current"] = {"fine": now, "since": since}
    return told


def _filings(source: Penalty) -> Iterator[dict[str, str]]:
    for one in filings_of(source.ruling, source.history):
        ended = outcome_of(one, source.history)
        kind = "RECONSIDERATION" if isinstance(one.body, ReconsiderationFiled) else "SUIT"
        yield present(
            kind=kind, filed_on=one.body.filed_on.isoformat(), result=ended.body.result.value if ended else None,
            decided_on=ended.body.decided_on.isoformat() if ended else None,
        )  # fmt: skip
