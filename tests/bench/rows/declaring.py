"""Declaring one at a time: the whole API against ACT, the bare SQL statements of one `declareEvidence`.

ACT replays, by bare asyncpg on as many connections as there are clients, exactly the statements that the operation
sends: their texts and arguments are taken from the operation itself, and the texts are held against those that a real
act was seen to send. Role, row policies and durability are the same; what ACT leaves out is everything but SQL.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg

from storage.field.evidence import operations
from storage.field.evidence.operations import Declared
from storage.record.database import Database, sight_of
from storage.record.work import Work, perform
from tests.bench import served, site, yardsticks
from tests.bench.client import AnswerRefused, Client, post
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.served import Api
from tests.bench.site import Officer

ROW = "declare one at a time, 8 clients"
CLIENTS = 8
ROUNDS = 7
SECONDS = 3.0
_DOCUMENT = """
mutation Declare($input: DeclareEvidenceInput!) {
  declareEvidence(input: $input) {
    items { uuid state known receipt upload { method url headers } problem { code message } }
    problem { code message }
  }
}
"""
_DECLARED = b'"state":"DECLARED"'

Act = Callable[[], Awaitable[None]]
Call = tuple[str, tuple[Any, ...]]


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Officers for both sides, so that no chain is shared, among two thousand others with twenty thousand chains."""
    await site.seed(sql, officers=2 * CLIENTS)
    await site.seed_others(sql, officers=2_000)


@dataclass(slots=True)
class _Listening:
    """Stands in a connection's place while an operation runs, and keeps what the operation would have sent."""

    officer: Officer
    chain: dict[str, Any]
    calls: list[Call] = field(default_factory=list)

    async def fetchrow(self, text: str, *arguments: Any) -> dict[str, Any]:
        """The chain as the database would tell it."""
        self.calls.append((text, arguments))
        return self.chain

    async def fetch(self, text: str, *arguments: Any) -> list[dict[str, Any]]:
        """Every candidate is placed: the ids of their entries come back."""
        self.calls.append((text, arguments))
        return [{"entry_id": entry} for entry in arguments[9]]

    async def execute(self, text: str, *arguments: Any) -> None:
        self.calls.append((text, arguments))


@dataclass(slots=True)
class _Bare:
    """ACT's side of one client: its connection, and the texts that a real act was seen to send."""

    officer: Officer
    sql: "asyncpg.Connection[Any]"
    texts: list[str]
    chain: dict[str, Any]

    async def prepare(self, count: int) -> Iterator[Act]:
        """So many acts, ready to be sent."""
        return iter([self._act(await self._calls(self.officer.declare_next(_now()))) for _ in range(count)])

    async def _calls(self, item: Declared) -> list[Call]:
        listening = _Listening(self.officer, self.chain)
        work = Work(actor=self.officer.actor, now=_now(), sql=listening, connection=None)  # type: ignore[arg-type] # It only listens.
        (piece,) = await _declare(work, self.officer, item)
        assert isinstance(piece, operations.Piece), piece
        await work.settle()
        self.chain |= {"last_seq": self.officer.chain.seq - 1, "last_hash": bytes.fromhex(self.officer.chain.prev)}
        texts = [self.texts[0], *(text for text, _ in listening.calls), self.texts[-1]]
        assert texts == self.texts, "ACT would send other statements than the product does"
        return [(self.texts[0], ()), *listening.calls, (self.texts[-1], ())]

    def _act(self, calls: list[Call]) -> Act:
        async def act() -> None:
            for text, arguments in calls:
                await (self.sql.fetch(text, *arguments) if arguments else self.sql.execute(text))

        return act


@dataclass(slots=True)
class _Phone:
    """The API's side of one client: its connection, kept for a round."""

    officer: Officer
    api: Api
    client: Client | None = None

    async def prepare(self, count: int) -> Iterator[Act]:
        """So many requests, signed and written out; the server closes connections that were idle for seconds."""
        self.close()
        self.client = await Client.connect(self.api.port)
        token = self.api.token(self.officer)
        return iter([self._act(self._request(self.officer.declare_next(_now()), token)) for _ in range(count)])

    def _request(self, item: Declared, token: str) -> bytes:
        told = {"id": str(item.id), "statement": _base64(item.statement), "signature": _base64(item.signature)}
        asked = {"recordingId": str(self.officer.recording_id), "deviceId": str(self.officer.device_id)}
        body = {"query": _DOCUMENT, "variables": {"input": {**asked, "items": [told]}}}
        return post("/graphql", json.dumps(body).encode(), token=token)

    def close(self) -> None:
        """Ends the connection."""
        if self.client is not None:
            self.client.close()

    def _act(self, request: bytes) -> Act:
        client = self.client
        assert client is not None

        async def act() -> None:
            answer = await client.ask(request)
            if _DECLARED not in answer:
                raise AnswerRefused(answer.decode())

        return act


