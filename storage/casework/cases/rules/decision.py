"""What the law says of deciding: nothing missing, and on the spot only what is small and clear (处罚法51, 52, 57)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, SpotReported
from storage.casework.cases.drafts import of_ranges
from storage.casework.cases.history import History
from storage.casework.cases.missing import missing_for_decision
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_act_together, must_state, party_of
from storage.casework.cases.rules.registration import must_be_new, must_be_within_limitation
from storage.casework.cases.steps import SanctionKind, Step
from storage.record.clock import day_of
from storage.record.law import Law


def decided(step: Step[Decided], history: History, law: Law, now: datetime) -> None:
    """Refused exactly while something is missing: the first of it says so."""
    party = party_of(step, history)
    for one in missing_for_decision(history, law, now, party=party.id, draft=step.body):
        raise one.problem


def decided_on_the_spot(step: Step[DecidedOnTheSpot], history: History, law: Law, now: datetime) -> None:
    """处罚法51, 52, 36, 42, 44: one party, a warning or a small fine, heard, and handed the form."""
    body, on = step.body, day_of(step.at)
    must_state(
        number=body.number,
        parties=body.parties,
        conducts=body.conducts,
        sanctions=body.sanctions,
        facts=body.facts,
        grounds=body.grounds,
        remedies=body.remedies,
    )
    must_be_new(body, history)
    if len(body.parties) != 1 or step.party != body.parties[0].id:
        raise unlawful(problems.PartyNotOfCase)
    must_act_together(step.officers, history, law, step.at)
    most = law.number(f"on_the_spot_{body.parties[0].kind.value.lower()}", on)
    small = {SanctionKind.WARNING, SanctionKind.FINE}
    if {one.kind for one in body.sanctions} - small or sum(one.sum for one in body.sanctions) > most:
        raise unlawful(problems.OnTheSpotTooMuch, most=most)
    if len([one for one in body.sanctions if one.kind is SanctionKind.FINE]) > len(body.conducts):
        raise unlawful(problems.SecondFine)
    if not (body.heard and body.handed_over):
        raise unlawful(problems.OnTheSpotNotHeard)
    must_be_within_limitation(body.conducts, discovered=body.discovered_on, law=law, on=on)
    for problem in of_ranges(body.sanctions, body.conducts, body.parties[0], law, on):
        raise problem


def spot_reported(step: Step[SpotReported], history: History, law: Law, now: datetime) -> None:
    """处罚法52."""
    history.named(step.body.decision, DecidedOnTheSpot)
