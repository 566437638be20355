"""Any course of a shift: a real phone before a real service, whose lines break and which dies at any of its calls."""

import asyncio
import contextlib
import json
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from hypothesis import given
from hypothesis import strategies as st

from api.embedded.postgres import DatabaseAddresses
from api.phone.shift import main_shift
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.factories import media
from tests.journeys.running import OFFICERS, Service, running_service
from tests.servers import Servers
from tests.storage.field.evidence.sending import film

HOW = ("dies before", "dies after", "unsent", "unheard", "busy")
TRACES = """
SELECT e.state, e.sha256, e.seq, e.receipted, (SELECT count(*) FROM payloads p WHERE p.subject = e.id AND EXISTS
  (SELECT FROM entries n WHERE n.id = p.entry_id AND n.kind = 'evidence.sealed')) AS sealed
FROM evidence e WHERE e.recording_id = (SELECT recording_id FROM evidence WHERE sha256 = $1) ORDER BY seq
"""


class Killed(BaseException):
    """The phone is killed: nothing in it catches this."""


@dataclass
class Line(httpx.BaseTransport):
    """A real line to the API; what is planned befalls its calls, by their number."""

    plan: dict[int, str]
    calls: int = 0
    line: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        how = self.plan.get(self.calls)
        if how == "dies before":
            raise Killed
        if how == "unsent":
            raise httpx.ConnectError("planned")
        if how == "busy":
            return httpx.Response(503, request=request)
        response = self.line.handle_request(request)
        response.read()
        if how == "dies after":
            raise Killed
        if how == "unheard":
            raise httpx.ReadError("planned")
        return response

    def close(self) -> None:
        self.line.close()


@dataclass
class Road:
    """The road to the store. A connection that is planned to be cut ends after so many bytes up, or at its answer."""

    store: str
    cuts: deque[int | None] = field(default_factory=deque)
    url: str = ""

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self.store.removeprefix("http://").partition(":")
        cut = self.cuts.popleft() if self.cuts else None
        theirs, ours = await asyncio.open_connection(host, int(port))
        up = asyncio.create_task(_copied(reader, ours, cut if cut else None))
        down = asyncio.create_task(_copied(theirs, writer, 0 if cut == 0 else None))
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for task in (up, down):
            task.cancel()
        for each in (writer, ours):
            each.close()


async def _copied(source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int | None) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(64 * 1024):
            if most is not None and (most := most - len(data)) < 0:
                return
            sink.write(data)
            await sink.drain()


@asynccontextmanager
async def service_by_road(
    servers: Servers, template: DatabaseAddresses, folder: Path
) -> AsyncIterator[tuple[Service, Road]]:
    """A service whose store phones reach by such a road only."""
    road = Road(servers.store.endpoint)
    door = await asyncio.start_server(road.pass_on, "127.0.0.1", 0)
    road.url = f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}"
    store = replace(servers.store, public_url=road.url)
    async with door, running_service(replace(servers, store=store), template, folder) as service:
        yield service, road


LIVES = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 22), st.sampled_from(HOW), max_size=3),
        st.lists(st.one_of(st.none(), st.integers(0, 3), st.integers(1, 20_000_000)), max_size=4),
    ),
    max_size=4,
)


def every_course(service: Service, road: Road, settings: Any) -> Callable[[], None]:
    """The property, to be called in a thread: whatever befell its lives, the last one ends all, once, and proves it."""
    numbers = iter(range(10**6))

    @settings
    @given(lives=LIVES, photos=st.integers(1, 3), with_film=st.booleans())
    def course(lives: list[tuple[dict[int, str], list[int | None]]], photos: int, with_film: bool) -> None:
        with tempfile.TemporaryDirectory(prefix="pithead-course-") as scratch:
            folder, number = Path(scratch), next(numbers)
            (folder / "camera").mkdir()
            bodies = [media.jpeg(media.scene(number * 10 + each, (64, 48))) for each in range(photos)]
            bodies += [film() + number.to_bytes(4, "big")] if with_film else []
            for each, body in enumerate(bodies):
                (folder / "camera" / f"{each}.{'mp4' if len(body) > 2**20 else 'jpg'}").write_bytes(body)
            for plan, cuts in [*lives, ({}, [])]:  # In the last one nothing fails any more.
                road.cuts, said, code = deque(cuts), list[str](), None
                with contextlib.suppress(Killed):
                    code = lived(service.url, folder, plan, said)
                nothing_is_lost(folder, len(bodies))
                if code == 0:
                    break  # It is over: the next run would be another shift.
            assert code == 0, said[-10:]
            assert said[-1].startswith(f"{len(bodies)} files, {len(bodies)} sealed"), said[-1]
            asyncio.run(all_sealed_once(service.superuser, bodies))
            assert verify_path(folder / "out", folder / "out" / "keys.json").status is Status.VERIFIED

    return course


def lived(url: str, folder: Path, plan: dict[int, str], said: list[str]) -> int:
    with httpx.Client(transport=Line(plan), timeout=30) as http:
        return main_shift(
            url=url, root=folder / "camera", folder=folder / "phones", people=OFFICERS, language="en",
            say=said.append, into=folder / "out", http=http,
        )  # fmt: skip


def nothing_is_lost(folder: Path, count: int) -> None:
    """Each file stays on the camera, and each that was signed is handed over whole or has its copy on the phone."""
    taken = {path.name: path.read_bytes() for path in (folder / "camera").iterdir()}
    assert len(taken) == count
    for shelf in (folder / "phones").glob("**/shifts/*"):
        for path in (shelf / "pieces").glob("*.json"):
            told = json.loads(path.read_text())
            if told["state"] not in ("SEALED", "NOTED"):
                assert (shelf / "originals" / told["id"]).read_bytes() == taken[told["source"]]


async def all_sealed_once(superuser: str, bodies: list[bytes]) -> None:
    digests = {sha256(body).digest() for body in bodies}
    sql = await asyncpg.connect(superuser)
    try:
        rows = await sql.fetch(TRACES, next(iter(digests)))
    finally:
        await sql.close()
    assert [row["seq"] for row in rows] == list(range(len(bodies))), "a number of the chain twice, or none"
    assert {row["sha256"] for row in rows} == digests
    assert {(row["state"], row["sealed"], row["receipted"]) for row in rows} == {("SEALED", 1, True)}
