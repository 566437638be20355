"""Declaring one at a time: the whole API against ACT, the bare SQL statements of one `declareEvidence`.

ACT replays, by bare asyncpg on as many connections as there are clients, exactly the statements that the operation
sends: their texts and arguments are taken from the operation itself, and the texts are held against those that a real
act was seen to send. Role, row policies and durability are the same; what ACT leaves out is everything but SQL.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.embedded.ports import free_ports
from storage.field.evidence import operations
from storage.field.evidence.operations import Declared
from storage.record.database import Database, sight_of
from storage.record.work import Work, perform
from tests.bench import site, yardsticks
from tests.bench.client import AnswerRefused, Client, post
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.served import AUDIENCE
from tests.bench.site import Officer
from tests.servers import ROOT

ROW = "declare one at a time, 8 clients"
CLIENTS = 8
ROUNDS = 7
SECONDS = 3.0
# More than any machine does in a round, so that nobody runs out of signed statements.
_MOST_BY_API, _MOST_BY_ACT = 400, 1_500
_DOCUMENT = """
mutation Declare($input: DeclareEvidenceInput!) {
  declareEvidence(input: $input) {
    items { uuid state known receipt upload { method url headers { name value } } problem { code message } }
    problem { code message }
  }
}
"""
_DECLARED = b'"state":"DECLARED"'

Act = Callable[[], Awaitable[None]]
Call = tuple[str, tuple[Any, ...]]


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Officers for both sides, so that no chain is shared."""
    await site.seed(sql, officers=2 * CLIENTS)


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
class _Served:
    """The API's side of one client: its connection, kept for a round, and its token."""

    officer: Officer
    port: int
    token: str
    client: Client | None = None

    async def prepare(self, count: int) -> Iterator[Act]:
        """So many requests, signed and written out; the server closes connections that were idle for seconds."""
        self.close()
        self.client = await Client.connect(self.port)
        return iter([self._act(self._request(self.officer.declare_next(_now()))) for _ in range(count)])

    def _request(self, item: Declared) -> bytes:
        told = {"id": str(item.id), "statement": _base64(item.statement), "signature": _base64(item.signature)}
        asked = {"recordingId": str(self.officer.recording_id), "deviceId": str(self.officer.device_id)}
        body = {"query": _DOCUMENT, "variables": {"input": {**asked, "items": [told]}}}
        return post("/graphql", json.dumps(body).encode(), token=self.token)

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
        _api(addresses.api) as (port, pid, tokens),
    ):
        bare = [await _bare(Officer(number), addresses.api) for number in range(CLIENTS)]
        served = [_Served(one, port, tokens[one.number]) for one in map(Officer, range(CLIENTS, 2 * CLIENTS))]
        api, act = await _rounds(ground, pid, served, bare)
        for one in bare:
            await one.sql.close()
        for other in served:
            other.close()
    texts = tuple(f"ACT {number}: {' '.join(text.split())}" for number, text in enumerate(bare[0].texts, 1))
    verify = f"VERIFY: {yardsticks.verifications():,.0f} P-256 verifications/s on one core"
    return [Figure(ROW, ratios(api.values, act.values), (api, act), (verify, *texts))]


async def _rounds(ground: Ground, pid: int, served: list[_Served], bare: list[_Bare]) -> tuple[Side, Side]:
    """A first pair of rounds warms both sides and is not counted."""
    await _round([await one.prepare(_MOST_BY_API) for one in served], seconds=1.0)
    await _round([await one.prepare(_MOST_BY_ACT) for one in bare], seconds=1.0)
    by_api, by_act = Meter(pid, ground.pid), Meter(os.getpid(), ground.pid)
    api, act = [], []
    for _ in range(ROUNDS):
        acts = [await one.prepare(_MOST_BY_ACT) for one in bare]
        with by_act:
            act.append(await _round(acts, seconds=SECONDS))
        acts = [await one.prepare(_MOST_BY_API) for one in served]
        with by_api:
            api.append(await _round(acts, seconds=SECONDS))
    return (
        Side("API", "declared/s", tuple(api), by_api.app_spent, by_api.database_spent),
        Side("ACT", "acts/s", tuple(act), by_act.app_spent, by_act.database_spent),
    )


async def _round(clients: Sequence[Iterator[Act]], *, seconds: float) -> float:
    """Acts a second while every client does one after the other until the time is over."""
    begun = time.perf_counter()
    until = begun + seconds

    async def go(acts: Iterator[Act]) -> int:
        done = 0
        while time.perf_counter() < until:
            await next(acts)()
            done += 1
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
    row = await sql.fetchrow(texts[1], officer.recording_id, officer.device_id)
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


@asynccontextmanager
async def _api(database: str) -> AsyncIterator[tuple[int, int, dict[int, str]]]:
    """One API process; gives its port, its process id and a token for each officer."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (port,) = free_ports(1)
    asked = {"database": database, "port": port, "officers": 2 * CLIENTS, "public": base64.b64encode(public).decode()}
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.served"], stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked).encode())
    process.stdin.close()
    try:
        await _opened(process, port)
        expires = _now() + timedelta(hours=1)
        yield (
            port,
            process.pid,
            {
                number: jwt.encode(
                    {"sub": str(Officer(number).actor.account_id), "aud": AUDIENCE, "exp": expires},
                    key,
                    algorithm="EdDSA",
                )
                for number in range(2 * CLIENTS)
            },
        )
    finally:
        process.terminate()
        process.wait(timeout=20)


async def _opened(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            (await Client.connect(port)).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


def _now() -> datetime:
    return datetime.now(UTC)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
