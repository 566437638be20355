"""The fines that random courses speak of, and how they are weighed: rightly, and in every wrong way."""

from dataclasses import replace

from storage.casework.cases.bodies.notice import DiscretionSuggested
from storage.casework.cases.steps import Party, PartyKind, Sanction
from storage.record.law.discretion import DiscretionGround
from tests.factories.cases import STOP, CaseFile, fine

FINES = {
    PartyKind.UNIT: ((fine(0.5),), (fine(1),), (fine(4),), STOP),
    PartyKind.PERSON: (
        (fine(1, "fine_obstruction_person"),), (fine(2, "fine_safety_law_uncorrected_person"),),
        (fine(4, "fine_major_hazard_principal"),), (fine(0.5, "fine_major_hazard_principal"),),
    ),
}  # fmt: skip


def money(party: Party, how: int) -> tuple[Sanction, ...]:
    """What is right for such a party; now and then what is right only for the other kind, or half of it."""
    kinds = list(PartyKind)
    found = FINES[party.kind if how != 10 else kinds[party.kind is kinds[0]]][how % 4]
    return found[1:] if how == 7 and found == STOP else found


def weighed(case: CaseFile, party: Party, how: int) -> DiscretionSuggested:
    """A range around a fine; now and then without the reason that it needs, below the law, or for nothing at all."""
    grounds = {2: DiscretionGround.MITIGATED, 4: DiscretionGround.NONE}
    body = case.weighed(money(party, how)[-1], grounds.get(how))
    if how == 3:
        return replace(body, departure="")
    return replace(body, circumstances=()) if how == 6 else body
