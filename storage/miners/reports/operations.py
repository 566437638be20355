"""What a reporter's client does: reserving a locator, sending files, filing, logging in, answering. No `acts` row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import orjson

from storage.miners.refusals.conditions import must_be_a_condition
from storage.miners.reports import queries, receipts, rules
from storage.miners.reports.conditions import condition_of
from storage.miners.reports.queries import Begun
from storage.miners.reports.receipts import Counter, Place
from storage.miners.reports.tables import KeyHalf, ReceiptForm, ReportChannel, ReportKind, ReportMode, ReportWhen
from storage.record.actor import Actor, Verb
from storage.record.clock import day_of, to_ms
from storage.record.ledger.proofs.reports.receipts import make_locator
from storage.record.problems import BadInput, TryAgain
from storage.record.work import Work, input_digest

_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One encrypted message: padded content, its key wrapped for each who may read it, the files that it names."""

    id: UUID
    ciphertext: bytes
    wraps: Mapping[UUID, bytes]
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Name and contact in a box of their own, whose key is split: a for custodians, b for verification officers."""

    id: UUID
    ciphertext: bytes
    halves_a: Mapping[UUID, bytes]
    halves_b: Mapping[UUID, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a report says of itself in plain, and the public halves that its receipt gives."""

    kind: ReportKind
    mode: ReportMode
    acted_on: ReportWhen
    mine_id: UUID
    box_key: bytes
    login_key: bytes
    claim_key: bytes
    condition: str | None = None
    identity: Identity | None = None
    danger_to_life: bool = False
    channel: ReportChannel = ReportChannel.SELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """That an envelope waits, or went on at its hour already; the same answer for the same bytes."""

    message_id: UUID
    urgent: bool = field(default=False)


