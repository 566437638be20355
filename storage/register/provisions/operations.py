"""The only acts that change the law as the record applies it: drafting a provision, and deciding it by another hand."""

from typing import Any
from uuid import UUID

from storage.record import ids
from storage.record.actor import Verb
from storage.record.clock import to_ms
from storage.record.problems import NotAllowed
from storage.record.work import Work
from storage.register.provisions import queries, rules
from storage.register.provisions.rules import Draft
from storage.register.provisions.tables import Provision


async def draft_provision(work: Work, *, draft: Draft) -> Provision:
    """Drafts a change of the law; the act of a legal reviewer who reaches the province. Nothing holds by it yet.

    Raises ParameterUnknown, NothingToEnd and BadInput; NotAllowed for whoever reaches less, since the law is the same
    everywhere.
    """
    _require_everywhere(work, Verb.PROVISION_DRAFT)
    rules.must_be_well_formed(draft)
    rules.must_change_the_law(draft, await queries.law_of(work.sql))
    content = rules.must_be_short(draft)
    provision = Provision(
        id=ids.new_id(to_ms(work.now)), kind=draft.kind, key=draft.key, content=content,
        number=draft.value if isinstance(draft.value, int) else None,
        listed=list(draft.value) if isinstance(draft.value, tuple) else None,
        article=draft.article.strip(), in_force_from=draft.in_force_from, in_force_to=draft.in_force_to,
        note=draft.note, drafted_by=work.actor.account_id, drafted_at=work.now,
    )  # fmt: skip
    work.rows.add(provision)
    work.record("provision.drafted", provision.id, data=_told(provision, draft))
    return provision


async def decide_provision(work: Work, *, provision_id: UUID, approve: bool, note: str = "") -> Provision:
    """Approves or rejects a draft; the act of a head of agency who reaches the province and did not draft it.

    Raises ProvisionDecided, DecidedByTheDrafter, BadInput, NotFound; NotAllowed for whoever reaches less.
    """
    provision = await queries.provision_to_decide(work, provision_id)
    _require_everywhere(work, Verb.PROVISION_DECIDE)
    rules.must_have_short_note(note)
    rules.must_be_undecided(provision.approved)
    rules.must_be_another(drafted_by=provision.drafted_by, decider=work.actor.account_id)
    provision.approved, provision.decided_by, provision.decided_at = approve, work.actor.account_id, work.now
    provision.decision_note = note
    kind = "provision.approved" if approve else "provision.rejected"
    work.record(kind, provision.id, data={"key": provision.key, "note": note})
    return provision


async def provision_again(work: Work, provision_id: UUID) -> Provision:
    """What a replay of either act answers: the provision as it stands today."""
    return await queries.provision_of_id(work.sql, provision_id)


def _require_everywhere(work: Work, verb: Verb) -> None:
    if not work.actor.reach_of(verb).everything:
        raise NotAllowed(verb=verb.value)


def _told(provision: Provision, draft: Draft) -> dict[str, Any]:
    """The draft as its entry holds it; what is not there is left out."""
    days = {name: getattr(provision, name) for name in ("in_force_from", "in_force_to")}
    told = {
        "kind": provision.kind.value, "key": provision.key, "number": provision.number, "listed": provision.listed,
        "content": draft.content, "article": provision.article, "note": provision.note,
        **{name: day and day.isoformat() for name, day in days.items()},
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
