"""What the law and the house say of people of mines: pure rules that return or raise the Problem of the article."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from storage.record.clock import SHANGHAI
from storage.record.law import Law
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.people.tables import (
    Craft,
    ExamCategory,
    Post,
    PostKind,
    Qualification,
    QualificationKind,
    Validity,
)

EARLIEST_DAY = date(1949, 10, 1)
LATEST_DAY = date(2199, 12, 31)
_NUMBER_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_NUMBER_INSIDE = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])", re.ASCII)


class PersonAlreadyKnown(Problem):
    """A person with this identity number stands in the register of the mine."""


class NumberOfAnother(Problem):
    """The identity number stands in the mine's register under another name."""


class PersonAmbiguous(Problem):
    """Several people of this name hold this post: only an identity number tells them apart (parameter: count)."""


class AccountAlreadyLinked(Problem):
    """The account is linked to another person of the mine, or the person to another account."""


class AccountElsewhere(Problem):
    """The account does not belong to the person's mine."""


class NumberWrong(Problem):
    """The identity number is not one by GB 11643-1999: 18 characters, the last one the check of the others."""


class DaysOutOfOrder(Problem):
    """The last day lies before the first (parameters: first, last)."""


class AlreadyEnded(Problem):
    """It came to its end before; an end is recorded once."""


class PrincipalInOffice(Problem):
    """A mine has a principal on one of these days (安全生产法5; parameters: first, last)."""


class CraftMissing(Problem):
    """A special operator, or his certificate, names the kind of operation, and nobody else does (安全生产法30)."""


class WorkplaceNameTaken(Problem):
    """A workplace of this name is open at the mine."""


class ShiftDefined(Problem):
    """The mine has a shift of this kind; retire it first to change its times."""


class OfAnotherMine(Problem):
    """Person, workplace and shift belong to one mine."""


class NotOnThatDay(Problem):
    """The workplace or the shift is not there on all those days (parameters: first, last)."""


constraint_means("uq_persons_mine_id_number_hash", PersonAlreadyKnown)
constraint_means("uq_persons_mine_id_account_id", AccountAlreadyLinked)
constraint_means("uq_posts_principal", PrincipalInOffice)
constraint_means("uq_workplaces_name", WorkplaceNameTaken)
constraint_means("uq_shifts_kind", ShiftDefined)


class Lasting(Protocol):
    """What goes from one day to another, both included; without a last day it goes on."""

    from_day: date
    to_day: date | None


@dataclass(frozen=True, slots=True)
class NumberMark:
    """What is kept of an identity number: a keyed hash for matching (None without a key), its last four characters."""

    hash: bytes | None
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A post to take: the days are of Asia/Shanghai, both included."""

    kind: PostKind
    craft: Craft | None
    from_day: date
    to_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationFacts:
    """A certificate to enter: the days are of Asia/Shanghai, both included."""

    kind: QualificationKind
    craft: Craft | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date


def text_of(text: str, *, field: str, most: int) -> str:
    """A text without space around it; BadInput unless 1 to `most` printable characters."""
    said = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(said) <= most or not said.isprintable():
        raise BadInput(field=field, reason=f"1-{most}")
    return said


def number_mark(number: str | None, *, key: bytes | None) -> NumberMark | None:
    """What is kept of an identity number (GB 11643-1999); NumberWrong if it is none. The number itself goes no further.

    `key` is the host's secret. Without it nothing can be matched by number, and only the last four characters are kept.
    """
    if number is None:
        return None
    plain = unicodedata.normalize("NFKC", number).strip().upper()
    if not _is_identity_number(plain):
        raise NumberWrong()
    mark = None if key is None else hmac.digest(key, b"pithead/person-number/1\n" + plain.encode(), hashlib.sha256)
    return NumberMark(mark, plain[-4:])


def masked_number(number: str) -> str:
    """A certificate's number, 1 to 60 characters, with an identity number in it blotted out but for its last four.

    The number of a 特种作业操作证 is T and its holder's identity number: kept whole it would give that away.
    """
    said = text_of(unicodedata.normalize("NFKC", number), field="number", most=60)
    return _NUMBER_INSIDE.sub(lambda found: "*" * 14 + found.group()[-4:], said)


def must_be_in_order(first: date, last: date | None) -> None:
    """The last day is not before the first, and both are days of our time; else DaysOutOfOrder or BadInput."""
    for day in (first, last or first):
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise BadInput(field="day", reason=f"{EARLIEST_DAY} - {LATEST_DAY}")
    if last is not None and last < first:
        raise DaysOutOfOrder(first=first.isoformat(), last=last.isoformat())


def must_name_craft(needed: bool, craft: Craft | None) -> None:
    """安全生产法30: the kind of special operation is named where there is one, and nowhere else; else CraftMissing."""
    if needed != (craft is not None):
        raise CraftMissing()


def must_be_takable(post: PostFacts) -> None:
    """All that a post needs, as far as the post alone can tell."""
    must_name_craft(post.kind is PostKind.SPECIAL_OPERATOR, post.craft)
    must_be_in_order(post.from_day, post.to_day)


def must_be_the_only_principal(post: PostFacts, principals: Iterable[Lasting]) -> None:
    """安全生产法5: the principal is the first to answer for a mine's safety; else PrincipalInOffice with the days.

    That only one can be the first at a time is the project's reading of 第一责任人.
    """
    if post.kind is not PostKind.PRINCIPAL:
        return
    for other in principals:
        if overlap(post, other):
            raise PrincipalInOffice(
                first=other.from_day.isoformat(), last=other.to_day.isoformat() if other.to_day else "-"
            )


def overlapping(post: PostFacts, held: Iterable[Lasting]) -> bool:
    """Whether the person holds another post on one of these days: lawful at times, so it is shown and not refused."""
    return any(overlap(post, other) for other in held)


def overlap(one: "Lasting | PostFacts", other: "Lasting | PostFacts") -> bool:
    """Whether two spans share a day."""
    return one.from_day <= (other.to_day or LATEST_DAY) and other.from_day <= (one.to_day or LATEST_DAY)


def must_lie_within(span: Lasting, first: date, last: date | None) -> None:
    """Every day from `first` to `last` is one of the span's; else NotOnThatDay."""
    if first < span.from_day or (span.to_day is not None and (last is None or last > span.to_day)):
        raise NotOnThatDay(first=first.isoformat(), last=last.isoformat() if last else "-")


