"""The discretion standard (行政处罚裁量基准) as dated data: tiers, circumstances that open them, ranges; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GENERAL = "GENERAL"
"""The key of the item for every fine that has none of its own."""


class DiscretionGround(StrEnum):
    """The tiers: 从重, 一般, 从轻, 减轻, 不予处罚 (处罚法32, 33)."""

    HEAVIER = "HEAVIER"
    PLAIN = "PLAIN"
    LIGHTER = "LIGHTER"
    MITIGATED = "MITIGATED"
    NONE = "NONE"


class Circumstance(StrEnum):
    """What is weighed. The record itself shows some of them; the others are what officers state."""

    FIRST_TIME = "FIRST_TIME"
    REPEATED = "REPEATED"
    SLIGHT = "SLIGHT"
    CORRECTED = "CORRECTED"
    NOT_CORRECTED = "NOT_CORRECTED"
    HARM = "HARM"
    NO_HARM = "NO_HARM"
    NO_FAULT = "NO_FAULT"
    REDUCED_HARM = "REDUCED_HARM"
    COERCED = "COERCED"
    DISCLOSED = "DISCLOSED"
    MERIT = "MERIT"
    PRODUCING = "PRODUCING"
    OBSTRUCTED = "OBSTRUCTED"
    CONCEALED = "CONCEALED"
    PROMISE_BROKEN = "PROMISE_BROKEN"


OPPOSITES: Mapping[Circumstance, Circumstance] = {
    Circumstance.FIRST_TIME: Circumstance.REPEATED,
    Circumstance.CORRECTED: Circumstance.NOT_CORRECTED,
    Circumstance.NO_HARM: Circumstance.HARM,
}
"""What nobody may state where the record shows the other."""
LISTED_BY_LAW = (DiscretionGround.MITIGATED, DiscretionGround.NONE)
"""The tiers whose grounds the law lists: without one of them they are not open, whatever the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier. `when`: each inner group of circumstances opens it; none: it is open to whatever opens no other.

    `least` and `most` are fen. Where they are None, `share_from` and `share_to` count thousandths of the way from the
    law's least to its most; of 减轻 they count thousandths of the law's least.
    """

    ground: DiscretionGround
    article: str
    when: tuple[tuple[Circumstance, ...], ...] = ()
    words: str = ""
    least: int | None = None
    most: int | None = None
    share_from: int = 0
    share_to: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One item: for the fines on a basis, of a kind (`KIND/basis`), or for all that have none of their own."""

    key: str
    title: str
    article: str
    tiers: tuple[Tier, ...]
    in_force_from: date
    in_force_to: date | None = None
    settled: bool = True
    note: str = ""

    def tier(self, ground: DiscretionGround) -> Tier | None:
        """The tier of that ground, if the item has it."""
        return next((one for one in self.tiers if one.ground is ground), None)


def keys_of(kind: str | None, basis: str) -> tuple[str, ...]:
    """The keys under which a fine on this basis for this kind is looked for, the nearest first."""
    return (*((f"{kind}/{basis}",) if kind else ()), basis, GENERAL)


def range_of(tier: Tier, *, least: int, most: int) -> tuple[int, int]:
    """Least and most of a tier in fen, within the law's own (减轻: below its least; 不予处罚: nothing)."""
    if tier.ground is DiscretionGround.NONE:
        return 0, 0
    floor, ceiling = (0, least) if tier.ground is DiscretionGround.MITIGATED else (least, most)
    low = floor + (ceiling - floor) * tier.share_from // 1000 if tier.least is None else tier.least
    high = floor + (ceiling - floor) * tier.share_to // 1000 if tier.most is None else tier.most
    return min(max(low, floor), ceiling), min(max(high, floor), ceiling)


_C = Circumstance
_POLICY = "实施意见三（六）2、三（十五）"
STANDARDS: tuple[Standard, ...] = (
    Standard(
        key=GENERAL, title="行政处罚裁量的一般规定", article="行政处罚法第三十二条、第三十三条、第三十四条",
        in_force_from=date(2021, 7, 15), settled=False,
        note="贵州煤矿安全行政处罚裁量基准未见原文：情形依行政处罚法，幅度的划分为本系统暂定，由法制机构按正式基准更换。",
        tiers=(
            Tier(ground=DiscretionGround.NONE, article="行政处罚法第三十三条",
                 when=((_C.SLIGHT, _C.CORRECTED, _C.NO_HARM), (_C.FIRST_TIME, _C.SLIGHT, _C.CORRECTED), (_C.NO_FAULT,)),
                 words="违法行为轻微并及时改正，没有造成危害后果的，不予处罚；初次违法且危害后果轻微并及时改正的，"
                       "可以不予处罚；有证据足以证明没有主观过错的，不予处罚"),
            Tier(ground=DiscretionGround.HEAVIER, article=_POLICY, share_from=700,
                 when=((_C.REPEATED,), (_C.NOT_CORRECTED,), (_C.HARM,), (_C.PRODUCING,), (_C.OBSTRUCTED,),
                       (_C.CONCEALED,), (_C.PROMISE_BROKEN,)),
                 words="同类问题重复出现、拒不改正、造成危害后果、冒险生产、阻碍检查、隐瞒或者毁灭证据的，从重处罚；"
                       "不履行安全生产承诺且构成违法违规行为的，应依法依规从重处罚"),
            Tier(ground=DiscretionGround.LIGHTER, article="行政处罚法第三十二条", share_to=300,
                 when=((_C.REDUCED_HARM,), (_C.COERCED,), (_C.DISCLOSED,), (_C.MERIT,), (_C.CORRECTED,)),
                 words="主动消除或者减轻危害后果、受胁迫或者诱骗、主动供述尚未掌握的违法行为、有立功表现的，"
                       "应当从轻或者减轻处罚；及时改正的，酌情从轻"),
            Tier(ground=DiscretionGround.MITIGATED, article="行政处罚法第三十二条", share_from=0,
                 when=((_C.REDUCED_HARM,), (_C.COERCED,), (_C.DISCLOSED,), (_C.MERIT,)),
                 words="同上，在法定最低罚款以下处罚"),
            Tier(ground=DiscretionGround.PLAIN, article="行政处罚法第五条", share_from=300, share_to=700,
                 words="没有从重、从轻、减轻或者不予处罚情形的"),
        ),
    ),
)  # fmt: skip
"""What the code knows; the authority's own standard is entered as provisions."""
