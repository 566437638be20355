"""What may live here: what waits for a routine check, tasks for officers on site, and who looks after reporters."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation, query
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, value_id
from storage.miners.refusals import checking, following
from storage.miners.refusals.checking import Later
from storage.miners.refusals.conditions import Condition
from storage.miners.refusals.following import FilingRow, PostChange, TaskRow
from storage.miners.refusals.tables import DangerKind
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.work import perform
from storage.register.people.tables import ShiftKind
from storage.register.provisions import queries as provisions

MOST_WAITING = 100
Behind = Annotated[UUID | None, strawberry.argument(description="The report behind which to start.")]
OfMine = Annotated[UUID, strawberry.argument(description="The mine, by its UUID.")]


@strawberry.type(description="A report that refuses; without a refusal it waits for a routine check.")
class WaitingRefusal:
    """A report that refuses."""

    report_id: UUID = strawberry.field(description="The report.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    refusal_id: UUID | None = strawberry.field(description="The refusal that it became; null while it waits.")

    @identity
    def waiting_id(self) -> strawberry.ID:
        return strawberry.ID(f"waiting-refusal-{self.report_id}")

    @classmethod
    def of(cls, row: FilingRow) -> "WaitingRefusal":
        """Tell a row."""
        return cls(report_id=row.report_id, mine_id=row.mine_id, refusal_id=row.refusal_id)


@strawberry.type(description="A task for officers on site, in words of whoever gives it.")
class CheckTask:
    """A task for officers on site."""

    uuid: UUID = strawberry.field(description="Its id.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    words: str = strawberry.field(description="What to look at.")
    ordered_at: datetime = strawberry.field(description="When it was given.")

    @identity
    def task_id(self) -> strawberry.ID:
        return strawberry.ID(f"check-task-{self.uuid}")

    @classmethod
    def of(cls, row: TaskRow) -> "CheckTask":
        """Tell a row."""
        return cls(uuid=row.id, mine_id=row.mine_id, words=row.words, ordered_at=row.ordered_at)


@strawberry.type(description="Somebody's post or workplace began or ended. It says of nobody that he reported.")
class PostChangeAtMine:
    """Somebody's post or workplace began or ended."""

    person_id: UUID = strawberry.field(description="The person.")
    name: str = strawberry.field(description="The name.")
    what: str = strawberry.field(description="The kind of the post, or the workplace.")
    began: date | None = strawberry.field(description="Since when, if it began in that time.")
    ended: date | None = strawberry.field(description="Until when, if it ended in that time.")
    recorded_at: datetime = strawberry.field(description="When the mine said so.")

    @identity
    def change_id(self) -> strawberry.ID:
        return value_id("post-change", self.person_id, self.what, self.began, self.ended)

    @classmethod
    def of(cls, row: PostChange) -> "PostChangeAtMine":
        """Tell a row."""
        return cls(
            person_id=row.person_id, name=row.name, what=row.what, began=row.began, ended=row.ended,
            recorded_at=row.recorded_at,
        )  # fmt: skip


@strawberry.input(description="A condition in plain, as you take it from a message that is open before you.")
class ConditionInput:
    """A condition in plain."""

    mine_id: UUID = strawberry.field(description="The mine of the report.")
    day: date = strawberry.field(description="The day in Asia/Shanghai.")
    shift: ShiftKind = strawberry.field(description="The shift.")
    place: str = strawberry.field(default="", description="The place; or name the workplace.")
    workplace_id: UUID | None = strawberry.field(default=None, description="The workplace of the register.")
    since: date | None = strawberry.field(default=None, description="Since when it is so; else the day.")
    clause: str = strawberry.field(default="", description="The clause that is not met, in words.")
    clause_key: str = strawberry.field(default="", description="The key of that clause.")
    danger: DangerKind | None = strawberry.field(default=None, description="The danger.")

    def condition(self) -> Condition:
        """The condition as storage takes it."""
        return Condition(
            mine_id=self.mine_id, day=self.day, shift=self.shift, place=self.place, workplace_id=self.workplace_id,
            since=self.since or self.day, clause=self.clause, clause_key=self.clause_key, danger=self.danger,
        )  # fmt: skip


@strawberry.input(description="What is done about a report that waits.")
class OrderLaterCheckInput:
    """What is done about a report that waits."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    report_id: UUID = strawberry.field(description="The report.")
    words: str = strawberry.field(default="", description="The task in your words: nothing that leads to the report.")
    sooner: bool = strawberry.field(default=False, description="Sooner than the reporter chose, and openly.")
    danger: str = strawberry.field(default="", description="Sooner: the danger to life, which the reporter reads.")
    condition: ConditionInput | None = strawberry.field(default=None, description="Sooner: what is refused.")

    def later(self) -> Later:
        """The act as storage takes it."""
        return Later(
            id=self.id, report_id=self.report_id, words=self.words, sooner=self.sooner, danger=self.danger,
            condition=self.condition.condition() if self.condition else None,
        )  # fmt: skip


@strawberry.type(description="What came of ordering a later check.")
class OrderLaterCheckPayload:
    """What came of ordering a later check."""

    waiting: WaitingRefusal | None = strawberry.field(default=None, description="The report as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type
class FollowingQuery:
    """Reading what waits, tasks, and changes of posts."""

    @query(
        access=needs(Verb.REFUSAL_FOLLOW),
        description="The reports that wait for a routine check, in the order of their random ids, 100 at most.",
    )
    async def waiting_refusals(self, info: Info, behind: Behind = None) -> list[WaitingRefusal] | None:
        actor = info.context.signed_in().seeing(Verb.REFUSAL_FOLLOW)
        async with info.context.database.reading(actor) as sql:
            return [WaitingRefusal.of(row) for row in await following.waiting(sql, limit=MOST_WAITING, behind=behind)]

    @query(access=needs(Verb.REFUSAL_READ), description="Tasks for officers on site within your reach, newest first.")
    async def check_tasks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CheckTask] | None:
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.REFUSAL_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await following.tasks_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )  # fmt: skip
        return pages.connection(rows, page, node=CheckTask.of, key=lambda row: (row.ordered_at, row.id))

    @query(
        access=needs(Verb.REFUSAL_FOLLOW),
        description="Whose post or workplace changed at a mine of which somebody reported, of all its people.",
    )
    async def post_changes(self, info: Info, mine_id: OfMine) -> list[PostChangeAtMine] | None:
        today = day_of(info.context.now())
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.REFUSAL_FOLLOW)) as sql:
            law = await provisions.law_of(sql)
            rows = await following.post_changes(sql, mine_id=mine_id, today=today, law=law)
        return [PostChangeAtMine.of(row) for row in rows]


@strawberry.type
class FollowingMutation:
    """Acts on what waits."""

    @mutation(
        access=needs(Verb.REFUSAL_FOLLOW),
        description="Give a task for a routine check; or, for danger to life, refuse the place openly and at once.",
    )
    async def order_later_check(
        self, info: Info, input: Annotated[OrderLaterCheckInput, strawberry.argument(description="What is done.")]
    ) -> OrderLaterCheckPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), checking.order_later_check, later=input.later()
        )
        return OrderLaterCheckPayload(waiting=WaitingRefusal.of(row))


AREA = Area(query=FollowingQuery, mutation=FollowingMutation)
