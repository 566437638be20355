"""The acts on deliveries: keeping and closing an address, taking sends, and keeping what came of an attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from storage.alerts.deliveries import queries, rules
from storage.alerts.deliveries.rules import Taken, Target
from storage.alerts.deliveries.tables import Address, Delivery, DeliveryOutcome
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.work import Work

AT_ONCE = 50
_SETTLE = """
UPDATE sends s SET
  state = CASE WHEN t.retry_at IS NULL THEN t.state ELSE 'WAITING' END,
  settled_at = CASE WHEN t.retry_at IS NULL THEN $4::timestamptz END,
  due_at = coalesce(t.retry_at, s.due_at), leased_until = NULL
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS t(id, state, retry_at)
WHERE s.id = t.id AND s.state = 'WAITING'
"""
_CLOSE = """
UPDATE addresses SET closed_at = $2, closed_for = 'GONE' WHERE id = ANY ($1) AND closed_at IS NULL
RETURNING id, account_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one attempt at one address. `retry_after`: how long the service asked to be left alone."""

    send: Taken
    outcome: DeliveryOutcome
    detail: str
    begun_at: datetime
    ended_at: datetime
    address_id: UUID | None = None
    retry_after: timedelta | None = None


async def keep_address(work: Work, *, id: UUID, target: Target) -> Address:
    """A way to reach the actor; the same again is the same answer. BadInput, AddressNotReachable, TooManyAddresses.

    The entry says the channel alone: numbers and tokens stay out of the record that is never erased.
    """
    work.actor.require(Verb.ADDRESS_KEEP)
    rules.must_be_a_target(target)
    own = await queries.addresses_of(work.sql, work.actor.account_id)
    for one in own:
        if (one.channel, one.target) == (target.channel, target.target):
            return one
    if len(own) >= rules.MOST_ADDRESSES:
        raise rules.TooManyAddresses(most=rules.MOST_ADDRESSES)
    address = Address(
        id=id, account_id=work.actor.account_id, channel=target.channel, service=target.service, target=target.target,
        secret=target.secret, kept_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [address])
    work.record("address.kept", id, data={"channel": target.channel.value})
    return address


async def close_address(work: Work, *, address_id: UUID) -> Address:
    """The actor is not reached there any more; again is the same act. NotFound."""
    work.actor.require(Verb.ADDRESS_KEEP)
    address = await queries.address_to_close(work, address_id)
    if address.closed_at is None:
        address.closed_at, address.closed_for = work.now, "OWNER"
        await change_rows(work.sql, [address], "closed_at", "closed_for")
        work.record("address.closed", address.id, data={"for": "OWNER"})
    return address


async def take_sends(work: Work, *, limit: int = AT_ONCE) -> list[Taken]:
    """What is to be sent now, held for this worker; what became needless is settled."""
    return await queries.sends_to_take(work, limit=limit, lease=rules.LEASE)


async def record_attempts(work: Work, *, attempts: Sequence[Attempt]) -> None:
    """Keeps each attempt, and settles each send that was handed on or is given up; an address that is gone is closed.

    A send whose every address failed is tried again after its wait; one accepted address is enough.
    """
    await add_rows(work.sql, [_row(one) for one in attempts])
    by_send: dict[UUID, list[Attempt]] = {}
    for one in attempts:
        by_send.setdefault(one.send.id, []).append(one)
    settled = [_settled(found, now=work.now) for found in by_send.values()]
    await work.sql.execute(
        _SETTLE, list(by_send), [state for state, _ in settled], [retry_at for _, retry_at in settled], work.now
    )
    gone = [one.address_id for one in attempts if one.outcome is DeliveryOutcome.GONE and one.address_id is not None]
    for row in await work.sql.fetch(_CLOSE, gone, work.now) if gone else []:
        work.record("address.closed", row["id"], data={"for": "GONE"})


def _settled(attempts: Sequence[Attempt], *, now: datetime) -> tuple[str, datetime | None]:
    """The state that a send gets, or when it is tried again."""
    if any(one.outcome is DeliveryOutcome.ACCEPTED for one in attempts):
        return "HANDED_ON", None
    if all(one.outcome in _FINAL for one in attempts):
        return "FAILED", None
    asked = max((one.retry_after for one in attempts if one.retry_after is not None), default=None)
    wait = rules.retry_after(attempts[0].send.attempt, asked)
    return ("FAILED", None) if wait is None else ("WAITING", now + wait)


_FINAL = frozenset(
    {DeliveryOutcome.GONE, DeliveryOutcome.NO_ADDRESS, DeliveryOutcome.NO_CHANNEL, DeliveryOutcome.REFUSED}
)


def _row(attempt: Attempt) -> Delivery:
    return Delivery(
        id=ids.new_id(), send_id=attempt.send.id, attempt=attempt.send.attempt, address_id=attempt.address_id,
        outcome=attempt.outcome, detail=attempt.detail[:200], begun_at=attempt.begun_at, ended_at=attempt.ended_at,
    )  # fmt: skip
