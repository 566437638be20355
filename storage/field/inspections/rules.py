"""What the law says of opening and joining an inspection: pure rules, each named by its article.

Refused is only what makes the act none of an inspection (who, on what ground, where). That the places lie on one side
only, or that the mine is closed, is flagged in the record: an opening for danger or after a report is never held up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from storage.field.inspections.tables import Basis, InspectionFlag
from storage.record.law import Law
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.devices.rules import must_be_in_hand

ARTICLE_OF_CERTIFICATES = "行政处罚法第四十二条、第五十五条，安全生产法第六十七条，煤矿安全生产条例第五十三条"
ARTICLE_OF_COMPETENCE = "行政处罚法第二十二条"
LEAST_REASON = 4
LONGEST_REASON = 500
MOST_OFFICERS = 20
MOST_PLACES = 50
LONGEST_PLACE = 100


class TooFewOfficers(Problem):
    """Fewer officers than inspect together (行政处罚法42; parameters: officers, needed)."""


class OfficerUnknown(Problem):
    """No open account of that id is visible to the opener (parameter: account)."""


class OfficerWithoutCompetence(Problem):
    """Not an inspector or lead whose reach holds the mine (行政处罚法22; parameters: account, article)."""


class CertificateNotValid(Problem):
    """No enforcement certificate valid on the day (行政处罚法42, 55; 安法67; 条例53).

    Parameters: account, day, article.
    """


class LeadNotAmongOfficers(Problem):
    """The lead is not one of the officers (policy 三(十四)4)."""


class LeadWithoutRole(Problem):
    """The lead does not hold the role LEAD for this mine (policy 三(十四)4; parameter: account)."""


class OpenerNotAmongOfficers(Problem):
    """Whoever opens the inspection is not one of its officers (行政处罚法42)."""


class BasisNotStated(Problem):
    """Neither the plan's reference nor a reason of some words (policy 三(十四)1; parameter: least)."""


class PlacesNotStated(Problem):
    """No place, or one without a name (安法68 asks for the place in the record)."""


class MineClosed(Problem):
    """A planned inspection of a closed mine (条例43: inspections follow the year's plan)."""


class InspectionConflict(Problem):
    """The id is taken by other content, one's own or foreign: which of both is not said."""


class NotAnOfficer(Problem):
    """Whoever joins, opens a recording or closes one is no officer of this inspection (行政处罚法42)."""


class DeviceOfAnotherOfficer(Problem):
    """Another officer of this inspection joined on the same device; two officers are two devices."""


class AlreadyJoined(Problem):
    """The officer joined on another device before."""


