"""The acts on repair of credit: the party asks, one officer examines, another decides; what fraud got is taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.queries import File
from storage.casework.cases.rulings import runs_of
from storage.casework.cases.steps import PartyKind
from storage.promises.commitments.rules import must_be_sealed
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.people import queries as people
from storage.trust.credit import queries, rules
from storage.trust.credit.rules import Outlook, Request
from storage.trust.credit.tables import FraudGround, Repair
from storage.trust.disclosures import crediting, operations
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.rules import SHOWN, is_changed
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState

HIDDEN = "经信用修复，停止公示、共享和使用"
"""What the public reads of a repaired penalty: that, and no word that anybody wrote."""
SHOWN_AGAIN: dict[FraudGround, str] = {
    FraudGround.FALSE_PROOF: "信用修复所据材料虚假，恢复公示",
    FraudGround.FACTS_HIDDEN: "申请信用修复时隐瞒事实，恢复公示",
    FraudGround.PLEDGE_BROKEN: "违反信用承诺，恢复公示",
}


async def ask_repair(work: Work, *, disclosure_id: UUID, request: Request) -> Repair:
    """The party of a shown penalty asks that it is shown no more; for a person an officer hands it in.

    Raises BadInput, NotFound, NotRepairable, RepairTooEarly, ObligationsOpen, RepairUnproven, EvidenceNotSealed,
    RepairAskedBefore; NotAllowed.
    """
    shown = await queries.repairable(work.sql, disclosure_id)
    scope: dict[str, Any] = {"county": shown.county, "office": shown.office, "mine_id": shown.mine_id}
    rules.must_be_a_penalty(DisclosureKind(shown.kind))
    file = await cases.file_of(work.sql, _known(shown.matter_id))
    party = party_of(file, shown.source_id)
    received = party is PartyKind.PERSON
    work.actor.require(Verb.REPAIR_EXAMINE if received else Verb.REPAIR_ASK, **scope)
    found = await outlook_of(work, shown, file)
    rules.must_be_repairable(found, today=day_of(work.now))
    principal = await people.principal_account(work.sql, _known(shown.mine_id), day_of(work.now))
    closed = await queries.closed_among(work, request.measures, _known(shown.mine_id))
    rules.must_be_proven(request, closed=closed, by_principal=work.actor.account_id == principal, article=found.article)
    pieces = [*request.proof, *([request.pledge_piece] if request.pledge_piece else [])]
    must_be_sealed(pieces, await queries.sealed_among(work, pieces, _known(shown.mine_id)))
    repair = _repair(work, shown, found, request, party, law=file.law.edition)
    clock = rules.clock_of(file.law, rules.DECIDED, day_of(work.now))
    repair.due_on, repair.over_at = (clock.ends, clock.over_at()) if clock else (None, None)
    await add_rows(work.sql, [repair])
    work.record("repair.asked", repair.id, data=_told(repair), **scope)
    return repair


async def examine_repair(work: Work, *, repair_id: UUID, favoured: bool, words: str) -> Repair:
    """One officer says whether it should be granted. Raises BadInput, NotFound, RepairExamined, RepairDecided."""
    repair = await queries.to_change(work, Repair, repair_id)
    work.actor.require(Verb.REPAIR_EXAMINE, **scope_of(repair))
    rules.must_have_words(words)
    rules.must_be_examinable(repair)
    repair.favoured, repair.examination = favoured, words.strip()
    repair.examined_by, repair.examined_at = work.actor.account_id, work.now
    work.record("repair.examined", repair.id, data={"favoured": favoured, "words": repair.examination},
                **scope_of(repair))  # fmt: skip
    return repair


async def decide_repair(work: Work, *, repair_id: UUID, grant: bool, words: str) -> Repair:
    """Another decides, once; late is told, never refused. What is granted is shown and shared no more from then on.

    Raises BadInput, NotFound, RepairNotExamined, RepairDecided, CreditTakesTwo; of a grant also what asking raises.
    """
    repair = await queries.to_change(work, Repair, repair_id)
    work.actor.require(Verb.REPAIR_DECIDE, **scope_of(repair))
    rules.must_have_words(words)
    rules.must_be_decidable(repair, decider=work.actor.account_id)
    repair.granted, repair.decision = grant, words.strip()
    repair.decided_by, repair.decided_at = work.actor.account_id, work.now
    late = repair.over_at is not None and repair.over_at <= work.now
    if grant:
        file = await cases.case_to_change(work, repair.case_id)
        shown = await queries.repairable(work.sql, repair.disclosure_id)
        rules.must_be_repairable(await outlook_of(work, shown, file), today=day_of(work.now))
    work.record("repair.decided", repair.id, data={"granted": grant, "words": repair.decision, "late": late},
                **scope_of(repair))  # fmt: skip
    if grant:  # The stream of what is public is locked last of all.
        await operations.hide_repaired(work, disclosure_id=repair.disclosure_id, basis=repair.article, reason=HIDDEN)
    return repair


async def restore_repair(work: Work, *, repair_id: UUID, ground: FraudGround, words: str) -> Repair:
    """Another than who granted it takes a repair back that fraud got: the penalty is shown again on the same minute.

    Raises BadInput, NotFound, NothingGranted, CreditTakesTwo, NotShown (withdrawn or over since), NotPublishable.
    """
    repair = await queries.to_change(work, Repair, repair_id)
    work.actor.require(Verb.REPAIR_RESTORE, **scope_of(repair))
    rules.must_have_words(words)
    rules.must_be_granted(granted=repair.granted, restored=repair.restored_at is not None, by=work.actor.account_id,
                          decider=repair.decided_by, article=repair.article)  # fmt: skip
    file = await cases.case_to_change(work, repair.case_id)
    ruling = file.history.by_id[repair.decision_id]
    rules.must_not_have_fallen(fell=ruling.id in file.history.fallen or is_changed(ruling, file.history))
    repair.restored_for, repair.restoration = ground, words.strip()
    repair.restored_by, repair.restored_at = work.actor.account_id, work.now
    shown = await queries.repairable(work.sql, repair.disclosure_id)
    work.record("repair.restored", repair.id, data={"ground": ground.value, "words": repair.restoration},
                **scope_of(repair))  # fmt: skip
    await crediting.show_again(
        work, disclosure_id=repair.disclosure_id, basis=repair.article, reason=SHOWN_AGAIN[ground],
        until=shown.shown_until, disputed=bool(runs_of(ruling, file.history)),
    )  # fmt: skip
    return repair


def party_of(file: File, decision_id: UUID) -> PartyKind:
    """Whom a decision is against; NotFound where the actor does not see it: of a person's his mine sees nothing."""
    ruling = file.history.by_id.get(decision_id)
    party = file.history.parties.get(ruling.party) if ruling is not None and ruling.party is not None else None
    if party is None:
        raise NotFound()
    return party.kind


