"""The story of a commitment as it is played on a running server: signed, broken, answered for and signed anew."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from api import worker
from api.demo.breaking import main_commitment
from api.demo.playing import DONE, FAILED
from api.demo.telling import Story
from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD
from api.stamping import StampingWorker
from storage.record.database import Database
from storage.record.ledger.proofs.commitments import bundles, reading
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import read_trust, verify_path
from storage.record.objects import Objects
from tests.journeys.running import Service, examined, running_service, settings_of
from tests.servers import Servers

REFUSED = [
    "NOT_ALLOWED", "PREVIEW_STALE", "CHALLENGE_USED", "NOT_YET_DUE", "BREACH_ANSWER_DUE", "BREACH_TAKES_TWO",
]  # fmt: skip


@pytest.fixture
async def service(servers: Servers, template: DatabaseAddresses, tmp_path: Path) -> AsyncIterator[Service]:
    """A running server whose workers stamp, too."""
    async with running_service(servers, template, tmp_path / "server") as running:
        database, objects, stop = Database(running.worker, pool_size=2), Objects(running.store), worker.Stop()
        stamper = StampingWorker(database, objects, partial(running.keys.signer, "stamp"))
        task = asyncio.create_task(worker.run(stamper, stop, idle=0.1))
        yield running
        stop.ask()
        await task
        await database.close()
        objects.close()


async def played(service: Service, folder: Path, into: str) -> tuple[Story, list[str]]:
    """The story, and what it says."""
    said: list[str] = []
    heard: list[Story] = []
    code = await asyncio.to_thread(
        main_commitment, url=service.url, folder=folder / "phones", into=folder / into, password=PASSWORD,
        say=said.append, heard=heard.append,
    )  # fmt: skip
    assert code == DONE, "\n".join(said[-9:])
    return heard[0], said


async def test_a_commitment_is_signed_proven_broken_answered_and_signed_anew_and_all_of_it_again(
    service: Service, tmp_path: Path
) -> None:
    story, said = await played(service, tmp_path, "once")
    assert [one.code for one in story.tried] == REFUSED
    assert sum(line.startswith("VERIFIED: commitment of") for line in said) == 2
    signed, broken, anew = (story.seen[f"public {what}"] for what in ("signed", "broken", "anew"))
    # Nobody says at the end of a year that he signed at its beginning.
    assert {one["standing"] for one in signed["clauses"]} - {"NOT_MET"} == {"KEPT", "NOT_YET"}
    assert [one["standing"] for one in broken["clauses"]].count("BROKEN") == 1
    assert signed["signed"]["uuid"] == broken["signed"]["uuid"] != anew["signed"]["uuid"]
    for which in ("first", "second"):
        (path,) = (tmp_path / "once" / which).glob(f"*{bundles.SUFFIX}")
        assert verify_path(path, tmp_path / "phones" / "server-keys.json").status is Status.VERIFIED
    keys = read_trust(tmp_path / "phones" / "server-keys.json")
    assert reading.verify_code(story.seen["code"], keys).status is Status.VERIFIED
    again, _ = await played(service, tmp_path, "twice")
    assert [one.code for one in again.tried] == REFUSED[1:], "the clauses of the year stand by now"
    assert again.seen["supersedes"] != story.seen["supersedes"]
    code, looks = await examined(settings_of(service, tmp_path / "data"))
    # The servers of the tests run without durability on purpose.
    assert [look for look in looks if look["findings"] and look["part"] != "durability"] == [], code


async def test_a_folder_that_holds_something_is_not_written_into(service: Service, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other").write_text("of somebody else")
    said: list[str] = []
    code = await asyncio.to_thread(
        main_commitment, url=service.url, folder=tmp_path / "phones", into=tmp_path / "full", password=PASSWORD,
        say=said.append,
    )  # fmt: skip
    assert code == FAILED
    assert [one.name for one in (tmp_path / "full").iterdir()] == ["other"]
    assert not (tmp_path / "phones").exists()