constraint_means("pk_inspections", InspectionConflict)
constraint_means("pk_inspection_places", InspectionConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that the inspection covers; its id is made by the client, since statements name it (`site`)."""

    id: UUID
    name: str
    underground: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an inspection is opened with. `reason` is the plan's reference (PLANNED) or the reason (REASONED)."""

    id: UUID
    mine_id: UUID
    basis: Basis
    reason: str
    lead_id: UUID
    officers: tuple[UUID, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands behind an officer on the day: the certificate that is valid, and his roles at this mine."""

    account_id: UUID
    certificate_id: UUID | None
    inspects: bool
    leads: bool


def must_be_well_formed(opening: Opening) -> None:
    """Sizes and doubles: BadInput. They are limits of the house, wide of any real inspection."""
    if len(opening.reason) > LONGEST_REASON or not opening.reason.isprintable():
        raise BadInput(field="reason", reason=f"1-{LONGEST_REASON}")
    if len(set(opening.officers)) != len(opening.officers) or len(opening.officers) > MOST_OFFICERS:
        raise BadInput(field="officers", reason=f"<= {MOST_OFFICERS}, no one twice")
    if len({place.id for place in opening.places}) != len(opening.places) or len(opening.places) > MOST_PLACES:
        raise BadInput(field="places", reason=f"<= {MOST_PLACES}, no id twice")
    if any(len(place.name) > LONGEST_PLACE for place in opening.places):
        raise BadInput(field="places", reason=f"name <= {LONGEST_PLACE}")


def must_state_basis(opening: Opening) -> None:
    """三(十四)1 法无授权不可为: the plan's reference, or a reason of at least 4 characters; else BasisNotStated."""
    least = LEAST_REASON if opening.basis is Basis.REASONED else 1
    if len(opening.reason.strip()) < least:
        raise BasisNotStated(least=least)


def must_name_places(opening: Opening) -> None:
    """安法68: the record states the places; at least one, each with a name; else PlacesNotStated."""
    if not opening.places or any(not place.name.strip() for place in opening.places):
        raise PlacesNotStated()


def must_be_enough_officers(officers: Sequence[UUID], *, law: Law, on: date) -> None:
    """行政处罚法42: at least as many officers as the law of that day asks for; else TooFewOfficers."""
    needed = law.number("officers_per_inspection", on)
    if len(set(officers)) < needed:
        raise TooFewOfficers(officers=len(set(officers)), needed=needed)


def must_be_led_and_opened_by_officers(opening: Opening, *, opener: UUID) -> None:
    """三(十四)4 and 行政处罚法42: lead and opener are officers of this inspection."""
    if opening.lead_id not in opening.officers:
        raise LeadNotAmongOfficers()
    if opener not in opening.officers:
        raise OpenerNotAmongOfficers()


def must_be_certified(opening: Opening, *, standings: Mapping[UUID, Standing], on: date) -> None:
    """Each officer is competent for the mine and holds a certificate valid on that day (Asia/Shanghai); the lead leads.

    行政处罚法22, 42, 55; 安法67; 条例53; 三(十四)4.
    """
    for account in opening.officers:
        standing = standings.get(account)
        if standing is None:
            raise OfficerUnknown(account=str(account))
        if not standing.inspects:
            raise OfficerWithoutCompetence(account=str(account), article=ARTICLE_OF_COMPETENCE)
        must_hold_certificate(standing.certificate_id, account=account, on=on)
    if not standings[opening.lead_id].leads:
        raise LeadWithoutRole(account=str(opening.lead_id))


def must_hold_certificate(certificate_id: UUID | None, *, account: UUID, on: date) -> UUID:
    """行政处罚法42, 55; 安法67; 条例53: who acts as an officer holds a certificate valid on that day."""
    if certificate_id is None:
        raise CertificateNotValid(account=str(account), day=on.isoformat(), article=ARTICLE_OF_CERTIFICATES)
    return certificate_id


def must_not_be_planned_at_closed_mine(basis: Basis, *, mine_closed: bool) -> None:
    """条例43: inspections follow the year's plan; a stated reason opens the gate of a closed mine too.

    That no plan holds a closed mine is the project's reading: the article does not say which mines are planned.
    """
    if mine_closed and basis is Basis.PLANNED:
        raise MineClosed()


def flags_of(places: Iterable[Place], *, mine_closed: bool) -> tuple[InspectionFlag, ...]:
    """What the record shows and does not refuse: 三(十四)3 井上和井下相结合 not kept, or a closed mine."""
    if mine_closed:
        return (InspectionFlag.MINE_IS_CLOSED,)
    sides = {place.underground for place in places}
    flags = []
    if True not in sides:
        flags.append(InspectionFlag.NO_PLACE_UNDERGROUND)
    if False not in sides:
        flags.append(InspectionFlag.NO_PLACE_ON_SURFACE)
    return tuple(flags)


def must_be_openable(
    opening: Opening, *, opener: UUID, standings: Mapping[UUID, Standing], mine_closed: bool, law: Law, on: date
) -> None:
    """All that opening asks for, the cheap facts first."""
    must_be_well_formed(opening)
    must_state_basis(opening)
    must_name_places(opening)
    must_be_enough_officers(opening.officers, law=law, on=on)
    must_be_led_and_opened_by_officers(opening, opener=opener)
    must_not_be_planned_at_closed_mine(opening.basis, mine_closed=mine_closed)
    must_be_certified(opening, standings=standings, on=on)


def must_be_same(asked: Opening, known: Opening | None, *, opener: UUID, opened_by: UUID | None) -> None:
    """A replay is the same opening by the same person; else InspectionConflict. The order of officers says nothing."""
    if known is None or opened_by != opener or _content(asked) != _content(known):
        raise InspectionConflict()


def must_be_own_device(device: UUID | None, *, of_others: Iterable[UUID]) -> UUID:
    """Each officer joins on a device of his own: DeviceNeeded, DeviceOfAnotherOfficer; else the device."""
    in_hand = must_be_in_hand(device)
    if in_hand in set(of_others):
        raise DeviceOfAnotherOfficer()
    return in_hand


def has_joined_on(known: UUID | None, device: UUID) -> bool:
    """Whether the officer, who has joined, did so on this device; on another one AlreadyJoined.

    Whoever opened without a device, at a desk, takes his device in hand by joining.
    """
    if known is not None and known != device:
        raise AlreadyJoined()
    return known is not None


def _content(opening: Opening) -> tuple[object, ...]:
    officers = frozenset(opening.officers)
    return (opening.id, opening.mine_id, opening.basis, opening.reason, opening.lead_id, officers, opening.places)