async def measure(ground: Ground) -> list[Figure]:
    """Rounds of both sides in turn, on a fresh copy of the seeded database."""
    async with (
        ground.clone(await ground.seeded("declaring", seed)) as addresses,
        served.api(ground, addresses.api) as api,
    ):
        bare = [await _bare(Officer(number), addresses.api) for number in range(CLIENTS)]
        phones = [_Phone(Officer(number), api) for number in range(CLIENTS, 2 * CLIENTS)]
        by_api, by_act = await _rounds(ground, api, phones, bare)
        for one in bare:
            await one.sql.close()
        for other in phones:
            other.close()
    texts = tuple(f"ACT {number}: {' '.join(text.split())}" for number, text in enumerate(bare[0].texts, 1))
    verify = f"VERIFY: {yardsticks.verifications():,.0f} P-256 verifications/s on one core"
    return [Figure(ROW, ratios(by_api.values, by_act.values), (by_api, by_act), (verify, *texts))]


async def _rounds(ground: Ground, process: Api, phones: list[_Phone], bare: list[_Bare]) -> tuple[Side, Side]:
    """A first pair of rounds warms both sides and is not counted."""
    by_api, by_act = Meter(process.pid, ground.pid), Meter(os.getpid(), ground.pid)
    api, act = [100.0], [100.0]
    for _ in range(ROUNDS + 1):
        for clients, meter, rates in ((bare, by_act, act), (phones, by_api, api)):
            # Enough for a round in which the machine is half as fast again; when one runs out, the round is over.
            enough = int(1.5 * SECONDS * rates[-1] / CLIENTS) + 100
            acts = [await one.prepare(enough) for one in clients]
            with meter:
                rates.append(await _round(acts))
            meter.acts += int(rates[-1] * SECONDS)
    return (
        Side("API", "declared/s", tuple(api[2:]), by_api),
        Side("ACT", "acts/s", tuple(act[2:]), by_act),
    )


async def _round(clients: Sequence[Iterator[Act]]) -> float:
    """Acts a second while every client does one after the other, until the time is over for all."""
    begun = time.perf_counter()
    over = False

    async def go(acts: Iterator[Act]) -> int:
        nonlocal over
        done = 0
        for act in acts:
            if over or time.perf_counter() > begun + SECONDS:
                break
            await act()
            done += 1
        over = True
        return done

    counts = await asyncio.gather(*map(go, clients))
    return sum(counts) / (time.perf_counter() - begun)


async def _bare(officer: Officer, url: str) -> _Bare:
    """Performs one real act while its connection tells what it is sent, then opens the bare connection."""
    texts: list[str] = []
    database = Database(url, pool_size=1)
    try:
        # The first act makes the driver ask for the types of arrays; the second is what every later one looks like.
        await _act_of(database, officer)
        async with database.connection() as (_, raw):
            raw.add_query_logger(lambda query: texts.append(query.query))
        await _act_of(database, officer)
    finally:
        await database.close()
    assert texts[0] == "BEGIN; " + sight_of(officer.actor), texts[0]
    assert texts[-1] == "COMMIT", texts[-1]
    assert len(texts) <= 6, f"ACT has at most 6 statements, not {len(texts)}"
    sql = await asyncpg.connect(url)
    await sql.execute(texts[0])
    row = await sql.fetchrow(texts[1], officer.recording_id, officer.device_id, officer.actor.account_id)
    await sql.execute("ROLLBACK")
    assert row is not None
    return _Bare(officer, sql, texts, dict(row))


async def _act_of(database: Database, officer: Officer) -> None:
    await perform(
        database, officer.actor, _now(), operations.declare_evidence, recording_id=officer.recording_id,
        device_id=officer.device_id, items=[officer.declare_next(_now())],
    )  # fmt: skip


async def _declare(work: Work, officer: Officer, item: Declared) -> Sequence[object]:
    return await operations.declare_evidence(
        work, recording_id=officer.recording_id, device_id=officer.device_id, items=[item]
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
