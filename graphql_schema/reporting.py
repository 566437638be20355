"""What may live here: the reporters' own Query and Mutation, a schema apart: no account, no id of a request, no log."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar
from uuid import UUID

import orjson
import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_schema.context import Tongue
from graphql_schema.reporting_matters import Claimed, ClaimInput, OwnMatters, OwnReward, claim_of, matters_of
from graphql_schema.reporting_types import (
    Begun,
    Filed,
    FilingInput,
    Guess,
    LoggedIn,
    MessageInput,
    MineChoice,
    OwnClock,
    OwnIdentityRequest,
    OwnMessage,
    OwnReport,
    OwnStep,
    Recipients,
    ReporterProblem,
    ReportKey,
    WrapInput,
)
from graphql_schema.scalars import SCALARS, read_base64, write_base64
from storage.miners.reports import batching, operations, queries, rules
from storage.miners.reports.operations import Filed as FiledMessage
from storage.miners.reports.operations import Identity, Message, Opening
from storage.miners.reports.queries import Begun as Standing
from storage.miners.reports.receipts import Counter, Place
from storage.miners.reports.tables import ReceiptForm, ReportKind, ReportMode, ReportStepKind, ReportWhen
from storage.record.actor import Actor, reporter
from storage.record.clock import day_of, minute_of, to_ms
from storage.record.database import Database
from storage.record.glossary import articles
from storage.record.ledger.proofs.reports import messages
from storage.record.problems import BadInput, Problem
from storage.record.work import perform
from storage.register.provisions import queries as provisions

CONTRACT: Final = Path(__file__).with_name("reporting.graphql")
LONGEST_BYTES: Final = messages.ENCRYPTED_SIZES[-1] * 4 // 3 + 4
T = TypeVar("T")


class Guard(Protocol):
    """Who counts tries, in memory alone."""

    def take(self, what: str) -> None:
        """One more try of whoever asks; TooManyTries over the bound."""

    def bits(self, waiting: int) -> int:
        """How much work is asked for now."""

    async def on_the_tick(self, act: Awaitable[T]) -> T:
        """What came of an act, told on the next tick of a clock that began with it: what it took says nothing."""


@dataclass(slots=True, eq=False)
class Reporting:
    """One request of a reporter. Nothing in it says from where it came."""

    database: Database
    clock: Callable[[], datetime]
    counter: Counter
    guard: Guard
    draw: Callable[[ReceiptForm], str]
    officer: Actor | None = None
    language: Tongue = "zh"
    told: list[str] = field(default_factory=list)
    incident: Callable[[BaseException], None] | None = None
    actor: None = None
    request_id: str = ""

    def seconds(self) -> int:
        """The time in whole seconds."""
        return to_ms(self.clock()) // 1000


Info: TypeAlias = strawberry.Info[Reporting, None]


def _field(description: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare a root field; all are open to all, since nobody signs in here."""
    return lambda resolver: strawberry.field(resolver=resolver, description=description)


@strawberry.type(description="What a reporter may look up.")
class Query:
    """What a reporter may look up."""

    @_field("Mines by name, code or county, at most 20.")
    async def mines(self, info: Info, search: str) -> list[MineChoice]:
        async with info.context.database.reading(reporter()) as sql:
            rows = await queries.mines_named(sql, search[:40])
        return [MineChoice(id=r["id"], name=r["name"], county=r["county"], county_name=r["county_name"]) for r in rows]

    @_field("Who is competent: keys to wrap for.")
    async def recipients(self, info: Info, mine_id: UUID) -> Recipients:
        async with info.context.database.reading(reporter()) as sql:
            found = await queries.competent_for(sql, mine_id, now=info.context.clock())
        told = {name: [ReportKey.of(key) for key in getattr(found, name)] for name in queries.Competent.__annotations__}
        return Recipients(**told)

    @_field("How many could be guessed: people registered there, never exactly below five.")
    async def could_guess(self, info: Info, mine_id: UUID, place: str | None = None) -> Guess:
        async with info.context.database.reading(reporter()) as sql:
            count = await queries.could_guess(sql, mine_id, place, on=day_of(info.context.clock()))
        number = ("不足五", "fewer than five") if count is None else (f"有{count}", str(count))
        return Guess(count=count, zh=f"登记在此的{number[0]}人。", en=f"Registered there: {number[1]}.")

    @_field("The salt of every locator, used or not.")
    async def salt(self, info: Info, form: ReceiptForm, locator: str) -> str:
        return write_base64(info.context.counter.salt(place_of(form, locator)))

    @_field("32 bytes to sign, for every locator, used or not.")
    async def challenge(self, info: Info, form: ReceiptForm, locator: str) -> str:
        context = info.context
        return write_base64(context.counter.challenge(place_of(form, locator), now=context.seconds()))

    @_field("What became of it; with the token of `logIn`.")
    async def report(self, info: Info, token: str) -> OwnReport | None:
        place = info.context.counter.signed_in(_bytes(token, "token"), now=info.context.seconds())
        return await own_report(info.context, place)

    @_field("What became of a refusal or of revenge, and rewards; with the token of `logIn`.")
    async def matters(self, info: Info, token: str) -> OwnMatters | None:
        place = info.context.counter.signed_in(_bytes(token, "token"), now=info.context.seconds())
        return await matters_of(info.context.database, (await standing_at(info.context.database, place)).report_id)


