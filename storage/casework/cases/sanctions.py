"""What penalties weigh: which is heavier, which needs a hearing, within which range a fine lies; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.casework.cases.steps import Conduct, PartyKind, Sanction, SanctionKind
from storage.record.law import Law, NotInForce
from storage.record.law.numbers.fines import WITH_A_STOP

FINES = (SanctionKind.FINE, SanctionKind.DAILY_FINE)
NEEDS_NOTHING_DONE = (SanctionKind.WARNING, SanctionKind.CRITICISM)
"""Penalties that are carried out by being served."""
# 处罚法63(1) items 3 to 5; 停产整顿 is 责令停产停业. 暂扣 is not named there.
_ALWAYS_HEARD = frozenset({
    SanctionKind.DOWNGRADED, SanctionKind.LICENCE_REVOKED, SanctionKind.STOPPED, SanctionKind.SHUT_DOWN,
    SanctionKind.BARRED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FineRange:
    """Least and most of a fine in fen, and the day whose law gave them."""

    least: int
    most: int
    law_of: date


def fine_in(sanctions: Iterable[Sanction]) -> int:
    """The sum of the fines."""
    return sum(one.sum for one in sanctions if one.kind in FINES)


def needs_hearing(sanctions: Sequence[Sanction], party: PartyKind, law: Law, on: date) -> bool:
    """Whether 处罚法63 gives the party a right to be heard: larger sums, lost or lowered licences, stops, bars."""
    if any(one.kind in _ALWAYS_HEARD for one in sanctions):
        return True
    larger = law.number(f"larger_fine_{party.value.lower()}", on)
    confiscated = sum(one.sum for one in sanctions if one.kind is SanctionKind.CONFISCATION)
    return fine_in(sanctions) >= larger or confiscated >= larger


def is_heavier(one: Sequence[Sanction], other: Sequence[Sanction]) -> bool:
    """Whether the first holds a kind, a sum or a time that the second does not."""
    return any(
        kind not in {told.kind for told in other}
        or _total(one, kind, "sum") > _total(other, kind, "sum")
        or _total(one, kind, "days") > _total(other, kind, "days")
        for kind in {found.kind for found in one}
    )


def stop_that_lacks(sanctions: Sequence[Sanction]) -> str | None:
    """What a penalty lacks that the law gives only with 停产整顿 (条例63, 64): `stop`, `terms` or `days`; else None.

    Beside such a fine production is stopped, for a stated time and with what is to be put right in it.
    """
    if not any(one.basis in WITH_A_STOP for one in sanctions if one.kind is SanctionKind.FINE):
        return None
    stops = [one for one in sanctions if one.kind is SanctionKind.STOPPED]
    if not stops:
        return "stop"
    if not all(one.terms.strip() for one in stops):
        return "terms"
    return None if all(one.days > 0 for one in stops) else "days"


def range_for(law: Law, basis: str, conduct: Conduct, on: date, *, reckoned_on: int = 0) -> FineRange | None:
    """The range that applies (处罚法37): that of the conduct's day, or today's where it is lighter.

    None where no text gave one on the conduct's day: what was no breach then is not fined now. A conduct that goes
    on is judged by the law of today. A range in per cent is reckoned on a sum: gains, or an income.
    """
    then = _range(law, basis, conduct.ended_on or on, reckoned_on)
    today = _range(law, basis, on, reckoned_on)
    if then is None or today is None:
        return then
    return min(then, today, key=lambda one: (one.most, one.least))


def _range(law: Law, basis: str, on: date, reckoned_on: int) -> FineRange | None:
    for tail in ("", "_percent"):
        try:
            least, most = (law.number(f"{basis}_{end}{tail}", on) for end in ("least", "most"))
        except NotInForce:
            continue
        return _share(least, most, reckoned_on, on) if tail else FineRange(least, most, on)
    return None


def _share(least: int, most: int, reckoned_on: int, on: date) -> FineRange:
    """So many per cent of a sum, down to whole fen: where both ends are one share, one fine is within."""
    return FineRange(reckoned_on * least // 100, reckoned_on * most // 100, on)


def _total(sanctions: Sequence[Sanction], kind: SanctionKind, what: str) -> int:
    return sum(getattr(one, what) for one in sanctions if one.kind is kind)
