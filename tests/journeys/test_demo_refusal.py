"""The story of a refusal as it is played on a running server: past two silent officers, to a reward and a pack."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api import worker
from api.demo.alarming import DUTY, NIGHT
from api.demo.docket import Docket
from api.demo.entrusting import CLAUSE, WORDS
from api.demo.playing import DONE, FAILED
from api.demo.receiving import REPLY
from api.demo.refusing import main_refusal
from api.demo.telling import PRINCIPAL, Story
from api.embedded.postgres import DatabaseAddresses
from api.phone.phone import new_id
from api.reporting.batches import ReportingWorker
from api.sample_people import PASSWORD
from notifications.escalation import escalate
from notifications.follow import follow
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from storage.record.objects import Objects
from storage.record.work import perform
from tests.journeys.running import Service, examined, running_service, settings_of
from tests.servers import Servers

REFUSED = [
    "NOT_ALLOWED", "CHECK_NEEDS_TWO", "NOT_YET_CHECKED", "ORDER_STILL_OPEN", "REWARD_NOT_DECIDED",
]  # fmt: skip
STEPS = ["MADE", "CHECK_ORDERED", "CHECKED", "CHECKED", "SUBSTANTIATED", "ORDERED", "LIFTED"]
CHANGES = "{ changes(last: 100) { edges { node { kind } } } }"
MEASURES = "query ($mine: UUID!) { measures(first: 100, mineId: $mine) { edges { node { uuid state } } } }"
SILENT = "nobody answers"


@dataclass(slots=True)
class Ladder:
    """Follows the ledger and lets alarms climb by a time that is ahead of this machine's."""

    database: Database
    ahead: timedelta = field(default=timedelta(0))

    async def turn(self) -> bool:
        """One round."""
        now = datetime.now(UTC)
        behind = await perform(self.database, keeper(), now, follow)
        return await perform(self.database, keeper(), now + self.ahead, escalate) or behind

    def hears(self, line: str) -> None:
        """Minutes pass whenever nobody answered."""
        if SILENT in line:
            self.ahead += timedelta(minutes=5)


@asynccontextmanager
async def told_by(service: Service) -> AsyncIterator[Ladder]:
    """The workers that move reports and tell of what happened, beside those that a service has."""
    database, objects, stop = Database(service.worker, pool_size=4), Objects(service.store), worker.Stop()
    ladder = Ladder(database)
    tasks = [
        asyncio.create_task(worker.run(one, stop, idle=0.1)) for one in (ladder, ReportingWorker(database, objects))
    ]
    try:
        yield ladder
    finally:
        stop.ask()
        await asyncio.gather(*tasks)
        await database.close()
        objects.close()


@pytest.fixture
async def service(servers: Servers, template: DatabaseAddresses, tmp_path: Path) -> AsyncIterator[Service]:
    async with running_service(servers, template, tmp_path / "server") as running:
        yield running


async def played(service: Service, folder: Path, into: str, ladder: Ladder, **given: Any) -> tuple[Story, list[str]]:
    """The story and what it says until its pack is checked without the server."""
    said: list[str] = []
    heard: list[Story] = []

    def say(line: str) -> None:
        said.append(line)
        ladder.hears(line)

    def keep(story: Story, _: Docket) -> None:
        edges = story.cast[PRINCIPAL].asks(CHANGES)["changes"]["edges"]
        story.seen["log of the mine"] = {edge["node"]["kind"] for edge in edges}
        edges = story.lead.asks(MEASURES, mine=story.mine)["measures"]["edges"]
        story.seen["orders"] = {edge["node"]["uuid"]: edge["node"]["state"] for edge in edges}
        story.seen["left open"] = left_open(story)
        heard.append(story)

    code = await asyncio.to_thread(
        main_refusal, url=service.url, folder=folder / "phones", into=folder / into, password=PASSWORD, say=say,
        heard=keep, **given,
    )  # fmt: skip
    assert code == DONE, "\n".join(said[-9:])
    assert said[-1] == "VERIFIED: pack: 1 bundle, 1 case"
    assert str(folder / into) in said[-2]
    assert verify_path(folder / into, folder / "phones" / "server-keys.json").status is Status.VERIFIED
    return heard[0], said


def left_open(story: Story) -> str:
    """An order of this inspection that nobody closes, as other work at the mine leaves it behind."""
    measure = new_id()
    story.lead.acts(
        "orderMeasure", "measure { state }", id=measure, inspectionId=story.inspection, kind="CORRECT_BY_TERM",
        days=10, reason="甲烷传感器断线", orderedAt=story.seen_ago(seconds=0), findingIds=[story.finding],
    )  # fmt: skip
    return measure


async def test_a_refusal_from_a_receipt_past_two_silent_officers_to_a_paid_reward_and_again(
    service: Service, tmp_path: Path
) -> None:
    async with told_by(service) as ladder:
        story, said = await played(service, tmp_path, "first", ladder)
        assert story.seen["passed"] == [DUTY, NIGHT], "a head takes it, since neither of the two said a word"
        assert any("赵肃" in line and "接警" in line for line in said if line.startswith("#"))
        is_as_told(story, said)
        says_nothing_of_the_miner(story, said)

        ladder.ahead = timedelta(0)
        again, said = await played(service, tmp_path, "second", ladder, minutes=0)
        assert again.seen["passed"] == []
        looked = [line for line in said if "实施意见三（十四）3" in line]
        assert len(looked) == 1, "the order that the first left open is looked at before anything new is closed"
        assert again.seen["orders"][story.seen["left open"]] == "NOT_CORRECTED", "and nobody says it was put right"
        assert again.seen["mine reads"]["uuid"] != story.seen["mine reads"]["uuid"]
        is_as_told(again, said)
        nothing = partial(main_refusal, url=service.url, folder=tmp_path, into=tmp_path / "first", password=PASSWORD)
        assert await asyncio.to_thread(nothing, say=said.append) == FAILED
    code, looks = await examined(settings_of(service, tmp_path / "data"))
    # The servers of the tests run without durability on purpose.
    assert [look for look in looks if look["findings"] and look["part"] != "durability"] == [], code


def is_as_told(story: Story, said: list[str]) -> None:
    """Each act has its article, the places grow, what the law forbids was tried, and the miner reads each step."""
    acts = [line for line in said if line.startswith(("#", "·"))]
    assert all(re.search(r"（.*(条|三（).*）", line) for line in acts), acts
    places = [int(line[1:].split()[0]) for line in acts if line.startswith("#")]
    assert places == sorted(set(places))
    assert [one.code for one in story.tried] == REFUSED
    assert story.seen["by receipt"] == STEPS
    assert story.seen["reward"] == "PAID"
    assert sum(WORDS in line for line in said) == 3, "two hands open it with their keys, and he with his receipt"
    assert any(REPLY in line for line in said if line.startswith("  │")), "what the desk answers comes to the receipt"


def says_nothing_of_the_miner(story: Story, said: list[str]) -> None:
    """The mine reads the condition alone; what came of the miner has no place that anybody reads."""
    assert set(story.seen["mine reads"]) == {"uuid", "place", "clause", "since", "madeAt", "liftedAt"}
    assert story.seen["mine reads"]["clause"] == CLAUSE
    assert [line for line in said if line.startswith("·")] == [
        line for line in said if "拒绝入井：1201" in line or "奖励：凭凭证" in line
    ]
    read = story.seen["log of the mine"]
    assert "finding.recorded" in read
    assert not [kind for kind in read if kind.startswith(("refusal", "report", "reward", "alert"))]