@strawberry.type(description="What a reporter may do.")
class Mutation:
    """What a reporter may do."""

    @_field("Keeps a locator for two hours.")
    async def begin(self, info: Info, form: ReceiptForm) -> Begun:
        return await _telling(info, Begun, lambda: begin(info.context, form))

    @_field("Files a report.")
    async def file(self, info: Info, input: FilingInput) -> Filed:
        return await _telling(info, Filed, lambda: file(info.context, input))

    @_field("Opens a thread with a signed challenge.")
    async def log_in(
        self, info: Info, form: ReceiptForm, locator: str, challenge: str, signature: str
    ) -> LoggedIn:  # fmt: skip
        acting = _telling(info, LoggedIn, lambda: log_in(info.context, form, locator, challenge, signature))
        return await info.context.guard.on_the_tick(acting)

    @_field("One more message of a thread.")
    async def answer(self, info: Info, token: str, message: MessageInput) -> Filed:
        return await _telling(info, Filed, lambda: answer(info.context, token, message))

    @_field("Claims a reward, signed with the claim key.")
    async def claim(self, info: Info, token: str, input: ClaimInput) -> Claimed:
        return await _telling(info, Claimed, lambda: claim(info.context, token, input))


async def begin(context: Reporting, form: ReceiptForm) -> Begun:
    """Draw a locator that is free."""
    context.guard.take("begin")
    async with context.database.reading(reporter()) as sql:
        bits = context.guard.bits(await queries.waiting(sql, most=batching.AT_ONCE))
    place, reservation = await perform(
        context.database, reporter(), context.clock(), operations.begin_report, counter=context.counter, form=form,
        bits=bits, draw=lambda: context.draw(form),
    )  # fmt: skip
    salt = write_base64(context.counter.salt(place))
    return Begun(locator=place.locator, reservation=write_base64(reservation), salt=salt, bits=bits)


async def file(context: Reporting, input: FilingInput) -> Filed:
    """File what the client made."""
    identity = None if input.identity is None else Identity(
        id=input.identity.id, ciphertext=_bytes(input.identity.ciphertext, "identity"),
        halves_a=_wraps(input.identity.halves_a), halves_b=_wraps(input.identity.halves_b),
    )  # fmt: skip
    opening = Opening(
        kind=input.kind, mode=input.mode, acted_on=input.when, mine_id=input.mine_id, identity=identity,
        box_key=_bytes(input.box_key, "boxKey"), login_key=_bytes(input.login_key, "loginKey"),
        claim_key=_bytes(input.claim_key, "claimKey"), condition=input.condition, danger_to_life=input.danger_to_life,
        channel=input.channel,
    )  # fmt: skip
    reservation = _bytes(input.reservation, "reservation")
    place, _ = context.counter.reserved(reservation, now=context.seconds())
    done = await perform(
        context.database, reporter(place=str(place)), context.clock(), operations.file_report, counter=context.counter,
        reservation=reservation, nonce=input.nonce, opening=opening,
        message=_message(input.message), taker=context.officer,
    )  # fmt: skip
    return _filed(context, done)


async def log_in(context: Reporting, form: ReceiptForm, locator: str, challenge: str, signature: str) -> LoggedIn:
    """One path for every locator: one query, one check of a signature, one answer."""
    context.guard.take("logIn")
    place, now = place_of(form, locator), context.seconds()
    told, signed = _bytes(challenge, "challenge"), _bytes(signature, "signature")
    async with context.database.reading(reporter(place=str(place))) as sql:
        begun = await queries.begun_at(sql, place)
    context.counter.must_be_answered(place, told, signed, key=None if begun is None else begun.login_key, now=now)
    return LoggedIn(token=write_base64(context.counter.token(place, now=now)))


async def answer(context: Reporting, token: str, message: MessageInput) -> Filed:
    """One more message of the thread that the token opens."""
    place = context.counter.signed_in(_bytes(token, "token"), now=context.seconds())
    begun = await standing_at(context.database, place)
    done = await perform(
        context.database, reporter(begun.report_id, place=str(place)), context.clock(), operations.answer_report,
        place=place, begun=begun, message=_message(message),
    )  # fmt: skip
    return _filed(context, done)