async def begin_report(
    work: Work, *, counter: Counter, form: ReceiptForm, bits: int, draw: Callable[[], str]
) -> tuple[Place, bytes]:
    """A locator that nothing stands under, kept for two hours by a keyed hash alone; no row."""
    for _ in range(_TRIES):
        place = Place(form, draw())
        if await queries.is_free(work.sql, place):
            return place, counter.reserve(place, now=to_ms(work.now) // 1000, bits=bits)
    raise rules.ReservationOver()


async def send_file(work: Work, *, place: Place, message_id: UUID, id: UUID, body: bytes) -> None:
    """Keeps the encrypted frames of a file for the message that will name it; the same bytes again are the same act.

    Raises MessageTooLarge, FileUnfit.
    """
    frames = rules.must_be_frames(body)
    sent = await queries.files_sent(work.sql, place, message_id)
    if id not in sent:
        went_on_with = await queries.message_of_file(work.sql, id)
        if went_on_with == message_id:  # Its batch came before the answer was heard: it lies in the store.
            return
        if went_on_with is not None:
            raise rules.FileUnfit()
        rules.must_leave_room(sent=len(sent), waiting=await queries.files_waiting(work.sql, place))
    await work.sql.execute(
        "INSERT INTO filing_files (id, form, locator, message_id, frames, rounds, body)"
        " VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT DO NOTHING",
        id, place.form.value, place.locator, message_id, frames, body,
    )  # fmt: skip
    known = await work.sql.fetchval(
        "SELECT sha256(body) FROM filing_files WHERE id = $1 AND form = $2 AND locator = $3 AND message_id = $4",
        id, place.form.value, place.locator, message_id,
    )  # fmt: skip
    if known != sha256(body).digest():
        raise rules.FileUnfit()


async def file_report(
    work: Work, *, counter: Counter, reservation: bytes, nonce: str, opening: Opening, message: Message,
    taker: Actor | None = None,
) -> Filed:  # fmt: skip
    """Puts a report among the filings that wait. The same bytes under the same locator are the same answer.

    Raises ReservationOver, WorkNeeded, MessageIdReused, NobodyReceives, RecipientsChanged, NotWrappedForAll,
    MessageTooLarge, FileUnfit, BadInput, NotFound, NotAllowed.
    """
    place, bits = counter.reserved(reservation, now=to_ms(work.now) // 1000)
    receipts.must_have_worked(reservation, nonce, bits=bits)
    digest = input_digest(opening, message)
    urgent = rules.is_urgent(opening.kind, opening.acted_on, danger_to_life=opening.danger_to_life)
    known = await queries.begun_at(work.sql, place)
    if known is not None:
        _must_be_the_same(known, message.id, digest)
        return Filed(message_id=message.id, urgent=urgent)
    await queries.mine_exists(work.sql, opening.mine_id)
    _must_be_taken(opening, taker)
    await _must_be_whole(work, place, opening, message)
    identity = () if opening.identity is None else (opening.identity.id,)
    await _must_be_free(work, place, message.id, *identity)
    await _wait(
        work, place, opening, message, digest=digest, report_id=uuid4(), begins=True, urgent=urgent, worked=bits > 0,
        taken_by=None if taker is None else taker.account_id,
    )  # fmt: skip
    return Filed(message_id=message.id, urgent=urgent)


async def answer_report(work: Work, *, place: Place, begun: Begun, message: Message) -> Filed:
    """One more message of a thread, which waits for its hour as the first one did. The same bytes are the same answer.

    Raises MessageIdReused, RecipientsChanged, NotWrappedForAll, MessageTooLarge, FileUnfit, ReceiptNotKnown,
    TooManyTries.
    """
    digest = input_digest(message)
    known = await queries.message_known(work.sql, place, message.id)
    if known is not None:
        if known != digest:
            raise rules.MessageIdReused()
        return Filed(message_id=message.id)
    rules.must_be_few(*await queries.messages_counted(work.sql, place, begun.report_id))
    own = await queries.own_report(work.sql, place, begun.report_id, waits=begun.waits)
    competent = await queries.competent_for(work.sql, own["mine_id"], now=work.now)
    holders = {key.id for key in await queries.holders_now(work.sql, begun.report_id, now=work.now)}
    needed = (holders or competent.ids("intake")) | {key_id(own["box_key"])}
    rules.must_be_padded(message.ciphertext)
    rules.must_be_wrapped(
        message.wraps, needed=needed, known=needed | competent.ids("intake", "verification")
    )  # fmt: skip
    rules.must_be_files(message.files, await queries.files_sent(work.sql, place, message.id))
    kind, mode, acted_on = ReportKind(own["kind"]), ReportMode(own["mode"]), ReportWhen(own["acted_on"])
    opening = Opening(
        kind=kind, mode=mode, acted_on=acted_on, mine_id=own["mine_id"], box_key=own["box_key"],
        login_key=begun.login_key, claim_key=begun.claim_key,
    )  # fmt: skip
    await _must_be_free(work, place, message.id)
    await _wait(work, place, opening, message, digest=digest, report_id=begun.report_id)
    return Filed(message_id=message.id)


def key_id(public_key: bytes) -> UUID:
    """The first 16 bytes of a key's SHA-256 name it."""
    return UUID(bytes=sha256(public_key).digest()[:16])


def drawn_locator(form: ReceiptForm) -> str:
    """A locator at random: six digits, or two words of the list."""
    return make_locator(rules.LETTERS[form])


def _must_be_the_same(known: Begun, id: UUID, digest: bytes) -> None:
    if known.message_id != id:
        raise rules.ReservationOver()
    if known.digest != digest:
        raise rules.MessageIdReused()


def _must_be_taken(opening: Opening, taker: Actor | None) -> None:
    """What came by telephone or in person was taken by an officer who may; what he sends himself by nobody."""
    if (opening.channel is ReportChannel.SELF) is not (taker is None):
        raise BadInput(field="channel", reason="SELF without an officer's token, else with one")
    if taker is not None:
        taker.require(Verb.REPORT_TAKE)


async def _must_be_whole(work: Work, place: Place, opening: Opening, message: Message) -> None:
    rules.must_fit_together(
        opening.kind, opening.mode, opening.acted_on, condition=opening.condition is not None,
        identity=opening.identity is not None,
    )  # fmt: skip
    if opening.condition is not None:
        must_be_a_condition(condition_of(opening.condition, opening.mine_id), today=day_of(work.now))
    rules.must_be_keys(box=opening.box_key, login=opening.login_key, claim=opening.claim_key)
    competent = await queries.competent_for(work.sql, opening.mine_id, now=work.now)
    if not competent.intake:
        raise rules.NobodyReceives()
    needed = competent.ids("intake") | {key_id(opening.box_key)}
    rules.must_be_padded(message.ciphertext)
    rules.must_be_wrapped(message.wraps, needed=needed, known=needed)
    rules.must_be_files(message.files, await queries.files_sent(work.sql, place, message.id))
    if opening.identity is not None:
        custodians, officers = competent.ids("custodians"), competent.ids("verification")
        if not custodians or not officers:
            raise rules.NobodyReceives()
        rules.must_be_padded(opening.identity.ciphertext)
        rules.must_be_wrapped(opening.identity.halves_a, needed=custodians, known=custodians)
        rules.must_be_wrapped(opening.identity.halves_b, needed=officers, known=officers)


async def _must_be_free(work: Work, place: Place, *ids: UUID) -> None:
    """Ids that no other message or identity has; else MessageIdReused: two under one id could not both be read."""
    if len(set(ids)) != len(ids) or await queries.ids_are_taken(work.sql, place, ids):
        raise rules.MessageIdReused()


async def _wait(
    work: Work, place: Place, opening: Opening, message: Message, *, digest: bytes, report_id: UUID,
    begins: bool = False, urgent: bool = False, worked: bool = False, taken_by: UUID | None = None,
) -> None:  # fmt: skip
    """Puts an envelope among those that wait; a twin of the same moment finds it there."""
    identity = opening.identity if begins else None
    halves = [] if identity is None else [
        *_told(identity.halves_a, KeyHalf.A), *_told(identity.halves_b, KeyHalf.B),
    ]  # fmt: skip
    values: dict[str, Any] = {
        "form": place.form.value, "locator": place.locator, "id": message.id, "report_id": report_id,
        "begins": begins, "urgent": urgent, "worked": worked, "kind": opening.kind.value, "mode": opening.mode.value,
        "acted_on": opening.acted_on.value, "channel": opening.channel.value, "taken_by": taken_by,
        "mine_id": opening.mine_id, "condition": opening.condition, "danger_to_life": opening.danger_to_life,
        "box_key": opening.box_key, "login_key": opening.login_key, "claim_key": opening.claim_key, "digest": digest,
        "ciphertext": message.ciphertext, "wraps": _listed(_told(message.wraps, KeyHalf.WHOLE)),
        "identity": None if identity is None else identity.ciphertext,
        "identity_id": None if identity is None else identity.id, "halves": _listed(halves),
        "files": list(message.files), "failed": 0,
    }  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    done = await work.sql.execute(
        f"INSERT INTO filings ({', '.join(values)}) VALUES ({places}) ON CONFLICT (form, locator, id) DO NOTHING",
        *values.values(),
    )
    if done.endswith(" 0"):  # A twin was there first; asked again, it is told whether its bytes are the same.
        raise TryAgain()


def _told(wraps: Mapping[UUID, bytes], half: KeyHalf) -> list[dict[str, str]]:
    return [{"key": key.hex, "half": half.value, "wrapped": wrapped.hex()} for key, wrapped in sorted(wraps.items())]


def _listed(wraps: list[dict[str, str]]) -> str:
    return orjson.dumps(wraps).decode()
