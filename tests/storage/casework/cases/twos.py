"""What the oracle says of steps that the law wants of two officers, anew and simply (处罚法42, 55)."""

from collections.abc import Sequence
from uuid import UUID

from tests.storage.casework.cases.kept import Kept, of, recused

IN_HAND = {"DIRECT", "LEFT"}
TWO = ("INVESTIGATION_ENDED", "REGISTER_KEPT", "CORRECTION_ORDERED", "HEARING_HELD", "TRANSFER_REPORTED")
TWO_IN_HAND = ("NOTICE_SERVED", "HEARING_OFFERED", "HEARING_NOTIFIED", "SERVED", "URGED")
ANEW = {"INVESTIGATION_ENDED", "NOTICE_SERVED", "HEARING_OFFERED", "HEARING_NOTIFIED"}
LOOKED_AT_AGAIN = {"TOO_FEW_OFFICERS", "CERTIFICATE_NOT_VALID", "OFFICER_RECUSED"}


def two_each(before: Sequence[Kept]) -> None:
    """Whatever the law wants of two officers, each of two said so himself, whomever it named."""
    in_hand = [one for one in of(before, *TWO_IN_HAND) if one.step.body.delivery.way.value in IN_HAND]
    for one in (*of(before, *TWO), *in_hand):
        assert stands(one, before), one
    for one in of(before, "MADE_GOOD"):
        assert one.step.body.defect.value == "NOT_CONFIRMED" or stands(one, before), one


def stands(kept: Kept, before: Sequence[Kept]) -> bool:
    """Two said so, or did it anew, or looked at it again and said so of that."""
    if len(said_of(kept, before)) >= 2:
        return True
    later = before[before.index(kept) + 1 :]
    kind, id = kept.step.kind.value, kept.step.id
    again = [one for one in of(later, "MADE_GOOD")
             if one.step.body.step == id and one.step.body.defect.value in LOOKED_AT_AGAIN]  # fmt: skip
    anew = [one for one in of(later, kind) if one.step.party == kept.step.party] if kind in ANEW else []
    posted = any(one.step.body.delivery.way.value not in IN_HAND for one in anew if kind in TWO_IN_HAND)
    return posted or any(stands(one, before) for one in (*again, *anew))


def said_of(kept: Kept, before: Sequence[Kept]) -> set[UUID]:
    """By their own acts: whoever entered it, if he is of its officers and may be, and whoever confirmed it."""
    able = {officer.account for officer in kept.step.officers if officer.certificate}
    able -= recused([one for one in before if one.step.at <= kept.step.at])
    said = {one.step.by for one in of(before, "MADE_GOOD")
            if (one.step.body.step, one.step.body.defect.value) == (kept.step.id, "NOT_CONFIRMED")}  # fmt: skip
    return said | ({kept.step.by} & able)
