"""Who may act: enough officers, each with a certificate, none of them recused; and that things are named rightly."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.defects import distinct
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.steps import Officer, Party
from storage.casework.conduct import recusals
from storage.record.clock import day_of
from storage.record.law import Law


def must_act_together(officers: tuple[Officer, ...], history: History, law: Law, at: datetime) -> None:
    """处罚法42, 55: at least two, each with a certificate of that day; 43: none of them recused."""
    needed = law.number("officers_per_inspection", day_of(at))
    if len(distinct(officers)) < needed:
        raise unlawful(problems.OfficersTooFew, officers=len(distinct(officers)), needed=needed)
    for officer in officers:
        if officer.certificate is None:
            raise unlawful(problems.OfficerNotCertified, account=str(officer.account))
    must_not_be_recused(officers, history, at)


def must_not_be_recused(officers: Iterable[Officer], history: History, at: datetime) -> None:
    """处罚法43: whoever was recused, here or in the inspection before, takes no part in an act of law."""
    recusals.must_not_be_recused((one.account for one in officers), history.recused, at)


def must_state(**parts: object) -> None:
    """处罚法44, 59: what the law asks for is there; a blank is not."""
    for part, value in parts.items():
        if not (value.strip() if isinstance(value, str) else value):
            raise unlawful(problems.NotStated, part=part)


def must_follow(step: AnyStep, earlier: AnyStep) -> None:
    """An act of law is not done before the act that it answers."""
    if step.at < earlier.at:
        raise unlawful(problems.StepBackdated)


def party_of(step: AnyStep, history: History) -> Party:
    """The party that the step is about, else PartyNotOfCase."""
    party = history.parties.get(step.party) if step.party else None
    if party is None:
        raise unlawful(problems.PartyNotOfCase)
    return party


def must_be_conducts(conducts: Iterable[UUID], history: History) -> None:
    """At least one conduct, each of this case."""
    named = tuple(conducts)
    if not named or not set(named) <= history.conducts.keys():
        raise unlawful(problems.ConductNotOfCase)
