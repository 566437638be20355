"""The story of a disclosure as it is played on a running server: published, corrected, disputed, taken down, proven."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.demo.playing import DONE, FAILED
from api.demo.publishing import TELEPHONE, main_disclosure
from api.demo.telling import Story
from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.journeys.running import Service, examined, running_service, settings_of
from tests.servers import Servers

REFUSED = [
    "PERSONAL_DATA_FOUND", "PUBLISHED_BY_ITS_AUTHOR", "COPY_STALE", "ALREADY_PUBLISHED", "NOTHING_TO_CORRECT",
    "COPY_STALE", "NOTHING_DISPUTED", "WITHDRAWAL_UNREASONED", "STILL_SHOWN",
]  # fmt: skip
HISTORY = ["PUBLISHED", "DISPUTED", "WITHDRAWN", "RESTORED", "CORRECTED"]


@pytest.fixture
async def service(servers: Servers, template: DatabaseAddresses, tmp_path: Path) -> AsyncIterator[Service]:
    """A running server."""
    async with running_service(servers, template, tmp_path / "server") as running:
        yield running


async def played(service: Service, folder: Path, into: str) -> tuple[Story, list[str]]:
    """The story, and what it says."""
    said: list[str] = []
    heard: list[Story] = []
    code = await asyncio.to_thread(
        main_disclosure, url=service.url, folder=folder / "phones", into=folder / into, password=PASSWORD,
        say=said.append, heard=heard.append,
    )  # fmt: skip
    assert code == DONE, "\n".join(said[-9:])
    return heard[0], said


async def opened(service: Service, path: str) -> httpx.Response:
    """What a browser without any account gets."""
    async with httpx.AsyncClient(base_url=service.url, trust_env=False) as visitor:
        return await visitor.get(path)


async def test_a_penalty_and_a_result_are_published_corrected_disputed_taken_down_and_proven_three_times_over(
    service: Service, tmp_path: Path
) -> None:
    story, said = await played(service, tmp_path, "once")
    assert [one.code for one in story.tried] == REFUSED
    assert said[-1].startswith("VERIFIED: disclosure of PENALTY")
    told: dict[str, Any] = story.seen["shown"]
    assert [one["kind"] for one in told["events"]] == HISTORY
    assert (told["shown"]["disputed"], told["copy"]["remedies"][0]["result"]) == (False, "UPHELD")
    assert told["shown"]["credit_code"] == story.credit_code
    assert story.seen["410"]["shown"] is None
    assert TELEPHONE not in json.dumps(told, ensure_ascii=False)
    assert all(story.seen["taken"].values())
    await _can_be_opened(service, story, said)
    await asyncio.to_thread(_is_proven, story, tmp_path / "once")
    for again in ("twice", "thrice"):
        later, _ = await played(service, tmp_path, again)
        assert [one.code for one in later.tried] == REFUSED
    code, looks = await examined(settings_of(service, tmp_path / "data"))
    # The servers of the tests run without durability on purpose.
    assert [look for look in looks if look["findings"] and look["part"] != "durability"] == [], code


async def _can_be_opened(service: Service, story: Story, said: list[str]) -> None:
    """What the story names to be opened is there, and says what it should."""
    for path, status in (
        (f"/d/{story.seen['penalty']}", 200), (f"/d/{story.seen['result']}?lang=en", 200),
        (f"/d/{story.seen['gone']}", 410), (f"/m/{story.mine}", 200), (f"/g/{story.credit_code}", 200), ("/", 200),
    ):  # fmt: skip
        assert any(path.split("?")[0] in line for line in said), path
        assert (await opened(service, path)).status_code == status, path
    earlier = story.seen["shown"]["editions"][0]["digest"]
    assert (await opened(service, f"/d/{story.seen['penalty']}/editions/{earlier}.json")).status_code == 200


def _is_proven(story: Story, folder: Path) -> None:
    """By the keys that were fetched at first; the changed one is not."""
    trust = folder.parent / "phones" / "server-keys.json"
    assert verify_path(folder / f"{story.seen['penalty']}.disclosure.json", trust).status is Status.VERIFIED
    assert verify_path(folder / "changed.disclosure.json", trust).status is Status.BROKEN
    assert {path.name for path in folder.iterdir()} >= {"disclosures.atom", "disclosures.csv", "deletions.ndjson"}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    said: list[str] = []
    code = main_disclosure(
        url="http://localhost:1", folder=tmp_path / "phones", into=tmp_path, password=PASSWORD, say=said.append
    )
    assert (code, len(said)) == (FAILED, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
