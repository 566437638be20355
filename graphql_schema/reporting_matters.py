"""What may live here: what a reporter reads of his refusal, of revenge and of rewards, and how he claims one."""

from collections.abc import Awaitable
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import strawberry

from graphql_schema.reporting_types import ReporterProblem
from graphql_schema.scalars import Money
from storage.miners.refusals import following
from storage.miners.refusals.following import Told
from storage.miners.rewards import operations, queries
from storage.miners.rewards.queries import RewardRow
from storage.miners.rewards.rules import Claim
from storage.miners.rewards.tables import Payout, RewardState
from storage.record.actor import reporter
from storage.record.database import Database
from storage.record.work import perform
from storage.register.provisions import queries as provisions


@strawberry.type(description="A step of what your report made, joined or waits for. Nobody else's report is told.")
class OwnMatterStep:
    """A step of what a report made."""

    of: str = strawberry.field(description="REFUSAL, RETALIATION, or LATER while it waits for a routine check.")
    kind: str = strawberry.field(description="Which step; LATER: TASK_GIVEN, or SOONER for danger to life.")
    at: datetime = strawberry.field(description="When.")
    words: str = strawberry.field(description="What was said.")

    @classmethod
    def of_row(cls, row: Told) -> "OwnMatterStep":
        """Tell a step."""
        return cls(of=row.of, kind=row.kind, at=row.at, words=row.words)


@strawberry.type(description="A reward of your report. You claim it by signing with the claim key of your receipt.")
class OwnReward:
    """A reward of a report."""

    id: UUID = strawberry.field(description="What you sign: its id, in the message of the claim.")
    amount: Money = strawberry.field(description="What you sign: the sum in fen.")
    state: RewardState = strawberry.field(description="Where it stands.")
    words: str | None = strawberry.field(description="Why it was decided so.")
    payout: Payout | None = strawberry.field(description="How you asked to be paid.")
    paid_how: str | None = strawberry.field(description="How it was paid.")

    @classmethod
    def of(cls, row: RewardRow) -> "OwnReward":
        """Tell a reward."""
        return cls(
            id=row.id, amount=Money(row.amount), state=row.state, words=row.words, payout=row.payout,
            paid_how=row.paid_how,
        )  # fmt: skip


@strawberry.type(description="What became of your refusal or report of revenge, and what it is worth.")
class OwnMatters:
    """What became of it."""

    steps: list[OwnMatterStep] = strawberry.field(description="Every step, the oldest first.")
    asked_on: list[date] = strawberry.field(description="The days on which you are asked how you fare.")
    rewards: list[OwnReward] = strawberry.field(description="Rewards, the oldest first.")


@strawberry.type(description="What came of a claim.")
class Claimed:
    """What came of a claim."""

    reward: OwnReward | None = strawberry.field(default=None, description="The reward as it stands then.")
    problem: ReporterProblem | None = strawberry.field(
        default=None, description="What stood against it; then all else is null."
    )


@strawberry.input(description="How you are paid: in cash at a counter that you name, or to an account.")
class ClaimInput:
    """A claim."""

    reward_id: UUID = strawberry.field(description="The reward.")
    payout: Payout = strawberry.field(description="CASH or ACCOUNT.")
    payee: str = strawberry.field(description="The counter in words; the account encrypted for the payer, base64url.")
    signature: str = strawberry.field(description="Of the claim key, base64url.")


class _Clocked(Protocol):
    @property
    def database(self) -> Database: ...

    @property
    def clock(self) -> Any: ...


async def matters_of(database: Database, report_id: UUID) -> OwnMatters:
    """What became of a report, for whoever opened it by its receipt; four statements."""
    async with database.reading(reporter(report_id)) as sql:
        steps = await following.steps_of(sql, report_id)
        asked = await following.follow_ups_of(sql, await provisions.law_of(sql), report_id)
        rows = await queries.rewards_of(sql, report_id)
    return OwnMatters(
        steps=[OwnMatterStep.of_row(one) for one in steps], asked_on=list(asked),
        rewards=[OwnReward.of(row) for row in rows],
    )  # fmt: skip


def claim_of(context: _Clocked, report_id: UUID, input: ClaimInput, signature: bytes) -> Awaitable[RewardRow]:
    """The claim of whoever has the receipt."""
    claim = Claim(reward_id=input.reward_id, payout=input.payout, payee=input.payee, signature=signature)
    return perform(context.database, reporter(report_id), context.clock(), operations.claim_reward, claim=claim)
