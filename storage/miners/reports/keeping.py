"""Keys of recipients and custodians: kept in three shares, replaced when lost, recovered by two of three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from storage.miners.reports import reading, rules
from storage.miners.reports.operations import key_id
from storage.miners.reports.tables import (
    KeyHalf,
    ReportKey,
    ReportKeyBox,
    ReportKeyRecovery,
    ReportKeyShare,
)
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import hour_of
from storage.record.ledger.proofs.reports import kept, wraps
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work

SHARE_SIZE = wraps.SHARE_SIZE + wraps.OVERHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of three shares, wrapped for one custodian's key."""

    number: int
    custodian_key_id: UUID
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrap:
    """What is wrapped again: of which message, for which key, which part of its key."""

    message_id: UUID
    key_id: UUID
    half: KeyHalf
    wrapped: bytes


async def keep_key(work: Work, *, public_key: bytes, sealed: bytes, shares: Sequence[Share] = ()) -> ReportKey:
    """Keeps the public half of a key that its owner's client made, and the private one as only he can open it.

    The one before it ends. A recipient's comes in three shares for three custodians; a custodian's own in none.
    The same key again is the same act. Raises NotAllowed, BadInput, KeyNotYours.
    """
    work.actor.require(Verb.REPORT_KEY_ENROL)
    if len(sealed) != kept.SIZE:
        raise BadInput(field="sealed", reason=f"{kept.SIZE} bytes")
    rules.must_be_box_key(public_key, field="publicKey")
    await _must_be_shared(work, shares)
    id, before = key_id(public_key), await reading.key_in_use(work.sql, work.actor.account_id)
    if before is not None and before["id"] == id:
        return ReportKey(id=id, account_id=work.actor.account_id, public_key=public_key, hour=before["hour"])
    hour = hour_of(work.now)
    if before is not None:
        await work.sql.execute("UPDATE report_keys SET ended_hour = $2 WHERE id = $1", before["id"], hour)
    key = ReportKey(
        id=id, account_id=work.actor.account_id, public_key=public_key, hour=hour,
        replaces=None if before is None else before["id"],
    )  # fmt: skip
    await add_rows(work.sql, [key])
    await add_rows(work.sql, [ReportKeyBox(key_id=id, account_id=work.actor.account_id, sealed=sealed)])
    await add_rows(work.sql, [
        ReportKeyShare(key_id=id, number=one.number, custodian_key_id=one.custodian_key_id, wrapped=one.wrapped)
        for one in shares
    ])  # fmt: skip
    work.record("report_key.kept", id, data={"replaces": str(key.replaces)} if key.replaces else {})
    return key


async def rewrap_share(work: Work, *, key_id: UUID, number: int, new_key_id: UUID, wrapped: bytes) -> ReportKeyRecovery:
    """A custodian wraps his share of a lost key for the one that took its place. Again is the same act.

    Raises NotAllowed, NotFound, BadInput.
    """
    work.actor.require(Verb.IDENTITY_RELEASE)
    if len(wrapped) != SHARE_SIZE:
        raise BadInput(field="wrapped", reason=f"{SHARE_SIZE} bytes")
    row = await work.sql.fetchrow(
        "SELECT n.id FROM report_key_shares s JOIN report_keys c ON c.id = s.custodian_key_id AND c.account_id = $4"
        " JOIN report_keys k ON k.id = s.key_id JOIN report_keys n ON n.id = $3 AND n.account_id = k.account_id"
        " AND n.ended_hour IS NULL AND n.account_id <> $4 WHERE s.key_id = $1 AND s.number = $2",
        key_id, number, new_key_id, work.actor.account_id,
    )  # fmt: skip
    if row is None:
        raise NotFound()
    recovery = ReportKeyRecovery(
        key_id=key_id, number=number, new_key_id=new_key_id, by_id=work.actor.account_id, wrapped=wrapped,
        hour=hour_of(work.now),
    )  # fmt: skip
    known = await work.sql.fetchval(
        "SELECT true FROM report_key_recoveries WHERE key_id = $1 AND number = $2 AND new_key_id = $3",
        key_id, number, new_key_id,
    )  # fmt: skip
    if not known:
        await add_rows(work.sql, [recovery])
        work.record("report_key.recovered", key_id, data={"for": str(new_key_id), "share": number})
    return recovery


async def rewrap_messages(work: Work, *, wraps: Sequence[Rewrap]) -> int:
    """Whoever recovered a lost key wraps what it opened for his new one. KeyNotYours for any other's."""
    work.actor.require(Verb.REPORT_KEY_ENROL)
    own = await reading.key_in_use(work.sql, work.actor.account_id)
    if own is None or any(one.key_id != own["id"] for one in wraps):
        raise rules.KeyNotYours()
    return await add_wraps(work, wraps)


async def add_wraps(work: Work, wraps: Sequence[Rewrap]) -> int:
    """Stores wraps of messages that the actor sees; those that stand already are left. Returns how many were new."""
    if any(len(one.wrapped) != rules.WRAP_SIZE for one in wraps):
        raise BadInput(field="wraps", reason=f"{rules.WRAP_SIZE} bytes each")
    messages = {one.message_id for one in wraps}
    seen = await work.sql.fetchval("SELECT count(*) FROM report_messages WHERE id = ANY ($1)", list(messages))
    if seen != len(messages):
        raise NotFound()
    columns = zip(*((one.message_id, one.key_id, one.half.value, one.wrapped) for one in wraps), strict=True)
    # What stands for others is not seen, so the database alone can say which are new.
    done = await work.sql.execute(
        "INSERT INTO report_wraps (message_id, key_id, half, wrapped) SELECT * FROM"
        " unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) ON CONFLICT DO NOTHING",
        *([list(column) for column in columns] or [[]] * 4),
    )  # fmt: skip
    return int(done.rsplit(" ", 1)[1])


def whole(wraps: Mapping[UUID, bytes], message_id: UUID) -> list[Rewrap]:
    """The wraps of one message's whole key."""
    return [
        Rewrap(message_id=message_id, key_id=key, half=KeyHalf.WHOLE, wrapped=wrapped) for key, wrapped in wraps.items()
    ]


async def _must_be_shared(work: Work, shares: Sequence[Share]) -> None:
    """Three shares for three other people's keys, or none where a custodian keeps his own key.

    Their roles stand above the owner's sight; whoever is no custodian can give no share back (`rewrap_share`).
    """
    if not shares:
        if not work.actor.may(Verb.IDENTITY_RELEASE):
            raise BadInput(field="shares", reason="3")
        return
    if sorted(one.number for one in shares) != [1, 2, 3] or any(len(one.wrapped) != SHARE_SIZE for one in shares):
        raise BadInput(field="shares", reason="3")
    found = await work.sql.fetchval(
        "SELECT count(DISTINCT account_id) FROM report_keys"
        " WHERE id = ANY ($1) AND ended_hour IS NULL AND account_id <> $2",
        [one.custodian_key_id for one in shares], work.actor.account_id,
    )  # fmt: skip
    if found != 3:
        raise rules.RecipientsChanged()