def must_be_running(ended_at: datetime | None) -> None:
    """AlreadyEnded if an end is recorded."""
    if ended_at is not None:
        raise AlreadyEnded()


def must_be_valid(facts: QualificationFacts) -> QualificationFacts:
    """The facts as they are kept: texts trimmed, an identity number in the certificate's number blotted out."""
    must_name_craft(facts.kind is QualificationKind.SPECIAL_OPERATION, facts.craft)
    must_be_in_order(facts.valid_from, facts.valid_to)
    return QualificationFacts(
        kind=facts.kind, craft=facts.craft, number=masked_number(facts.number),
        issuer=text_of(facts.issuer, field="issuer", most=100), valid_from=facts.valid_from, valid_to=facts.valid_to,
    )  # fmt: skip


def must_be_times(starts: int, ends: int) -> None:
    """Minutes of the day, 0 to 1439, that differ; else BadInput."""
    if not (0 <= starts < 1_440 and 0 <= ends < 1_440) or starts == ends:
        raise BadInput(field="starts", reason="0-1439, starts != ends")


def validity_on(qualification: Qualification, law: Law, day: date) -> Validity:
    """How a qualification stands on a day of Asia/Shanghai; its last day is still a valid one.

    煤矿安全培训规定29: renewal is asked for 60 days before the end, so what should have been renewed expires soon.
    """
    if qualification.ended_at is not None:
        return Validity.WITHDRAWN
    if day < qualification.valid_from:
        return Validity.NOT_YET_VALID
    if day > qualification.valid_to:
        return Validity.EXPIRED
    ahead = timedelta(days=law.number("qualification_renewal_ahead", day))
    return Validity.EXPIRES_SOON if day > qualification.valid_to - ahead else Validity.VALID


CATEGORY: dict[PostKind, ExamCategory] = {
    PostKind.PRINCIPAL: ExamCategory.PRINCIPAL,
    PostKind.ACTUAL_CONTROLLER: ExamCategory.PRINCIPAL,
    PostKind.MINE_MANAGER: ExamCategory.PRINCIPAL,
    PostKind.CHIEF_ENGINEER: ExamCategory.MANAGER,
    PostKind.DEPUTY_SAFETY: ExamCategory.MANAGER,
    PostKind.DEPUTY_PRODUCTION: ExamCategory.MANAGER,
    PostKind.DEPUTY_MECHANICAL: ExamCategory.MANAGER,
    PostKind.DEPUTY_VENTILATION: ExamCategory.MANAGER,
    PostKind.DEPUTY_OTHER: ExamCategory.MANAGER,
    PostKind.SAFETY_MANAGER: ExamCategory.MANAGER,
    PostKind.SPECIAL_OPERATOR: ExamCategory.SPECIAL_OPERATOR,
    PostKind.TEAM_LEADER: ExamCategory.WORKER,
    PostKind.WORKER: ExamCategory.WORKER,
}
"""As what the holder of a post is examined (安全生产法27, 28, 30; 煤矿安全生产条例21, 22)."""


def categories_on(posts: Iterable[Post], day: date) -> list[ExamCategory]:
    """As what somebody with these posts is examined on a day, in the order of the list."""
    found = {CATEGORY[PostKind(post.kind)] for post in posts if is_on(post, day)}
    return [category for category in ExamCategory if category in found]


def posts_of(category: ExamCategory) -> list[PostKind]:
    """The posts whose holders are examined so."""
    return [post for post, its in CATEGORY.items() if its is category]


def is_on(span: Lasting, day: date) -> bool:
    """Whether the day is one of the span's."""
    return span.from_day <= day <= (span.to_day or LATEST_DAY)


def shift_days(moment: datetime) -> tuple[date, int]:
    """A moment as shifts are reckoned: the day of Asia/Shanghai and the minute of that day."""
    local = moment.astimezone(SHANGHAI)
    return local.date(), local.hour * 60 + local.minute


def _is_identity_number(text: str) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _NUMBER_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17]
