"""What may live here: rewards in GraphQL: what a report is worth by law, who decides it, what was claimed and paid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation, query
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.scalars import Money
from storage.miners.rewards import operations, queries
from storage.miners.rewards.queries import RewardRow
from storage.miners.rewards.rules import ARTICLE
from storage.miners.rewards.tables import Payout, RewardGrade, RewardState
from storage.record.actor import Verb
from storage.record.work import perform

InState = Annotated[RewardState | None, strawberry.argument(description="Only those in this state.")]


@strawberry.type(description="A reward, reckoned from the fine of the case; it says of nobody that he reported.")
class Reward:
    """A reward."""

    uuid: UUID = strawberry.field(description="Its id.")
    report_id: UUID = strawberry.field(description="The report.")
    case_id: UUID = strawberry.field(description="The case that it led to.")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    grade: RewardGrade = strawberry.field(description="The grade.")
    fine: Money = strawberry.field(description="The fine of the case when it was proposed, in fen.")
    percent: int = strawberry.field(description="The share of the fine that the law gives.")
    sharers: int = strawberry.field(description="How many were first in the same hour, and share equally.")
    amount: Money = strawberry.field(description="What is paid, in fen.")
    article: str = strawberry.field(description="The texts that give it.")
    state: RewardState = strawberry.field(description="Where it stands.")
    proposed_by: UUID = strawberry.field(description="The account that proposed it.")
    proposed_at: datetime = strawberry.field(description="When.")
    decided_by: UUID | None = strawberry.field(description="The head who decided it.")
    decided_at: datetime | None = strawberry.field(description="When.")
    words: str | None = strawberry.field(description="Why it was decided so.")
    payout: Payout | None = strawberry.field(description="How the reporter wants it.")
    payee: str | None = strawberry.field(description="His words for the payer; of an account they are encrypted.")
    claimed_hour: datetime | None = strawberry.field(description="The hour in which he claimed it.")
    paid_by: UUID | None = strawberry.field(description="The account that paid it.")
    paid_at: datetime | None = strawberry.field(description="When.")
    paid_how: str | None = strawberry.field(description="The number of the transfer, the counter.")

    @identity
    def reward_id(self) -> strawberry.ID:
        return strawberry.ID(f"reward-{self.uuid}")

    @classmethod
    def of(cls, row: RewardRow) -> "Reward":
        """Tell a row."""
        same = (
            "report_id", "case_id", "mine_id", "grade", "percent", "sharers", "state", "proposed_by", "proposed_at",
            "decided_by", "decided_at", "words", "payout", "payee", "claimed_hour", "paid_by", "paid_at", "paid_how",
        )  # fmt: skip
        told = {name: getattr(row, name) for name in same}
        return cls(uuid=row.id, fine=Money(row.fine), amount=Money(row.amount), article=ARTICLE, **told)


@strawberry.input(description="A report that led to a decided case is to be rewarded; the sum is reckoned here.")
class ProposeRewardInput:
    """A report is to be rewarded."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    report_id: UUID = strawberry.field(description="The report.")
    case_id: UUID = strawberry.field(description="The case.")
    grade: RewardGrade = strawberry.field(description="The grade of what was reported.")


@strawberry.type(description="What came of proposing a reward.")
class ProposeRewardPayload:
    """What came of proposing a reward."""

    reward: Reward | None = strawberry.field(default=None, description="The reward.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The decision on a reward.")
class DecideRewardInput:
    """The decision on a reward."""

    reward_id: UUID = strawberry.field(description="The UUID of the reward.")
    granted: bool = strawberry.field(description="Whether it is paid.")
    words: str = strawberry.field(description="Why, 4 to 500 characters.")


@strawberry.type(description="What came of deciding a reward.")
class DecideRewardPayload:
    """What came of deciding a reward."""

    reward: Reward | None = strawberry.field(default=None, description="The reward.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A reward was paid.")
class PayRewardInput:
    """A reward was paid."""

    reward_id: UUID = strawberry.field(description="The UUID of the reward.")
    how: str = strawberry.field(description="The number of the transfer, or the counter; 4 to 500 characters.")


@strawberry.type(description="What came of paying a reward.")
class PayRewardPayload:
    """What came of paying a reward."""

    reward: Reward | None = strawberry.field(default=None, description="The reward.")
    problem: Problem | None = problem_field()


@strawberry.type
class RewardQuery:
    """Reading rewards."""

    @query(access=needs(Verb.REWARD_READ), description="Rewards within your reach, newest first.")
    async def rewards(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        state: InState = None,
    ) -> Connection[Reward] | None:  # fmt: skip
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.REWARD_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.rewards_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, state=state
            )  # fmt: skip
        return pages.connection(rows, page, node=Reward.of, key=lambda row: (row.proposed_at, row.id))


@strawberry.type
class RewardMutation:
    """Acts on rewards."""

    @mutation(access=needs(Verb.REWARD_PROPOSE), description="Propose what the law gives for a report, once per case.")
    async def propose_reward(
        self, info: Info, input: Annotated[ProposeRewardInput, strawberry.argument(description="The report.")]
    ) -> ProposeRewardPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.propose_reward, id=input.id,
            report_id=input.report_id, case_id=input.case_id, grade=input.grade,
        )  # fmt: skip
        return ProposeRewardPayload(reward=Reward.of(row))

    @mutation(access=needs(Verb.REWARD_DECIDE), description="Decide on a reward that another proposed.")
    async def decide_reward(
        self, info: Info, input: Annotated[DecideRewardInput, strawberry.argument(description="The decision.")]
    ) -> DecideRewardPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.decide_reward, reward_id=input.reward_id,
            granted=input.granted, words=input.words,
        )  # fmt: skip
        return DecideRewardPayload(reward=Reward.of(row))

    @mutation(access=needs(Verb.REWARD_PAY), description="Say that a claimed reward was paid, and how.")
    async def pay_reward(
        self, info: Info, input: Annotated[PayRewardInput, strawberry.argument(description="The payment.")]
    ) -> PayRewardPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.pay_reward, reward_id=input.reward_id,
            how=input.how,
        )  # fmt: skip
        return PayRewardPayload(reward=Reward.of(row))


AREA = Area(query=RewardQuery, mutation=RewardMutation)
