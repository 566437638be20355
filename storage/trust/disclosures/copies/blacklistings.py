"""The copy of an entry in the blacklist: of a person the family name, and why, in public words; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.register.mines.rules import is_credit_code
from storage.trust.disclosures.copies import persons, texts
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed, together
from storage.trust.disclosures.copies.mines import MineNamed
from storage.trust.disclosures.problems import NotPublishable, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_BY_THE_ORDER = "安全生产严重失信主体名单管理办法（应急管理部令第11号）"
_LEFT_OUT = (
    TakenOut(member="answer", article="政府信息公开条例第十五条", why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="officers", article=_BY_THE_ORDER, why=TakenOutFor.NOT_ON_THE_LIST),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blacklisting:
    """What the record holds of an entry; `person` is the full name of a person, None where the mine is listed.

    `names` are of whoever may not be named in a text; `codes` the credit codes that may stand there.
    """

    agency: str
    mine: MineNamed
    person: str | None = field(repr=False)
    number: str
    decided_on: date
    ground: str
    article: str
    facts: str
    listed_on: date
    until: date
    names: tuple[str, ...] = field(default=(), repr=False)


def blacklisting(source: Blacklisting, *, anew: Mapping[str, str], of_age: bool) -> Copy:
    """令11: who, why, by which penalty, since and until when; NotPublishable, PersonalDataFound.

    个保法28: of a person the family name; `of_age`: an officer says that he is no minor.
    """
    if source.person is not None and not of_age:
        raise NotPublishable(member="party.name", reason=Unpublishable.AGE_UNKNOWN)
    if not is_credit_code(source.mine.credit_code):
        raise NotPublishable(member="mine.credit_code", reason=Unpublishable.NOT_A_UNIT)
    if not source.number:
        raise NotPublishable(member="penalty.number", reason=Unpublishable.MISSING)
    said, changed = texts.worded({"facts": source.facts}, anew)
    people = (*source.names, *((source.person,) if source.person else ()))
    texts.must_be_clean({**said, "number": source.number}, names=people, known=(source.mine.credit_code,))
    mine = {"id": str(source.mine.id), "name": source.mine.name, "credit_code": source.mine.credit_code}
    members = {
        "agency": source.agency, "county": source.mine.county, "mine": mine, "party": _party(source),
        "penalty": {"number": source.number, "decided_on": source.decided_on.isoformat()},
        "ground": {"kind": source.ground, "article": source.article}, "facts": said["facts"],
        "listed_on": source.listed_on.isoformat(), "until": source.until.isoformat(),
    }  # fmt: skip
    hidden = (TakenOut(member="party.name", article=persons.REDUCED_BY, why=TakenOutFor.PERSON),)
    return Copy(
        kind=DisclosureKind.BLACKLISTING, content=composed(DisclosureKind.BLACKLISTING, members), worded=changed,
        taken_out=together(hidden if source.person else (), texts.taken_out_of(changed), _LEFT_OUT),
    )  # fmt: skip


def _party(source: Blacklisting) -> dict[str, str]:
    if source.person is None:
        return {"kind": "UNIT", "name": source.mine.name, "credit_code": source.mine.credit_code}
    return {"kind": "PERSON", "name": persons.reduced([source.person])[source.person]}
