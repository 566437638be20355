"""Reporters: whether the time of a refused login tells a used locator, and what filing costs the server.

A pair is a login under a locator that is in use, with a wrong secret, and one under a locator that is not: the same
bytes over the same connection, in random order, each as long as it takes. The answer holds if the 95 % interval of the
median difference contains nothing, or less than 2 % of the median.

Filing: 32 clients file at once, each its own report; the server's CPU of one is held against that of a
`declareEvidence`, 32 at once by the same server.
"""

import asyncio
import json
import random
import secrets
import statistics
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.miners.reports.operations import key_id
from storage.miners.reports.rules import WRAP_SIZE
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import messages
from tests.bench import served, site
from tests.bench.client import Client, post
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter, cpu_of
from tests.bench.rows import declaring
from tests.bench.site import MINE, Officer

LOGIN = "login with a wrong secret : with an unknown locator, 2,000 pairs"
FILING = "server's CPU of one of 32 filings at once : of a declareEvidence"
PAIRS, ROUNDS, CLIENTS = 2_000, 5, 32
EACH = 100
"""Pairs from one address: tries are counted by address, so the bench comes from many (all of 127.0.0.0/8 is ours)."""
_LOG_IN = (
    "mutation ($l: String!, $c: String!, $s: String!) { logIn(form: DIGITS, locator: $l, challenge: $c, signature: $s)"
    " { token problem { code zh en } } }"
)
_BEGIN = "mutation { begin(form: DIGITS) { locator reservation bits problem { code } } }"
_FILE = "mutation ($input: FilingInput!) { file(input: $input) { messageId problem { code } } }"
_RECIPIENTS = "query ($mine: UUID!) { recipients(mineId: $mine) { intake { id } } }"


async def seed(sql: "asyncpg.Connection[Any]") -> None:
    """Officers who declare, the first of whom receives reports with a key of his own."""
    await site.seed(sql, officers=CLIENTS)
    account, public = Officer(0).actor.account_id, X25519PrivateKey.generate().public_key().public_bytes_raw()
    await sql.execute(
        "INSERT INTO role_grants (id, account_id, role, division, granted_at)"
        " SELECT $1, $2, 'REPORT_INTAKE', county, registered_at FROM mines WHERE id = $3",
        uuid4(), account, MINE,
    )  # fmt: skip
    await sql.execute(
        "INSERT INTO report_keys (id, account_id, public_key, hour) VALUES ($1, $2, $3, $4)",
        key_id(public), account, public, datetime.now(UTC).replace(minute=0, second=0, microsecond=0),
    )  # fmt: skip


async def measure_login(ground: Ground) -> list[Figure]:
    """Interleaved pairs over one connection."""
    database = await ground.seeded("reporting", seed)
    async with ground.clone(database) as addresses, served.api(ground, addresses.api) as api:
        client = await Client.connect(api.port)
        used = (await _filings(client, 1, file=True))[0]
        known, unknown = used, f"{(int(used) + 1) % 1_000_000:06d}"
        took: dict[str, list[float]] = {known: [], unknown: []}
        for number in range(PAIRS + 50):
            if number % EACH == 0:
                client.close()
                client = await Client.connect(api.port, source=f"127.0.0.{2 + number // EACH}")
            pair = [known, unknown]
            random.shuffle(pair)
            for locator in pair:
                request = _ask(_LOG_IN, l=locator, c=_noise(32), s=_noise(64))
                begun = time.perf_counter()
                await client.ask(request)
                if number >= 50:
                    took[locator].append(time.perf_counter() - begun)
        client.close()
    differences = [one - other for one, other in zip(took[known], took[unknown], strict=True)]
    middle = statistics.median(took[unknown])
    low, high = _interval(differences)
    within = 0.0 if low <= 0 <= high else max(abs(low), abs(high)) / middle
    remark = f"median {middle * 1e3:.3f} ms; 95 % of the median difference {low * 1e6:+.1f} to {high * 1e6:+.1f} us"
    sides = tuple(Side(name, "ms", (statistics.median(took[key]) * 1e3,)) for name, key in
                  (("wrong secret", known), ("unknown locator", unknown)))  # fmt: skip
    return [Figure(LOGIN, (within,), sides, (remark,))]


