"""Uploads: the phone's own uploader, with all of its calls, against a bare boto3 loop with as many threads.

Both send the same files to the same durable, versioned bucket with the SHA-256 that was known before, and end when the
store has acknowledged everything. Statements are signed before. The phone's side also declares (batches of 20), asks
for requests, and has each file received; what the API spends meanwhile is a row of its own.
"""

import asyncio
import base64
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import httpx

from api.phone import calls
from api.phone.delivery import BATCH
from api.phone.notebook import Piece
from api.phone.parts import Film, send_in_parts
from api.phone.server import Server
from api.phone.uploads import LINES, Job, Progress, Sender, Slice
from storage.record.ledger.proofs.statements import PART_SIZE
from tests.bench import served, site
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground, folder
from tests.bench.meter import Meter
from tests.bench.originals import Original, as_piece, bare_client, throw_away
from tests.bench.served import Api
from tests.bench.site import Officer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ONE, ONE_CPU = "upload 1 x 256 MB", "API's CPU during upload 1 x 256 MB"
MANY, MANY_CPU = "upload 200 x 4 MB", "API's CPU during upload 200 x 4 MB"
ROUNDS = 5
MB = 10**6

Send = Callable[[], None]


async def seed(sql: asyncpg.Connection) -> None:
    """A few officers."""
    await site.seed(sql, officers=16)


async def measure_one(ground: Ground) -> list[Figure]:
    """One film in parts."""
    return await _compared(ground, ONE, ONE_CPU, [(256 * MB, "video/mp4")])


async def measure_many(ground: Ground) -> list[Figure]:
    """Many photos, each in one request."""
    return await _compared(ground, MANY, MANY_CPU, [(4 * MB, "image/jpeg")] * 200)


async def _compared(ground: Ground, row: str, cpu: str, sizes: Sequence[tuple[int, str]]) -> list[Figure]:
    async with (
        ground.clone(await ground.seeded("uploads", seed)) as addresses,
        served.api(ground, addresses.api) as api,
    ):
        with files(sizes) as originals, Sender() as sender, httpx.Client(trust_env=False, timeout=30) as http:
            bare = bare_client(ground.store())
            speeds, share, meters = await asyncio.to_thread(_rounds, ground, api, originals, sender, http, bare)
    amount = sum(size for size, _ in sizes) / MB
    phone, boto = (tuple(amount / seconds for seconds in side) for side in speeds)
    sides = (Side("phone", "MB/s", phone, meters[0]), Side(f"boto3, {LINES} threads", "MB/s", boto, meters[1]))
    return [Figure(row, ratios(phone, boto), sides), Figure(cpu, tuple(share), sides[:1])]


def _rounds(
    ground: Ground, api: Api, originals: list[Original], sender: Sender, http: httpx.Client, bare: "S3Client"
) -> tuple[tuple[list[float], list[float]], list[float], tuple[Meter, Meter]]:
    """Seconds of both sides, the API's share of one core, and the CPU. A first pair of rounds is not counted."""
    bucket = ground.store().bucket
    seconds: tuple[list[float], list[float]] = ([], [])
    meters, share = (Meter(api.pid, ground.pid), Meter(api.pid, ground.pid)), []
    for number in range(ROUNDS + 1):
        officer = Officer(number)
        pieces = [(as_piece(original.signed_by(officer), officer), original) for original in originals]
        server = Server(f"http://127.0.0.1:{api.port}", http, access=api.token(officer))
        names = [f"bare/{uuid4().hex}" for _ in originals]
        sends: tuple[Send, Send] = (
            lambda: _by_phone(server, sender, officer, pieces),  # noqa: B023 # Called before the next round.
            lambda: _by_boto3(bare, bucket, names, originals),  # noqa: B023 # As above.
        )
        for side, (send, meter) in enumerate(zip(sends, meters, strict=True)):
            before, begun = meter.app_spent, time.perf_counter()
            with meter:
                send()
            took = time.perf_counter() - begun
            if number:
                seconds[side].append(took)
                share += [] if side else [(meter.app_spent - before) / took]
        throw_away(bare, bucket, [*names, *names_in(bare, bucket)])
    return seconds, share, meters


def _by_phone(server: Server, sender: Sender, officer: Officer, pieces: list[tuple[Piece, Original]]) -> None:
    """As `api.phone.delivery` does: declare, send, complete, a batch at a time; films in parts."""
    for at in range(0, len(pieces), BATCH):
        batch = pieces[at : at + BATCH]
        answers = calls.declare(server, [piece for piece, _ in batch], device=str(officer.device_id))
        jobs, whole = [], []
        for (piece, original), answer in zip(batch, answers, strict=True):
            assert answer.refused is None, answer.refused
            if answer.upload is not None:
                jobs.append(Job(piece.id, answer.upload, Slice(original.file, 0, original.size)))
            else:
                hashes = b"".join(original.parts)
                film = Film(piece.id, original.file, original.size, lambda hashes=hashes: hashes)  # type: ignore[misc] # A default binds it.
                send_in_parts(server, sender, film)
        for job, refused in sender.send(jobs, Progress.of(jobs)):
            assert refused is None, refused
            whole.append(job.id)
        if whole:
            assert set(calls.complete(server, whole).values()) == {None}


def _by_boto3(client: "S3Client", bucket: str, names: list[str], originals: list[Original]) -> None:
    with ThreadPoolExecutor(LINES) as threads:
        for name, original in zip(names, originals, strict=True):
            if len(original.parts) > 2:
                _in_parts(client, bucket, name, original, threads)
            else:
                threads.submit(_put, client, bucket, name, original)


def _put(client: "S3Client", bucket: str, name: str, original: Original) -> None:
    with original.file.open("rb") as body:
        client.put_object(Bucket=bucket, Key=name, Body=body, ChecksumSHA256=_base64(original.sha256))


def _in_parts(client: "S3Client", bucket: str, name: str, original: Original, threads: ThreadPoolExecutor) -> None:
    begun = client.create_multipart_upload(Bucket=bucket, Key=name, ChecksumAlgorithm="SHA256")

    def send(number: int) -> dict[str, object]:
        with original.file.open("rb") as file:
            file.seek(number * PART_SIZE)
            body, checksum = file.read(PART_SIZE), _base64(original.parts[number])
        sent = client.upload_part(
            Bucket=bucket, Key=name, UploadId=begun["UploadId"], PartNumber=number + 1, Body=body,
            ChecksumSHA256=checksum,
        )  # fmt: skip
        return {"PartNumber": number + 1, "ETag": sent["ETag"], "ChecksumSHA256": checksum}

    parts = list(threads.map(send, range(len(original.parts))))
    client.complete_multipart_upload(
        Bucket=bucket,
        Key=name,
        UploadId=begun["UploadId"],
        MultipartUpload={"Parts": parts},  # type: ignore[typeddict-item] # As it wants them.
    )


@contextmanager
def files(sizes: Sequence[tuple[int, str]]) -> Iterator[list[Original]]:
    """Files of these sizes and types, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="originals-", dir=folder()) as there:
        yield [Original.make(Path(there) / str(number), *size) for number, size in enumerate(sizes)]


def names_in(client: "S3Client", bucket: str, prefix: str = "evidence/") -> list[str]:
    """What a round left."""
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", ())
    return [one["Key"] for one in listed]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
