"""A named report with its identity locked away, over HTTP: filed, accepted, verified, opened by two, fed back."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from PIL import Image

from api.embedded.postgres import DatabaseAddresses
from api.reporter import reading
from api.reporter.filing import Wish
from api.reporter.server import Refused
from api.reporter.terminal import GivenUp
from api.reporting.batches import ReportingWorker
from storage.record.database import Database
from storage.record.ledger.proofs.reports.messages import Identity
from storage.record.objects import Objects
from tests.journeys.persons import Officer, Reporter
from tests.journeys.running import Service, running_service
from tests.servers import Servers

WORDS = "回风巷瓦斯探头被包住，班前会说不许声张。"
WHO = Identity(name="张三丰", number="520281199001011234", contact="13800138000")
HOUR = timedelta(hours=1)


@pytest.fixture
async def service(servers: Servers, template: DatabaseAddresses, tmp_path: Path) -> AsyncIterator[Service]:
    async with running_service(servers, template, tmp_path / "server") as running:
        yield running


async def hour_passes(service: Service, *, hours: int = 1) -> None:
    """The batch of an hour moves what waits, as the worker does once that hour has struck."""
    database, objects = Database(service.worker, pool_size=2), Objects(service.store)
    try:
        worker = ReportingWorker(database, objects, clock=lambda: datetime.now(UTC) + hours * HOUR)
        while await worker.turn():
            pass
    finally:
        await database.close()
        objects.close()


async def desks(service: Service) -> tuple[Officer, Officer, list[Officer]]:
    """Intake and verification with keys whose shares three custodians hold."""
    custodians = [Officer(service.url, f"custodian.{which}") for which in ("one", "two", "three")]
    for custodian in custodians:
        await custodian.does("keep_key", custodian=True)
    intake, verifier = Officer(service.url, "intake.panzhou"), Officer(service.url, "verifier.panzhou")
    for officer in (intake, verifier):
        await officer.does("keep_key", county="520281")
    return intake, verifier, custodians


async def mine_of(service: Service) -> str:
    connection = await asyncpg.connect(service.superuser)
    try:
        return str(await connection.fetchval("SELECT name FROM mines WHERE county = '520281' ORDER BY name LIMIT 1"))
    finally:
        await connection.close()


async def reports(service: Service) -> list[UUID]:
    connection = await asyncpg.connect(service.superuser)
    try:
        return [row["id"] for row in await connection.fetch("SELECT id FROM reports ORDER BY id")]
    finally:
        await connection.close()


async def entries(service: Service) -> list[str]:
    connection = await asyncpg.connect(service.superuser)
    try:
        kinds = await connection.fetch("SELECT kind FROM entries WHERE kind ~ '^(report|identity)'")
        return sorted(row["kind"] for row in kinds)
    finally:
        await connection.close()


def photo(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI"
    file = folder / "井下.jpg"
    Image.new("RGB", (3_000, 2_000), "gray").save(file, "JPEG", exif=exif, comment="拍摄人张三丰")
    return file


def voice(folder: Path) -> Path:
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(bytes(2 * 16_000))
    file = folder / "说.wav"
    file.write_bytes(written.getvalue())
    return file


async def test_a_named_report_from_its_filing_to_an_identity_that_two_open(service: Service, tmp_path: Path) -> None:
    intake, verifier, custodians = await desks(service)
    reporter, mine = Reporter(service.url), await mine_of(service)
    wish = Wish(
        mine=mine, words=WORDS, mode="NAMED", identity=WHO, photos=[photo(tmp_path)], voices=[voice(tmp_path)],
        form="W", parameters="1",
    )  # fmt: skip
    await asyncio.to_thread(reporter.files, wish)
    assert any("removed: " in line and "the device" in line and "a comment" in line for line in reporter.said)
    assert await reports(service) == []
    assert await intake.does("listed") == ["Nothing is to be handled."]

    await hour_passes(service)
    (report,) = map(str, await reports(service))
    (line,) = await intake.does("listed")
    assert "opens with your key" in line
    assert f"{mine} (盘州市)" in line, "a person knows mines and counties by their names"
    read = await intake.does("read", report=report)
    assert f"        {WORDS}" in read
    assert not any(WHO.name in line for line in read)
    await intake.does("step", report=report)
    await intake.does("hand_over", report=report)
    assert await intake.does("reply", report=report, words=" ", code=3) == ["Nothing was said, so nothing was sent."]
    await intake.does("reply", report=report, words="已受理，请说明探头的位置。")
    assert "        已受理，请说明探头的位置。" in await _reads(reporter)
    await asyncio.to_thread(reporter.within, lambda thread, terminal: reading.answer(thread, terminal, words="二横川"))
    await hour_passes(service, hours=2)

    await verifier.does("step", report=report, step="verifying")
    read = await verifier.does("read", report=report)
    for words in (WORDS, "已受理，请说明探头的位置。", "二横川"):
        assert f"        {words}" in read, "whoever it was handed over to follows all that is said"
    await verifier.does("reply", report=report, words="核查人员已到井口。")
    assert "        核查人员已到井口。" in await _reads(reporter)
    read = await intake.does("read", report=report)
    assert "        二横川" in read
    assert "        核查人员已到井口。" not in read
    await _nobody_opens_alone(report, intake, verifier, custodians[0])
    asked = await verifier.does("ask_identity", report=report, reason="须向本人核实探头照片")
    request = asked[0].split("(")[1].split(")")[0]
    assert any("须向本人核实探头照片" in line for line in await _reads(reporter))
    await verifier.does("open_identity", report=report, code=3)
    await custodians[1].does("release_identity", request=request)
    opened = await verifier.does("open_identity", report=report)
    assert WHO.name in opened[0]
    assert WHO.number in opened[0]
    assert any("was released" in line for line in await _reads(reporter))

    exported = await verifier.does("export", report=report, into=tmp_path / "out")
    assert len(exported) == 2
    assert all(line.endswith("removed: nothing besides") for line in exported), "they were cleaned before"
    (jpeg,) = (tmp_path / "out").glob("*.jpg")
    with Image.open(jpeg) as picture:
        assert picture.size == (2_560, 1_707)
    assert b"HUAWEI" not in jpeg.read_bytes()
    for step in ("substantiated", "fed_back"):
        await verifier.does("step", report=report, step=step)
    said = await _reads(reporter)
    assert "fed back" in said[0]
    (told,) = (line for line in said if line.startswith("To tell the outcome: due "))
    assert "Measures on Reports of Coal Mine Safety (2012) art. 10" in told
    assert "Attached, and arrived: photos: 1, voice notes: 1" in said
    with pytest.raises(GivenUp, match="no_reward"):
        await asyncio.to_thread(reporter.within, partial(reading.claim, payee="县局窗口"))
    found = await entries(service)
    for kind in ("report.filed", "report.accepted", "report.handed_over", "report.answered", "identity.asked",
                 "identity.released", "report.fed_back"):  # fmt: skip
        assert kind in found


async def _reads(reporter: Reporter) -> list[str]:
    reporter.said = []
    await asyncio.to_thread(reporter.within, reading.read)
    return reporter.said


async def _nobody_opens_alone(report: str, intake: Officer, verifier: Officer, custodian: Officer) -> None:
    assert await verifier.does("open_identity", report=report, code=3) == ["No custodian released it yet."]
    for stranger in (intake, custodian):
        assert not any(WHO.name in line for line in await stranger.does("open_identity", report=report, code=3))


async def test_a_lost_key_comes_back_through_two_custodians(service: Service) -> None:
    intake, _, custodians = await desks(service)
    reporter, mine = Reporter(service.url), await mine_of(service)
    await asyncio.to_thread(reporter.files, Wish(mine=mine, words=WORDS, parameters="1"))
    await hour_passes(service)
    (report,) = map(str, await reports(service))
    again = Officer(service.url, intake.login, phrase="忘了旧的，记住新的，夜里也亮")
    await again.does("keep_key", county="520281")
    assert not any(WORDS in line for line in await again.does("read", report=report))
    await custodians[0].does("give_shares")
    assert (await again.does("recover", code=3))[0].startswith("Two custodians")
    await custodians[2].does("give_shares")
    await again.does("recover")
    assert any(WORDS in line for line in await again.does("read", report=report))


async def test_whoever_does_not_go_on_or_has_another_receipt_leaves_nothing(service: Service) -> None:
    await desks(service)
    mine = await mine_of(service)
    with pytest.raises(GivenUp, match="given_up"):
        await asyncio.to_thread(Reporter(service.url, goes_on="n").files, Wish(mine=mine, words=WORDS))
    assert await service.count("SELECT count(*) FROM filings") == 0
    stranger = Reporter(service.url, paper="1 · 000 000 · 000 000 000 000 000 000")
    with pytest.raises(Refused, match="RECEIPT_NOT_KNOWN"):
        await asyncio.to_thread(stranger.within, reading.read)