async def measure_filing(ground: Ground) -> list[Figure]:
    """Rounds of both in turn: 32 filings at once, 32 declarations at once."""
    database = await ground.seeded("reporting", seed)
    async with ground.clone(database) as addresses, served.api(ground, addresses.api) as api:
        clients = [await Client.connect(api.port) for _ in range(CLIENTS)]
        phones = [declaring._Phone(Officer(number), api) for number in range(CLIENTS)]
        filing, acting = Meter(api.pid, ground.pid), Meter(api.pid, ground.pid)
        pairs: list[tuple[float, float]] = []
        for number in range(ROUNDS + 1):
            requests = await _requests(api.port, number)
            declared = [next(await phone.prepare(1)) for phone in phones]
            before = cpu_of(api.pid)
            with filing:
                answers = await asyncio.gather(*(c.ask(r) for c, r in zip(clients, requests, strict=True)))
            assert all(b'"problem":null' in answer for answer in answers), answers[0]
            between = cpu_of(api.pid)
            with acting:
                await asyncio.gather(*(act() for act in declared))
            if number:
                pairs.append(((between - before) / CLIENTS, max(cpu_of(api.pid) - between, 1e-9) / CLIENTS))
        for client in clients:
            client.close()
        for phone in phones:
            phone.close()
        lost = (ROUNDS + 1) * CLIENTS - await _waiting(addresses.superuser)
    assert lost == 0, f"{lost} filings were lost"
    ours, theirs = (tuple(1e3 * value for value in side) for side in zip(*pairs, strict=True))
    sides = Side("filing", "ms of CPU", ours, filing), Side("declareEvidence", "ms of CPU", theirs, acting)
    return [Figure(FILING, ratios(ours, theirs), sides, ("none of the filings was lost",))]


async def _requests(port: int, round: int) -> list[bytes]:
    """Ready-made filings, each under a locator of its own; begun from two addresses, so that no work is asked for."""
    requests: list[bytes] = []
    for half in (0, 1):
        client = await Client.connect(port, source=f"127.0.1.{2 + 2 * round + half}")
        requests += [await _filing(client, await _begun(client)) for _ in range(CLIENTS // 2)]
        client.close()
    return requests


async def _filings(client: Client, count: int, *, file: bool) -> list[str]:
    begun = [await _begun(client) for _ in range(count)]
    for one in begun:
        if file:
            await client.ask(await _filing(client, one))
    return [one["locator"] for one in begun]


async def _begun(client: Client) -> dict[str, str]:
    told: dict[str, str] = json.loads(await client.ask(_ask(_BEGIN)))["data"]["begin"]
    assert told["locator"], told
    return told


async def _filing(client: Client, begun: dict[str, str]) -> bytes:
    found = json.loads(await client.ask(_ask(_RECIPIENTS, mine=str(MINE))))["data"]["recipients"]["intake"]
    box = X25519PrivateKey.generate().public_key().public_bytes_raw()
    keys = [UUID(hex=one["id"]).hex for one in found] + [key_id(box).hex]
    signs = [to_base64url(Ed25519PrivateKey.generate().public_key().public_bytes_raw()) for _ in range(2)]
    message = {
        "id": str(uuid4()), "ciphertext": _noise(messages.ENCRYPTED_SIZES[0]),
        "wraps": [{"keyId": key, "bytes": _noise(WRAP_SIZE)} for key in keys],
    }  # fmt: skip
    given = {
        "reservation": begun["reservation"], "kind": "REPORT", "mode": "ANONYMOUS", "when": "LATER",
        "mineId": str(MINE), "boxKey": to_base64url(box), "loginKey": signs[0], "claimKey": signs[1],
        "message": message,
    }  # fmt: skip
    return _ask(_FILE, input=given)


async def _waiting(url: str) -> int:
    sql = await asyncpg.connect(url)
    try:
        return int(await sql.fetchval("SELECT count(*) FROM filings"))
    finally:
        await sql.close()


def _interval(values: list[float]) -> tuple[float, float]:
    """The 95 % interval of a median, by its order statistics."""
    ordered, half = sorted(values), 0.98 * len(values) ** 0.5
    return ordered[int(len(values) / 2 - half)], ordered[int(len(values) / 2 + half)]


def _ask(text: str, **variables: object) -> bytes:
    return post("/reporting/graphql", json.dumps({"query": text, "variables": variables}).encode(), token="")


def _noise(size: int) -> str:
    return to_base64url(secrets.token_bytes(size))
