"""Sealing: a film from its last byte to SEALED, and photos all the way, against the bare steps that both cannot avoid.

A film is held against one `hashlib.sha256` pass over a download of the same object. Photos are held against STORE: PUT
with checksum, GET with SHA-256 and set retention of the same photos by eight boto3 threads on the same versioned,
locked, durable bucket.
"""

import asyncio
import base64
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
import httpx

from api.phone import calls
from api.phone.parts import Film, send_in_parts
from api.phone.server import Server
from api.phone.uploads import Job, Progress, Sender, Slice
from tests.bench import served
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter, cpu_of
from tests.bench.originals import Original, as_piece, bare_client, throw_away
from tests.bench.rows import uploads
from tests.bench.served import Api
from tests.bench.site import Officer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FILM, MEMORY = "last byte to SEALED, 256 MB", "sealing worker's memory, 256 MB"
PHOTOS = "200 kB photo declared, uploaded, sealed, 8 clients"
ROUNDS, CLIENTS, BATCH, BATCHES = 5, 8, 20, 1
MB = 10**6


async def measure_film(ground: Ground) -> list[Figure]:
    """Seconds from the answer to the last part to SEALED, with completing and the worker's waking up."""
    async with (
        ground.clone(await ground.seeded("uploads", uploads.seed)) as addresses,
        served.api(ground, addresses.api) as api,
        served.sealing_worker(ground, addresses.worker) as worker,
    ):
        rows = await asyncpg.connect(addresses.superuser)
        bare, bucket, sealed, passes = bare_client(ground.store()), ground.store().bucket, [], []
        for number in range(ROUNDS + 1):
            with uploads.files([(256 * MB, "video/mp4")]) as (original,):
                id, ended = await asyncio.to_thread(_send_film, api, Officer(number), original)
                await _until_sealed(rows, [id])
                took = time.perf_counter() - ended
            name = await rows.fetchval("SELECT object_name FROM evidence WHERE id = $1", id)
            one_pass = await asyncio.to_thread(_one_pass, bare, bucket, name)
            if number:  # The first round warms both sides and is not counted.
                sealed.append(took)
                passes.append(one_pass)
        await _clean_up(bare, bucket)
        most = _high_water(worker) / MB
        await rows.close()
    sides = (Side("last byte to SEALED", "s", tuple(sealed)), Side("one pass over a download", "s", tuple(passes)))
    return [Figure(FILM, ratios(sealed, passes), sides), Figure(MEMORY, (most,))]


def _send_film(api: Api, officer: Officer, original: Original) -> tuple[UUID, float]:
    """Sends it; its id, and when the store had its last byte."""
    ended = [0.0]

    def on_progress(progress: Progress) -> None:
        if progress.done == progress.requests:
            ended[0] = time.perf_counter()

    item = original.signed_by(officer)
    with httpx.Client(trust_env=False, timeout=30) as http, Sender(on_progress=on_progress) as sender:
        server = Server(f"http://127.0.0.1:{api.port}", http, access=api.token(officer))
        calls.declare(server, [as_piece(item, officer)], device=str(officer.device_id))
        film = Film(str(item.id), original.file, original.size, lambda: b"".join(original.parts))
        send_in_parts(server, sender, film)
    return item.id, ended[0]


def _one_pass(client: "S3Client", bucket: str, name: str) -> float:
    begun, whole = time.perf_counter(), sha256()
    for chunk in client.get_object(Bucket=bucket, Key=name)["Body"].iter_chunks(1024 * 1024):
        whole.update(chunk)
    whole.digest()
    return time.perf_counter() - begun