async def outlook_of(work: Work, shown: DisclosureRow, file: File) -> Outlook:
    """How a shown penalty stands for its party today, by what the record knows."""
    return await outlook(work.sql, shown, file, work.now)


async def outlook_for(sql: "asyncpg.Connection[Any]", disclosure_id: UUID, now: datetime) -> Outlook:
    """The same of a permalink, for whoever may ask about it. Raises NotFound, NotRepairable."""
    shown = await queries.repairable(sql, disclosure_id)
    rules.must_be_a_penalty(DisclosureKind(shown.kind))
    file = await cases.file_of(sql, _known(shown.matter_id))
    party_of(file, shown.source_id)
    return await outlook(sql, shown, file, now)


async def outlook(sql: "asyncpg.Connection[Any]", shown: DisclosureRow, file: File, now: datetime) -> Outlook:
    """The same for a reader."""
    open_measures = await queries.open_measures_of(
        sql, mine_id=file.row.mine_id, inspection_id=file.row.inspection_id, findings=file.history.findings
    )
    return rules.outlook(
        file.history.by_id[shown.source_id], file.history, file.law, today=day_of(now), open_measures=open_measures,
        shown=DisclosureState(shown.state) in SHOWN,
    )  # fmt: skip


def scope_of(row: Any) -> dict[str, Any]:
    """Whose it is."""
    return {"county": row.county, "office": row.office, "mine_id": row.mine_id}


def _known(id: UUID | None) -> UUID:
    if id is None:
        raise NotFound()
    return id


def _repair(
    work: Work, shown: DisclosureRow, found: Outlook, request: Request, party: PartyKind, *, law: int
) -> Repair:
    return Repair(
        id=ids.new_id(to_ms(work.now)), county=shown.county, office=shown.office, mine_id=_known(shown.mine_id),
        disclosure_id=shown.id, decision_id=shown.source_id, case_id=_known(shown.matter_id), party=party,
        grade=found.grade, article=found.article, words=request.words.strip(), proof=list(request.proof),
        measures=list(request.measures), pledge=request.pledge.strip() or None, pledge_piece=request.pledge_piece,
        received=party is PartyKind.PERSON, asked_by=work.actor.account_id, asked_at=work.now, law=law,
    )  # fmt: skip


def _told(repair: Repair) -> dict[str, Any]:
    """The request as its entry holds it."""
    told = {
        "disclosure": str(repair.disclosure_id), "decision": str(repair.decision_id), "case": str(repair.case_id),
        "party": repair.party.value, "grade": repair.grade.value, "article": repair.article, "words": repair.words,
        "proof": [str(one) for one in repair.proof], "measures": [str(one) for one in repair.measures],
        "received": repair.received,
    }  # fmt: skip
    pledged = {"pledge": repair.pledge} if repair.pledge else {"pledge_piece": str(repair.pledge_piece)}
    return told | pledged
