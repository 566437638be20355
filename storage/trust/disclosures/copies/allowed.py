"""The closed lists of what a copy may hold, kind by kind, and the one way by which a copy is put together; pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from storage.record.ledger.proofs.canonical import NotCanonical, canonical
from storage.record.ledger.proofs.disclosures import COPY_LIMIT, COPY_VERSION
from storage.trust.disclosures.problems import NotPublishable, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_REGISTERED = frozenset({"mine.supervisor", "mine.state", "mine.disasters[]", "mine.class"})
ALLOWED: Mapping[DisclosureKind, frozenset[str]] = {
    DisclosureKind.PENALTY: frozenset(
        {
            "number", "agency", "county", "mine.id", "mine.name", "mine.credit_code", "party.kind", "party.name",
            "party.credit_code", "conducts[].name", "conducts[].clause", "conducts[].began_on", "conducts[].ended_on",
            "facts", "grounds", "penalty[].kind", "penalty[].sum", "penalty[].days", "penalty[].terms", "decided_on",
            "served_on", "remedies[].kind", "remedies[].filed_on", "remedies[].result", "remedies[].decided_on",
            "current.fine", "current.since",
        }
    ),
    DisclosureKind.EXPOSURE: frozenset(
        {
            "agency", "county", "mine.id", "mine.name", "mine.credit_code", "decided_on", "title", "facts", "handling",
            "lesson", "pictures[].alt", "pictures[].file", "pictures[].size", "pictures[].original",
            "pictures[].rendition", "pictures[].reduced", "pictures[].width", "pictures[].height", "pictures[].tile",
            "pictures[].root", "pictures[].regions[].left", "pictures[].regions[].top", "pictures[].regions[].right",
            "pictures[].regions[].bottom",
        }
    ),
    DisclosureKind.RESULT: frozenset(
        {
            "agency", "county", "mine.id", "mine.name", "mine.credit_code", "inspected_on", "findings.total",
            "findings.major", "findings.by_kind[].kind", "findings.by_kind[].name", "findings.by_kind[].count",
            "measures[].kind", "measures[].name", "measures[].count", "measures[].closed",
        }
    ) | _REGISTERED,
    DisclosureKind.COMMITMENT: frozenset(
        {
            "agency", "county", "mine.id", "mine.name", "mine.credit_code", "year", "signed_on", "way", "sealed",
            "principal", "commitment", "digest", "clauses[].key", "clauses[].field", "clauses[].title.zh",
            "clauses[].title.en", "clauses[].own", "clauses[].outcome", "clauses[].by_day", "clauses[].measure",
            "clauses[].broken[].day", "clauses[].broken[].decided_on", "clauses[].broken[].corrected_on",
            "ended.cause", "ended.on",
        }
    ) | _REGISTERED,
    DisclosureKind.BREACH: frozenset(
        {
            "agency", "county", "mine.id", "mine.name", "mine.credit_code", "year", "commitment", "clause.key",
            "clause.title", "day", "answer.accepts", "answer.words", "answer.correct_by", "answer.on", "decided_on",
            "decision", "corrected.on", "corrected.words",
        }
    ),
    DisclosureKind.LIST: frozenset(
        {
            "agency", "county", "list", "version", "as_of", "next_by", "items[].name", "items[].number",
            "items[].text", "items[].article", "items[].day", "items[].credit_code", "items[].county",
        }
    ),
    DisclosureKind.FIGURES: frozenset(
        {
            "agency", "county", "year", "quarter", "as_of", "counts[].quarter", "counts[].kind", "counts[].due",
            "counts[].published", "counts[].published_late", "counts[].withheld[].article", "counts[].withheld[].count",
            "counts[].fell", "counts[].waiting", "counts[].overdue", "enforcement.inspections", "enforcement.findings",
            "enforcement.major", "enforcement.measures", "enforcement.cases", "enforcement.decisions",
            "enforcement.fines", "enforcement.reconsiderations", "enforcement.suits",
        }
    ),
    DisclosureKind.BLACKLISTING: frozenset(
        {
            "agency", "county", "mine.id", "mine.name", "mine.credit_code", "party.kind", "party.name",
            "party.credit_code", "penalty.number", "penalty.decided_on", "ground.kind", "ground.article", "facts",
            "listed_on", "until",
        }
    ),
}  # fmt: skip
"""市监公示规定4, 7 as a model; 公开条例20; 实施意见三（六）2.

What is not here is in no copy; a list is widened here and nowhere else.
"""


class TakenOutFor(StrEnum):
    """Why a member of the source is not what the public reads."""

    NOT_ON_THE_LIST = "NOT_ON_THE_LIST"
    PERSON = "PERSON"
    THIRD_PERSON = "THIRD_PERSON"
    ACCOUNT = "ACCOUNT"
    WORDED_ANEW = "WORDED_ANEW"
    LEADS_TO_A_REPORTER = "LEADS_TO_A_REPORTER"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A member of the source that the public does not read, and why: never what it said."""

    member: str
    article: str
    why: TakenOutFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """That a text was worded anew for the public: the digests of what it said before and says there."""

    member: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy before it is published: its bytes, their digest, what was taken out of it and what was worded anew."""

    kind: DisclosureKind
    content: bytes = field(repr=False)
    taken_out: tuple[TakenOut, ...]
    worded: tuple[Worded, ...]

    @classmethod
    def again(cls, kind: DisclosureKind, content: bytes, taken_out: str) -> "Copy":
        """A text that follows from one that was published, with what was taken out of that one, as its row tells it."""
        return cls(kind=kind, content=content, taken_out=taken_out_in(taken_out), worded=())

    @property
    def digest(self) -> bytes:
        """SHA-256 of the copy, which its entry names."""
        return hashlib.sha256(self.content).digest()


def composed(kind: DisclosureKind, members: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a copy with these members; NotPublishable for one that is not on its list."""
    allowed = ALLOWED.get(kind)
    if allowed is None:
        raise NotPublishable(member=kind.value, reason=Unpublishable.KIND)
    for path in paths_of(members):
        if path not in allowed:
            raise NotPublishable(member=path, reason=Unpublishable.NOT_ON_THE_LIST)
    try:
        content = canonical({"v": COPY_VERSION, "kind": kind.value, **members})
    except NotCanonical as error:
        raise NotPublishable(member=kind.value, reason=Unpublishable.NOT_WRITABLE) from error
    if len(content) > COPY_LIMIT:
        raise NotPublishable(member=kind.value, reason=Unpublishable.TOO_LONG)
    return content


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    """The path of each member, those of lists once for all of their items; an empty list or object is a member."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from paths_of(one, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for one in value:
            yield from paths_of(one, f"{path}[]")
    else:
        yield path


def taken_out_in(text: str) -> tuple[TakenOut, ...]:
    """What the row of an edition says was taken out of it: a JSON list."""
    return tuple(
        TakenOut(member=one["member"], article=one["article"], why=TakenOutFor(one["why"]))
        for one in orjson.loads(text)
    )


def present(**members: Any) -> dict[str, Any]:
    """The members that are there: a copy knows no null."""
    return {name: value for name, value in members.items() if value is not None}


def together(*parts: Iterable[TakenOut]) -> tuple[TakenOut, ...]:
    """What was taken out, each member once, in its order."""
    found = {one.member: one for part in parts for one in part}
    return tuple(found.values())
