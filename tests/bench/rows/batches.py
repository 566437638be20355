"""Batches: statements a second that eight clients declare in batches of twenty, as a share of VERIFY.

VERIFY is what one core could do if checking signatures were all: P-256 verifications a second, measured after each
round. The API has as many processes as the machine has cores, which it shares with PostgreSQL and the clients. How many
SQL statements one batch costs is a row of its own.
"""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from storage.field.evidence import operations
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.work import perform
from tests.bench import served, yardsticks
from tests.bench.client import AnswerRefused, Client, post
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter
from tests.bench.rows import uploads
from tests.bench.served import Api
from tests.bench.site import Officer

ROW, SQL = "batches of 20 statements", "SQL statements of a batch of 20"
CLIENTS, BATCH, ROUNDS, SECONDS = 8, 20, 7, 2.0
CORES = os.cpu_count() or 1
_ENOUGH = 40
"""Batches that a client has ready for one round."""
_DOCUMENT = """
mutation Declare($input: DeclareEvidenceInput!) {
  declareEvidence(input: $input) {
    items { uuid state receipt upload { method url headers } problem { code message } }
    problem { code message }
  }
}
"""


async def measure(ground: Ground) -> list[Figure]:
    """Rounds of both in turn."""
    async with (
        ground.clone(await ground.seeded("uploads", uploads.seed)) as addresses,
        served.api(ground, addresses.api, processes=CORES) as api,
    ):
        officers, meter = [Officer(number) for number in range(CLIENTS)], Meter(api.pid, ground.pid)
        declared, verified = list[float](), list[float]()
        for number in range(ROUNDS + 1):
            requests = [_requests(api, officer) for officer in officers]
            with meter:
                rate = await _round(api.port, requests)
            verify = yardsticks.verifications()
            if number:
                declared.append(rate)
                verified.append(verify)
        count = await _statements(addresses.api)
    sides = (
        Side("declared", "statements/s", tuple(declared), meter), Side("VERIFY", "verifications/s", tuple(verified)),
    )  # fmt: skip
    remarks = (f"{CORES} API processes",)
    return [Figure(ROW, ratios(declared, verified), sides, remarks), Figure(SQL, (count,))]


def _requests(api: Api, officer: Officer) -> list[bytes]:
    token = api.token(officer)
    return [_request(officer, token) for _ in range(_ENOUGH)]


def _request(officer: Officer, token: str) -> bytes:
    items = [officer.declare_next(datetime.now(UTC)) for _ in range(BATCH)]
    told = [
        {"id": str(one.id), "statement": to_base64url(one.statement), "signature": to_base64url(one.signature)}
        for one in items
    ]
    asked = {"recordingId": str(officer.recording_id), "deviceId": str(officer.device_id), "items": told}
    return post("/graphql", json.dumps({"query": _DOCUMENT, "variables": {"input": asked}}).encode(), token=token)


async def _round(port: int, requests: list[list[bytes]]) -> float:
    """Statements a second while every client sends one batch after the other, until the time is over for all."""
    clients = [await Client.connect(port) for _ in requests]
    begun, over = time.perf_counter(), False

    async def go(client: Client, batches: Iterator[bytes]) -> int:
        nonlocal over
        done = 0
        for batch in batches:
            if over or time.perf_counter() > begun + SECONDS:
                break
            answer = await client.ask(batch)
            if answer.count(b'"state":"DECLARED"') != BATCH:
                raise AnswerRefused(answer.decode())
            done += BATCH
        over = True
        return done

    counts = await asyncio.gather(*(go(client, iter(one)) for client, one in zip(clients, requests, strict=True)))
    rate = sum(counts) / (time.perf_counter() - begun)
    for client in clients:
        client.close()
    return rate


async def _statements(url: str) -> int:
    """What one batch sends to the database, BEGIN and COMMIT with it, seen on the connection itself."""
    database, officer, texts = Database(url, pool_size=1), Officer(CLIENTS), list[str]()
    try:
        # The first batch makes the driver ask for the types of arrays.
        await _declare(database, officer)
        async with database.connection() as (_, raw):
            raw.add_query_logger(lambda query: texts.append(query.query))
        await _declare(database, officer)
    finally:
        await database.close()
    return len(texts)


async def _declare(database: Database, officer: Officer) -> None:
    now = datetime.now(UTC)
    await perform(
        database, officer.actor, now, operations.declare_evidence, recording_id=officer.recording_id,
        device_id=officer.device_id, items=[officer.declare_next(now) for _ in range(BATCH)],
    )  # fmt: skip