async def claim(context: Reporting, token: str, input: ClaimInput) -> Claimed:
    """A reward of the report that the token opens."""
    place = context.counter.signed_in(_bytes(token, "token"), now=context.seconds())
    begun = await standing_at(context.database, place)
    row = await claim_of(context, begun.report_id, input, _bytes(input.signature, "signature"))
    return Claimed(reward=OwnReward.of(row))


async def standing_at(database: Database, place: Place) -> Standing:
    """What stands under a locator; ReceiptNotKnown for nothing."""
    async with database.reading(reporter(place=str(place))) as sql:
        return await queries.opened(sql, place)


async def own_report(context: Reporting, place: Place) -> OwnReport:
    """The report that a receipt opened, as its reporter is told of it."""
    begun, now = await standing_at(context.database, place), context.clock()
    async with context.database.reading(reporter(begun.report_id, place=str(place))) as sql:
        own = await queries.own_report(sql, place, begun.report_id, waits=begun.waits)
        rows = await queries.own_messages(sql, place, begun.report_id, operations.key_id(own["box_key"]))
        holders = await queries.holders_now(sql, begun.report_id, now=now)
        holders = holders or list((await queries.competent_for(sql, own["mine_id"], now=now)).intake)
        law = await provisions.law_of(sql)
    steps, clocks, requests = (orjson.loads(own[name]) for name in ("steps", "clocks", "requests"))
    return OwnReport(
        kind=ReportKind(own["kind"]), mode=ReportMode(own["mode"]), when=ReportWhen(own["acted_on"]),
        mine_id=own["mine_id"], hour=own["hour"], next_hour=batching.next_hour(now), state=ReportStepKind(own["state"]),
        steps=[OwnStep(kind=ReportStepKind(s["kind"]), hour=_moment(s["hour"]), article=s["article"],
                       article_en=s["article"] and articles.english(s["article"]), passed_to=s["passed_to"])
               for s in steps],
        clocks=[OwnClock(**(c | {"ends": date.fromisoformat(c["ends"]), "article_en": articles.english(c["article"])}))
                for c in clocks],
        asks=rules.asks_due(law, own["hour"], now=now),
        messages=[_own_message(row) for row in rows], recipients=[ReportKey.of(key) for key in holders],
        identity_requests=[
            OwnIdentityRequest(id=UUID(r["id"]), reason=r["reason"], hour=_moment(r["hour"]),
                               released=r["released"] and _moment(r["released"])) for r in requests
        ],
    )  # fmt: skip


def place_of(form: ReceiptForm, locator: str) -> Place:
    """A locator as it is compared; BadInput for what none can be, whether used or not."""
    return Place(form, rules.locator_of(form, locator))


async def _telling(info: Info, payload: Callable[..., T], act: Callable[[], Awaitable[T]]) -> T:
    try:
        return await act()
    except Problem as problem:
        info.context.told.append(problem.code)
        return payload(problem=ReporterProblem.of(problem))


def _own_message(row: Any) -> OwnMessage:
    return OwnMessage(
        id=row["id"], mine=row["author_id"] is None, hour=row["hour"], file_ids=row["files"],
        ciphertext=None if row["ciphertext"] is None else write_base64(row["ciphertext"]),
        wrap=None if row["wrapped"] is None else write_base64(row["wrapped"]),
    )  # fmt: skip


def _filed(context: Reporting, done: FiledMessage) -> Filed:
    now = context.clock()
    at = minute_of(now) + timedelta(minutes=1) if done.urgent else batching.next_hour(now)
    return Filed(message_id=done.message_id, next_hour=at)


def _message(input: MessageInput) -> Message:
    ciphertext = _bytes(input.ciphertext, "ciphertext")
    return Message(id=input.id, ciphertext=ciphertext, wraps=_wraps(input.wraps), files=tuple(input.file_ids))


def _wraps(wraps: Sequence[WrapInput]) -> dict[UUID, bytes]:
    try:
        return {UUID(hex=one.key_id): _bytes(one.bytes, "wraps") for one in wraps}
    except ValueError as error:
        raise BadInput(field="keyId", reason="32 hexadecimal digits") from error


def _bytes(text: str, name: str) -> bytes:
    return read_base64(text, name, LONGEST_BYTES)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def build() -> strawberry.Schema:
    """Build the reporters' schema."""
    return strawberry.Schema(query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=SCALARS))


def printed() -> str:
    """The contract."""
    return build().as_str().rstrip("\n") + "\n"


def main(arguments: Sequence[str]) -> int:
    """`--write` stores the contract, `--check` returns 1 when the stored one differs."""
    if list(arguments) == ["--write"]:
        CONTRACT.write_text(printed(), encoding="utf-8")
        return 0
    return int(not CONTRACT.exists() or CONTRACT.read_text(encoding="utf-8") != printed())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
