"""What a report leaves behind: looked for in logs, traces, metrics, dump, bucket and the servers' own logs."""

import asyncio
import io
import secrets
from pathlib import Path

import httpx
import pytest
from PIL import Image

from api.app import Watch
from api.embedded.postgres import DatabaseAddresses
from api.reporter import reading
from api.reporter.filing import Wish
from api.reporter.server import Refused
from api.telemetry import telemetry_to
from storage.record.ledger.proofs.reports.messages import Identity
from storage.record.ledger.proofs.reports.receipts import Receipt
from storage.record.objects import Objects
from tests.journeys.persons import Reporter
from tests.journeys.running import Service, running_service
from tests.journeys.test_report import desks, hour_passes, mine_of, reports
from tests.receiver import receiving
from tests.servers import Servers
from tests.storage.miners.reports.test_thief import dumped

SAID, ANSWERED = f"回风巷探头被包住{secrets.token_hex(6)}", f"请说明位置{secrets.token_hex(6)}"
WHO = Identity(
    name=f"张三丰{secrets.token_hex(4)}", number=f"5202{secrets.randbelow(10**14):014}",
    contact=f"138{secrets.randbelow(10**8):08}",
)  # fmt: skip
CAMERA = f"HUAWEI-{secrets.token_hex(4)}"


def photo(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    Image.new("RGB", (800, 600), "gray").save(folder / "a.jpg", "JPEG", exif=exif)
    return folder / "a.jpg"


async def a_report(service: Service, folder: Path) -> Receipt:
    """Filed, moved on, read and answered at the desk, read by receipt; and a receipt with a slip in it tried."""
    intake, _, _ = await desks(service)
    reporter = Reporter(service.url)
    wish = Wish(mine=await mine_of(service), words=SAID, mode="NAMED", identity=WHO, photos=[photo(folder)],
                form="W", parameters="1")  # fmt: skip
    receipt = await asyncio.to_thread(reporter.files, wish)
    await hour_passes(service)
    (report,) = map(str, await reports(service))
    assert any(SAID in line for line in await intake.does("read", report=report))
    await intake.does("reply", report=report, words=ANSWERED)
    await asyncio.to_thread(reporter.within, reading.read)
    assert any(ANSWERED in line for line in reporter.said)
    wrong = Reporter(service.url, paper="1 · 000 000 · 000 000 000 000 000 000")
    with pytest.raises(Refused):
        await asyncio.to_thread(wrong.within, reading.read)
    return receipt


async def in_the_bucket(service: Service) -> bytes:
    """Names and contents of all that the store holds."""
    objects = Objects(service.store)
    try:
        found = await asyncio.to_thread(objects.versions, "")
        bodies = [b"".join([one.name.encode(), *objects.read(one.name, one.version)]) for one in found]
    finally:
        objects.close()
    assert bodies, "the photo lies there"
    return b"\n".join(bodies)


def of_the_servers(servers: Servers) -> bytes:
    """What database and store wrote of themselves."""
    logs = [one for one in servers.folder.rglob("log*") if one.is_file()]
    assert logs
    return b"".join(one.read_bytes() for one in logs)


async def test_nothing_of_a_reporter_stands_where_operators_look(
    servers: Servers, template: DatabaseAddresses, words: io.StringIO, tmp_path: Path
) -> None:
    with receiving() as receiver:
        telemetry = telemetry_to(receiver.url, process="api", headers={}, share=1.0)
        watch = Watch(every_request=True)
        async with running_service(
            servers, template, tmp_path / "server", watch=watch, telemetry=telemetry
        ) as service:  # fmt: skip
            receipt = await a_report(service, tmp_path)
            metrics = await asyncio.to_thread(lambda: httpx.get(f"{service.url}/metrics", timeout=30).content)
            dump = await dumped(template.of_database(service.superuser.rsplit("/", 1)[-1]))
            bucket = await in_the_bucket(service)
    places = {
        "logs": words.getvalue().encode(), "traces": b"".join(receiver.bodies), "metrics": metrics,
        "dump": dump.encode(), "bucket": bucket, "servers": of_the_servers(servers),
    }  # fmt: skip
    assert b"pithead.requests" in places["logs"], "officers' requests are there"
    assert receiver.spans
    assert b"pithead_" in metrics
    secret = {SAID, ANSWERED, WHO.name, WHO.number, WHO.contact, CAMERA, receipt.secret}
    assert {
        place: found for place, said in places.items() if (found := [one for one in secret if one.encode() in said])
    } == {}
    for place in ("logs", "traces", "metrics", "bucket", "servers"):
        assert receipt.locator.encode() not in places[place], place
    for place in ("logs", "traces", "metrics"):
        assert b"/reporting" not in places[place], place
