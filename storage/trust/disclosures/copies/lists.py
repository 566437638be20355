"""The copy of a list: what an agency publishes of itself before and beside its decisions; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.register.mines.rules import is_credit_code
from storage.trust.disclosures.copies import texts
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed, present
from storage.trust.disclosures.problems import NotPublishable, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_BY_MINIMUM = "个人信息保护法第二十八条"
_OF_PERSONS = tuple(
    TakenOut(member=f"items[].{member}", article=_BY_MINIMUM, why=TakenOutFor.PERSON)
    for member in ("identity_number", "telephone", "account")
)
_NAME = re.compile(r"[^\W\d_]{2,20}(?:·[^\W\d_]{1,20})*")
# The law wants an agency's own number public (公开条例20); it is written so, and nobody's mobile is one.
_OFFICE_NUMBER = re.compile(r"(?:电话|热线)\s*[:：]?\s*(?:0\d{2,3}[-—]?\d{7,8}|1\d{4})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list; which of its members a kind has is said by the rules of lists."""

    name: str
    number: str | None = None
    text: str | None = None
    article: str | None = None
    day: date | None = None
    credit_code: str | None = None
    county: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list before it is a copy. `persons`: its names are those of officers or experts, which the law wants whole.

    `contacts`: an agency's own number may stand in it. `known`: numbers come from the register, not from a person.
    `names`: of whoever must not be named in what somebody wrote.
    """

    kind: str
    agency: str
    county: str
    version: int
    as_of: date
    next_by: date | None
    items: Sequence[Item]
    persons: bool = False
    contacts: bool = False
    known: bool = False
    names: Sequence[str] = ()


def listed(source: Listing) -> Copy:
    """The copy; NotPublishable for what is called a unit or a person and is none, PersonalDataFound in a text."""
    for at, one in enumerate(source.items):
        if source.persons and not source.known and not _NAME.fullmatch(one.name):
            raise NotPublishable(member=f"items[{at}].name", reason=Unpublishable.NOT_ON_THE_LIST)
        if one.credit_code is not None and not is_credit_code(one.credit_code):
            raise NotPublishable(member=f"items[{at}].credit_code", reason=Unpublishable.NOT_A_UNIT)
    codes = [one.credit_code for one in source.items if one.credit_code]
    texts.must_be_clean(dict(_named(source)), names=(), known=codes)
    texts.must_be_clean(dict(_written(source)), names=source.names, known=codes)
    members = present(
        agency=source.agency, county=source.county, list=source.kind, version=source.version,
        as_of=source.as_of.isoformat(), next_by=source.next_by.isoformat() if source.next_by else None,
        items=[_item(one) for one in source.items],
    )  # fmt: skip
    return Copy(
        kind=DisclosureKind.LIST, content=composed(DisclosureKind.LIST, members), worded=(),
        taken_out=_OF_PERSONS if source.persons else (),
    )  # fmt: skip


def _item(one: Item) -> Mapping[str, Any]:
    return present(
        name=one.name, number=one.number, text=one.text, article=one.article, credit_code=one.credit_code,
        county=one.county, day=one.day.isoformat() if one.day else None,
    )  # fmt: skip


def _named(source: Listing) -> Iterable[tuple[str, str]]:
    """Names and numbers: those of units may hold what is also somebody's name."""
    for at, one in enumerate(source.items):
        yield f"items[{at}].name", one.name
        if one.number is not None and not source.known:
            yield f"items[{at}].number", one.number


def _written(source: Listing) -> Iterable[tuple[str, str]]:
    for at, one in enumerate(source.items):
        for member, said in (("text", one.text), ("article", one.article)):
            if said is not None:
                yield f"items[{at}].{member}", _without_office_numbers(said) if source.contacts else said


def _without_office_numbers(text: str) -> str:
    return _OFFICE_NUMBER.sub(lambda found: "口" * len(found[0]), text)
