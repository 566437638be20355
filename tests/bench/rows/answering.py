"""Answering: a health query by the whole stack against a bare Starlette endpoint, and what the limits cost.

The endpoint stands behind the same server, reads its JSON and answers the same; everything that GraphQL adds is in the
difference. The limits are measured on a document that is as large as they allow, seen for the first time: parsed,
validated and executed, once with them and once with bounds that nothing reaches.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
from graphql import Lexer, Source, TokenKind

from api.embedded.ports import free_ports
from graphql_schema import schema
from graphql_schema.context import Context
from graphql_schema.executor import Executor, Request
from graphql_schema.limits import Limits, Prices
from graphql_schema.limits import measure as measured_shapes
from tests.bench import served, site
from tests.bench.client import Client, post
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.site import Officer
from tests.servers import ROOT

HEALTH = "health query, whole stack"
LIMITS = "limits on the largest allowed document"
CLIENTS, ROUNDS, SECONDS = 8, 7, 2.0
_QUERY = json.dumps({"query": "{ health { status version time } }"}).encode()


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """One officer, whose token comes with each request."""
    await site.seed(sql, officers=1)


async def measure_health(ground: Ground) -> list[Figure]:
    """Both sides in turn, by as many clients."""
    database = await ground.seeded("answering", seed)
    async with served.api(ground, database.api) as api, _bare() as (pid, port):
        token = api.token(Officer(0))
        ours = await _clients(api.port), post("/graphql", _QUERY, token=token)
        bare = await _clients(port), post("/health", _QUERY, token=token)
        whole, other = Meter(api.pid, ground.pid), Meter(pid, ground.pid)
        rates: list[tuple[float, float]] = []
        for number in range(ROUNDS + 1):
            pair = await _rate(*ours, whole), await _rate(*bare, other)
            if number:  # The first round warms both.
                rates.append(pair)
        for client in (*ours[0], *bare[0]):
            client.close()
    stack, plain = (tuple(side) for side in zip(*rates, strict=True))
    sides = (Side("whole stack", "requests/s", stack, whole), Side("bare Starlette", "requests/s", plain, other))
    return [Figure(HEALTH, ratios(stack, plain), sides)]


@asynccontextmanager
async def _bare() -> AsyncIterator[tuple[int, int]]:
    (port,) = free_ports(1)
    process = await asyncio.to_thread(
        lambda: subprocess.Popen([sys.executable, "-m", "tests.bench.bare", str(port)], cwd=ROOT)
    )
    try:
        for _ in range(200):
            try:
                (await Client.connect(port)).close()
                break
            except OSError:
                await asyncio.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


async def _clients(port: int) -> list[Client]:
    return [await Client.connect(port) for _ in range(CLIENTS)]


async def _rate(clients: list[Client], request: bytes, meter: Meter) -> float:
    """Requests a second by all clients together, each asking again as soon as it is answered."""
    until, count = time.perf_counter() + SECONDS, 0

    async def ask(client: Client) -> None:
        nonlocal count
        while time.perf_counter() < until:
            await client.ask(request)
            count += 1

    begun = time.perf_counter()
    with meter:
        await asyncio.gather(*map(ask, clients))
    return count / (time.perf_counter() - begun)


async def measure_limits(_: Ground) -> list[Figure]:
    """What measuring and pricing take of all that is done with the document."""
    executor, text = Executor(schema.build()), largest_document(Limits())
    shares, whole, alone = [], [], []
    for number in range(ROUNDS * 3 + 1):
        # A word of its own makes each document one that was not seen before.
        fresh = f"# {number}\n{text}"
        begun = time.perf_counter()
        answer = await executor.answer(Request(fresh), _nobody())
        took = time.perf_counter() - begun
        assert answer.executed, answer.errors
        limited = _limits_alone(executor, fresh)
        if number:
            whole.append(took * 1e3)
            alone.append(limited * 1e3)
            shares.append(limited / (took - limited))
    sides = (Side("the whole answer", "ms", tuple(whole)), Side("the limits alone", "ms", tuple(alone)))
    return [Figure(LIMITS, tuple(shares), sides, (f"{len(text):,} characters",))]


def _limits_alone(executor: Executor, text: str) -> float:
    prepared = executor.prepare(Request(text), _nobody())
    document = prepared.document
    begun = time.perf_counter()
    measured_shapes(document.tree, executor.limits)
    Prices(executor.schema, document.fragments, {}).of(prepared.operation)
    return time.perf_counter() - begun


def _nobody() -> Context:
    return Context(None, None, lambda: datetime.now(UTC))


def largest_document(limits: Limits) -> str:
    """A valid document for everybody with as many tokens, aliases, fragments and directives as the limits allow."""
    named = [f"a{n}: health {{ ...F{n} @include(if: true) }}" for n in range(limits.directives)]
    named += [f"a{n}: health {{ ...F{n} }}" for n in range(limits.directives, limits.aliases)]
    asked = "{ " + " ".join(named) + " " + " ".join(f"...R{n}" for n in range(limits.aliases, limits.fragments)) + " }"
    bodies = [f"fragment F{n} on Health {{ id" for n in range(limits.aliases)]
    bodies += [f"fragment R{n} on Query {{ health {{ id }}" for n in range(limits.aliases, limits.fragments)]
    turn = 0
    while _tokens(" } ".join([asked, *bodies]) + " }") < limits.tokens:
        bodies[turn % limits.aliases] += f" {('status', 'version', 'time', 'id')[turn // limits.aliases % 4]}"
        turn += 1
    return " ".join([asked, *(f"{body} }}" for body in bodies)])


def _tokens(text: str) -> int:
    lexer, count = Lexer(Source(text)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count
