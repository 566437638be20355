"""The copy of a typical case: worded for the public by an officer, its pictures named by their digests; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from storage.record.ledger.proofs.pictures import RENDITION, TILE, Region
from storage.trust.disclosures.copies import texts
from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed
from storage.trust.disclosures.copies.mines import MineNamed, named
from storage.trust.disclosures.tables import DisclosureKind

_BY_SPLITTING = "政府信息公开条例第三十七条"
_PEOPLE = "政府信息公开条例第十五条、个人信息保护法第二十八条"
# Persons are in no exposure at all, be they party or third person; nor why anybody came to look.
_LEFT_OUT = (
    TakenOut(member="reason", article="政府信息公开条例第十五条", why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="persons", article=_PEOPLE, why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="officers", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
)
_OF_PICTURES = TakenOut(member="pictures[].metadata", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST)
_COVERED = TakenOut(member="pictures[].regions", article=_PEOPLE, why=TakenOutFor.THIRD_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A covered picture: what it is of, by digests, and what of it is covered. `file`, `size`: the published one."""

    alt: str
    original: bytes
    reduced: int
    width: int
    height: int
    regions: tuple[Region, ...]
    root: bytes
    file: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What an exposure is made of: the case's mine, agency and day of decision, the officer's words, the pictures."""

    agency: str
    mine: MineNamed
    decided_on: date
    title: str
    facts: str
    handling: str
    lesson: str
    pictures: Sequence[Pictured]
    names: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()


def exposure(source: Exposed) -> Copy:
    """公开条例15, 37; 处罚法48; 个保法28: PersonalDataFound where a text or the words of a picture name anybody."""
    said = {name: getattr(source, name).strip() for name in ("title", "facts", "handling", "lesson")}
    alts = {f"pictures[{at}].alt": one.alt.strip() for at, one in enumerate(source.pictures)}
    texts.must_be_clean(said | alts, names=source.names, known=(source.mine.credit_code, *source.codes))
    members: dict[str, Any] = {
        "agency": source.agency, "county": source.mine.county, "decided_on": source.decided_on.isoformat(), **said,
        "mine": named(source.mine),
        "pictures": [_picture(one) for one in source.pictures],
    }  # fmt: skip
    covered = (_COVERED,) if any(one.regions for one in source.pictures) else ()
    pictured = (_OF_PICTURES,) if source.pictures else ()
    return Copy(
        kind=DisclosureKind.EXPOSURE, content=composed(DisclosureKind.EXPOSURE, members), worded=(),
        taken_out=(*_LEFT_OUT, *pictured, *covered),
    )  # fmt: skip


def _picture(one: Pictured) -> dict[str, Any]:
    return {
        "alt": one.alt.strip(), "file": one.file.hex(), "size": one.size, "original": one.original.hex(),
        "rendition": RENDITION, "reduced": one.reduced, "width": one.width, "height": one.height, "tile": TILE,
        "root": one.root.hex(),
        "regions": [
            {"left": each.left, "top": each.top, "right": each.right, "bottom": each.bottom} for each in one.regions
        ],
    }  # fmt: skip
