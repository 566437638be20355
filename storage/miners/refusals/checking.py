"""The acts that send officers to a place: a check of a refusal, and what is done about a report that waits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from storage.field.inspections import operations as inspections
from storage.field.inspections.rules import Opening, Place
from storage.field.inspections.tables import Basis
from storage.miners.refusals import following, operations, queries, rules
from storage.miners.refusals.conditions import Condition
from storage.miners.refusals.following import FilingRow
from storage.miners.refusals.operations import digest_of
from storage.miners.refusals.queries import RefusalRow
from storage.miners.refusals.rules import Asked
from storage.miners.refusals.tables import CheckTask, LaterCheck
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.problems import BadInput
from storage.record.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What a verification officer does about a report that waits, with its message open before him.

    `words` is the task as he gives it to officers on site. Sooner than chosen he says the `danger` to life and the
    `condition` in plain, and the place is refused openly from then on.
    """

    id: UUID
    report_id: UUID
    words: str = ""
    sooner: bool = False
    danger: str = ""
    condition: Condition | None = None


async def order_check(work: Work, *, refusal_id: UUID, asked: Asked) -> RefusalRow:
    """Sends two officers or more to the place, the first of them the lead; `inspection_id` opens their inspection.

    A refusal never waits for a plan: the inspection is REASONED. It can be opened by whoever is one of its officers;
    a duty officer names them alone. Raises what opening raises and what the step raises.
    """
    row = await queries.refusal_of_id(work.sql, refusal_id)
    if asked.inspection_id is not None and asked.officers:
        await inspections.open_inspection(work, opening=_opening(row, asked, asked.inspection_id))
    return await operations.take_step(work, refusal_id=refusal_id, asked=asked)


async def order_later_check(work: Work, *, later: Later) -> FilingRow:
    """Has a report that waits looked at within a routine check, or sooner where life is in danger.

    The officers on site get a task in other words; no row that they see leads from it to the report. The same id with
    the same content is the same act. Raises BadInput, NotFound, NotAllowed, NotWaiting, SoonerThanChosen.
    """
    filing = await following.filing_to_change(work, later.report_id)
    scope: dict[str, Any] = {"mine_id": filing.mine_id, "county": filing.county, "office": filing.office}
    work.actor.require(Verb.REFUSAL_FOLLOW, **scope)
    if await following.ordered_before(work, later.id, later.report_id):
        return filing
    if filing.refusal_id is not None or filing.retaliation_id is not None:
        raise rules.NotWaiting()
    rules.must_not_be_sooner(sooner=later.sooner, danger=later.danger)
    done = await (_act_at_once(work, later, filing) if later.sooner else _give_task(work, later, scope))
    await add_rows(work.sql, [_later(work, later, task=None if later.sooner else done)])
    said = {"report": digest_of(later.report_id), "sooner": later.sooner, "danger": later.danger.strip()}
    what = "refusal" if later.sooner else "task"
    # Without county, office and mine: only whoever did it, and who sees all, reads that the two belong together.
    work.record("refusal.later_checked", later.id, data=said | {what: str(done)})
    return await following.filing_to_change(work, later.report_id)


async def _act_at_once(work: Work, later: Later, filing: FilingRow) -> UUID:
    if later.condition is None or later.condition.mine_id != filing.mine_id:
        raise BadInput(field="condition", reason="of the mine of the report")
    refusal = await operations.open_refusal(work, report_id=later.report_id, condition=later.condition)
    return refusal.id


async def _give_task(work: Work, later: Later, scope: dict[str, Any]) -> UUID:
    rules.must_be_a_task(later.words)
    id = uuid5(later.id, "task")
    task = CheckTask(id=id, words=later.words.strip(), ordered_by=work.actor.account_id, ordered_at=work.now, **scope)
    await add_rows(work.sql, [task])
    work.record("refusal.task_given", id, data={"words": task.words}, **scope)
    return id


def _later(work: Work, later: Later, *, task: UUID | None) -> LaterCheck:
    return LaterCheck(
        id=later.id, report_id=later.report_id, task_id=task, sooner=later.sooner, danger=later.danger.strip(),
        by_id=work.actor.account_id, at=work.now,
    )  # fmt: skip


def _opening(row: RefusalRow, asked: Asked, inspection_id: UUID) -> Opening:
    place = Place(id=uuid5(inspection_id, row.place), name=row.place, underground=True)
    return Opening(
        id=inspection_id, mine_id=row.mine_id, basis=Basis.REASONED, reason=asked.words.strip(),
        lead_id=asked.officers[0], officers=asked.officers, places=(place,),
    )  # fmt: skip