async def measure_photos(ground: Ground) -> list[Figure]:
    """Photos a second of both sides in turn."""
    async with (
        ground.clone(await ground.seeded("uploads", uploads.seed)) as addresses,
        served.api(ground, addresses.api) as api,
        served.sealing_worker(ground, addresses.worker) as worker,
    ):
        rows, bare = await asyncpg.connect(addresses.superuser), bare_client(ground.store())
        bucket, count = ground.store().bucket, CLIENTS * BATCH * BATCHES
        ours, store, meter = [], [], Meter(api.pid, ground.pid)
        with uploads.files([(200_000, "image/jpeg")] * count) as originals:
            for number in range(ROUNDS + 1):
                begun = time.perf_counter()
                with meter:
                    ids = await asyncio.to_thread(_by_phones, api, originals)
                    await _until_sealed(rows, ids)
                took = time.perf_counter() - begun
                alone = await asyncio.to_thread(_by_store, bare, bucket, originals)
                if number:
                    ours.append(count / took)
                    store.append(count / alone)
        await _clean_up(bare, bucket)
        await rows.close()
        spent = f"the worker spent {cpu_of(worker):.1f} s of CPU in all"
    sides = (Side("pithead", "photos/s", tuple(ours), meter), Side("STORE", "photos/s", tuple(store)))
    return [Figure(PHOTOS, ratios(ours, store), sides, (spent,))]


def _by_phones(api: Api, originals: list[Original]) -> list[UUID]:
    """Eight officers, each with one line to the store, each in batches of twenty."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        shares = [originals[number::CLIENTS] for number in range(CLIENTS)]
        found = threads.map(lambda one: _by_phone(api, Officer(one[0]), one[1]), enumerate(shares))
        return [id for ids in found for id in ids]


def _by_phone(api: Api, officer: Officer, originals: list[Original]) -> list[UUID]:
    ids: list[UUID] = []
    _catch_up(officer)
    with httpx.Client(trust_env=False, timeout=30) as http, Sender(lines=1) as sender:
        server = Server(f"http://127.0.0.1:{api.port}", http, access=api.token(officer))
        for at in range(0, len(originals), BATCH):
            batch = originals[at : at + BATCH]
            items = [original.signed_by(_KNOWN[officer.number]) for original in batch]
            answers = calls.declare(server, [as_piece(item, officer) for item in items], device=str(officer.device_id))
            jobs = [
                Job(answer.id, answer.upload, Slice(original.file, 0, original.size))
                for answer, original in zip(answers, batch, strict=True)
                if answer.upload is not None
            ]
            assert len(jobs) == len(batch), answers[0]
            for _, refused in sender.send(jobs, Progress.of(jobs)):
                assert refused is None, refused
            calls.complete(server, [job.id for job in jobs])
            ids += [item.id for item in items]
    return ids


_KNOWN: dict[int, Officer] = {}


def _catch_up(officer: Officer) -> None:
    """The chain of an officer goes on from round to round."""
    _KNOWN.setdefault(officer.number, officer)


def _by_store(client: "S3Client", bucket: str, originals: list[Original]) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(lambda original: _store_one(client, bucket, original), originals))
    return time.perf_counter() - begun


def _store_one(client: "S3Client", bucket: str, original: Original) -> None:
    name, checksum = f"bare/{uuid4().hex}", base64.b64encode(original.sha256).decode()
    put = client.put_object(
        Bucket=bucket, Key=name, Body=Path(original.file).read_bytes(), ChecksumSHA256=checksum,
        ContentType=original.media_type,
    )  # fmt: skip
    got = client.get_object(Bucket=bucket, Key=name, VersionId=put["VersionId"])["Body"].read()
    assert sha256(got).digest() == original.sha256
    until = datetime.now(UTC) + timedelta(seconds=served.LOCKED)
    client.put_object_retention(
        Bucket=bucket, Key=name, VersionId=put["VersionId"], Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
    )


async def _clean_up(client: "S3Client", bucket: str) -> None:
    """Once the last lock has ended."""
    await asyncio.sleep(served.LOCKED + 1)
    for prefix in ("evidence/", "bare/"):
        while names := uploads.names_in(client, bucket, prefix):
            await asyncio.to_thread(throw_away, client, bucket, names)


async def _until_sealed(rows: asyncpg.Connection, ids: list[UUID]) -> None:
    deadline = time.monotonic() + 120
    while (left := await rows.fetchval(
        "SELECT count(*) FROM evidence WHERE id = ANY ($1) AND state <> 'SEALED'", ids
    )):  # fmt: skip
        if time.monotonic() > deadline:
            raise TimeoutError(f"{left} of {len(ids)} are not sealed")
        await asyncio.sleep(0.01)


def _high_water(pid: int) -> int:
    """The most memory that a process ever had resident, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise LookupError("VmHWM")
