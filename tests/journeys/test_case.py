"""The story of a case over HTTP, held against the law: whole by a clock, whole in the sandbox, and as far as a day."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from api.demo.case import main_case, stage
from api.demo.days import the_newest_past
from api.demo.docket import Docket
from api.demo.hands import await_shown
from api.demo.inspecting import FACT
from api.demo.playing import DONE
from api.demo.telling import ARCHIVIST, PRINCIPAL, Story
from api.embedded.postgres import DatabaseAddresses
from api.phone.outset import line_of
from api.phone.pack import OfCase, main_pack
from api.phone.phone import Person
from api.sample_people import BEFORE, PASSWORD
from storage.record.law import BUILT_IN
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.journeys.case_papers import are_in_the_pack
from tests.journeys.days import Days
from tests.journeys.running import Service, examined, running_service, settings_of
from tests.servers import Servers
from tests.storage.record.ledger.packs import relisted

ARTICLE = ("条", "号", "三（")
"""What a sentence that names an article or an opinion has one of."""
TIMELINE = """query ($id: UUID!, $after: String) { caseTimeline(id: $id, first: 100, after: $after) {
  edges { node { kind what at recordedAt position seconds node { __typename ... on CaseStep { ordinal kind body } } } }
  pageInfo { hasNextPage endCursor } } }"""
REFUSED = [
    "SCHEME_NOT_APPROVED", "CERTIFICATE_NOT_VALID", "HEAD_COUNT_NOT_ZERO", "CASE_NOT_REGISTERED",
    "INVESTIGATION_NOT_ENDED", "TIER_WITHOUT_GROUND", "STANDARD_DEPARTED",
    "STOP_LACKING", "CHAIR_INVESTIGATED", "HEARING_TOLD_TOO_LATE", "HEARING_BEFORE_ITS_TIME",
    "REVIEW_BEFORE_HEARING", "OPEN_HAZARD", "NOT_VERIFIED_ON_SITE", "REVIEW_MISSING", "REVIEW_NOT_WHOLE",
    "DELIBERATION_MISSING", "DELIBERATION_NOT_ON_PAPER", "DELIBERATION_NOT_SIGNED", "HEAVIER_AFTER_DEFENCE",
    "DECISION_NOT_ON_PAPER", "ELECTRONIC_SERVICE_WITHOUT_CONSENT", "ELECTRONIC_SERVICE_WITHOUT_CONSENT",
    "ACCEPTANCE_NOT_PASSED", "SIGNATURE_OUT_OF_ORDER",
    "REMEDY_RUNNING", "NOT_CLOSED", "CLOSING_NOT_ON_PAPER",
    "CONTENTS_NOT_WHOLE",
]  # fmt: skip


def served(servers: Servers, template: DatabaseAddresses, **given: Any) -> Any:
    """A whole service in a folder of its own."""

    @asynccontextmanager
    async def serving() -> AsyncIterator[Service]:
        with tempfile.TemporaryDirectory(prefix="pithead-case-") as folder:
            async with running_service(servers, template, Path(folder), **given) as service:
                yield service

    return serving()


async def played(service: Service, folder: Path, into: str, **given: Any) -> list[str]:
    """What the story says while it is played to its end; the pack is then checked without the server."""
    said: list[str] = []
    code = await asyncio.to_thread(
        main_case, url=service.url, folder=folder / "phones", into=folder / into, password=PASSWORD, say=said.append,
        **given,
    )  # fmt: skip
    assert code == DONE, "\n".join(said[-9:])
    assert said[-1].startswith("VERIFIED")
    assert str(folder / into) in said[-2]
    assert verify_path(folder / into, folder / "phones" / "server-keys.json").status is Status.VERIFIED
    acts = [line for line in said if line.startswith("#")]
    places = [int(line[1:].split()[0]) for line in acts]
    assert places == sorted(set(places))
    assert all(re.search(r"（.*(条|三（).*）", line) for line in acts), acts
    return said


async def must_be_well(service: Service, folder: Path) -> None:
    """The doctor finds nothing. The servers of the tests run without durability on purpose."""
    _, looks = await examined(settings_of(service, folder / "data"))
    assert [look for look in looks if (look["findings"] or look["blind"]) and look["part"] != "durability"] == []


async def test_a_case_from_the_scheme_to_the_archive(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    days = Days(2026, 2, 28, 9, 0)  # A Saturday on which people work.
    told: list[tuple[Story, Docket]] = []

    def heard(story: Story, docket: Docket) -> None:
        told.append((story, docket))
        replayed(story, docket)
        packed(story, docket, tmp_path / "phones")

    async with served(servers, template, clock=days) as service:
        said = await played(service, tmp_path, "pack", clock=days, heard=heard)
        assert "not checked" not in said[-1]
        ((story, docket),) = told
        is_as_the_law_has_it(story, docket)
        shows_each_refusal(story, said)
        passes_each_day(story, said)
        await must_be_well(service, tmp_path)
        are_in_the_pack(story, docket, tmp_path / "pack")
        page = (tmp_path / "pack" / "contents.html").read_text(encoding="utf-8")
        assert all(f"措施 Measure：{title}" in page for title in ("责令停产整顿", "责令从危险区域内撤出作业人员")), page
        names_each_step(tmp_path / "pack", docket.id, tmp_path / "phones" / "server-keys.json")


async def test_in_the_sandbox_the_case_ends_today_and_can_be_played_again(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    async with served(servers, template, begun=datetime.now(UTC) - BEFORE, sandbox=True) as service:
        for turn in ("first", "second"):
            said = await played(service, tmp_path, turn, heard=partial(archived, expected=True))
            assert "not checked" not in said[-1]
        dates = the_newest_past(datetime.now(UTC), BUILT_IN)
        assert f"{dates.prepared}" in said[0]
        assert f"── {dates.closed} ──" in said
        await must_be_well(service, tmp_path)


async def test_where_the_keys_are_younger_than_the_case_only_today_is_played(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    async with served(servers, template, sandbox=True) as service:
        said: list[str] = []

        def begun() -> tuple[bool, str]:
            with line_of(None) as line, stage(service.url, line, tmp_path, PASSWORD, None, said.append) as story:
                return story.clock.passes, story.rest

        assert await asyncio.to_thread(begun) == (False, "the_rest_elsewhere")
        assert "keys" in said[0]


async def test_where_no_day_passes_it_says_what_waits_and_can_be_played_again(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    days = Days(2026, 3, 2, 9, 0, passes=False)
    async with served(servers, template, clock=days) as service:
        for turn in ("first", "second"):
            said = await played(service, tmp_path, turn, clock=days, heard=partial(archived, expected=False))
            assert [line for line in said if line.startswith("──")] == ["── 2026-03-02 ──"]
            assert any("2026-03-12" in line for line in said if line.startswith("#")), "behind seven working days"
            waiting = [line for line in said if line.strip().startswith(("尚缺：", "期限"))]
            assert any("听证" in line and "条" in line for line in waiting)
            assert any("条" in line for line in waiting if "期限 Clock" in line)
            assert "SANDBOX=1" in said[-3]
            assert said[-1] == "VERIFIED: pack: 2 bundles, 1 case", "whole as it was given out, though the case goes on"
            page = (tmp_path / turn / "contents.html").read_text(encoding="utf-8")
            assert page.count("Hearing notified") == 1


def archived(_: Story, docket: Docket, *, expected: bool) -> None:
    """Whether it came to its end."""
    assert (docket.state() == "ARCHIVED") == expected


def shows_each_refusal(story: Story, said: list[str]) -> None:
    """All that the law refuses was tried, in this order, and the sentence names the article."""
    assert [one.code for one in story.tried] == REFUSED
    for one in story.tried:
        assert any(mark in one.sentence for mark in ARTICLE), one
        assert any("tried and refused" in line and one.sentence in line for line in said), one


def passes_each_day(story: Story, said: list[str]) -> None:
    """The days are those of the calendar, and each was said when the story came to it."""
    days = asdict(story.dates)
    too_early = days.pop("too_early")
    assert [line.strip("─ ") for line in said if line.startswith("──")] == [f"{day}" for day in sorted(days.values())]
    assert (f"{too_early}", f"{days['heard']}") == ("2026-03-26", "2026-03-27"), "seven whole working days lie between"
    assert any(line.startswith("#") and "2026-03-27" in line for line in said)


def is_as_the_law_has_it(story: Story, docket: Docket) -> None:
    """What the story looked at: the exam, the finding and its withdrawal, the paper, what was missing, the mine."""
    seen = story.seen
    assert seen["failed"] == {"score": 0, "passed": False, "flags": []}
    assert seen["passed_exam"] == {"score": 100, "passed": True, "flags": []}
    assert set(seen["consequences"]) == {"RETRAIN", "RESIT"}
    assert all(seen["consequences"].values())
    assert seen["finding found"] == {"NO_EVIDENCE": False, "NOT_CONFIRMED": False}
    assert seen["finding shown"] == {"NO_EVIDENCE": True, "NOT_CONFIRMED": False}
    assert seen["finding made good"] == {"NO_EVIDENCE": True, "NOT_CONFIRMED": True}
    lacks = {"MEASURE_NOT_CONFIRMED", "PEOPLE_NOT_TOLD", "HEAD_COUNT_NOT_ZERO"}
    assert lacks <= set(seen["withdrawal found"])
    assert not lacks & set(seen["withdrawal made good"])
    assert all(
        article for name, lacking in seen.items() if name.startswith("withdrawal") for article in lacking.values()
    )
    found = seen["filled 现场检查记录"]["检查情况"]
    assert (found["source"], FACT.rstrip("。") in found["text"]) == ("RECORD", True)
    says_what_is_missing(story)
    assert seen["own cases"] == [docket.id]
    assert seen["state"] == "ARCHIVED"


def says_what_is_missing(story: Story) -> None:
    """Why it cannot be decided yet, each time by the code, the article, and words that name it."""
    answers = [found for name, found in story.seen.items() if name.startswith("missing ")]
    for one in (one for found in [*answers, *(found for _, found in story.asked)] for one in found):
        assert one["article"]
        assert one["article"] in one["sentence"]
    codes = {name[8:]: [one["code"] for one in story.seen[name]] for name in story.seen if name.startswith("missing ")}
    assert codes["proposed"][0] == "CASE_NOT_REGISTERED"
    assert codes["registered"][:2] == ["INVESTIGATION_NOT_ENDED", "NOTHING_PROVEN"]
    assert codes["investigated"][0] == "NOTICE_MISSING"
    assert codes["noticed"][:2] == ["DEFENCE_TIME_RUNS", "HEARING_NOT_OFFERED"]
    assert "DEFENCE_NOT_EXAMINED" in codes["defended"]
    assert "HEARING_NOT_HELD" in codes["asked"]
    assert {"RECORDING_MISSING", "HEARING_NOT_ON_PAPER"} <= set(codes["heard"])
    assert "HEARING_NOT_ON_PAPER" not in codes["recorded"]
    assert "RECORDING_MISSING" not in codes["filmed"]
    assert codes["before review"] == ["REVIEW_MISSING", "DELIBERATION_MISSING"]
    assert codes["returned"][0] == "REVIEW_NOT_PASSED"
    assert codes["passed"] == ["DELIBERATION_MISSING"]
    assert codes["signed by one head"] == ["DELIBERATION_NOT_SIGNED"]
    assert codes["deliberated"] == []
    steps = [name for name, _ in story.asked]
    before = steps.index("decideCase")
    assert all(found for _, found in story.asked[:before]), "something was always missing before the decision"
    assert story.asked[before][1] == []


def replayed(story: Story, docket: Docket) -> None:
    """The timeline: each step once, in order, at a place of the ledger that grows."""

    told, after = [], None
    while True:
        page = story.cast[ARCHIVIST].asks(TIMELINE, id=docket.id, after=after)["caseTimeline"]
        told += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert all(one["position"] for one in told), "each act was told with its place"
    assert [one["recordedAt"] for one in told] == sorted(one["recordedAt"] for one in told)
    assert {one["kind"] for one in told} >= {
        "STEP", "FINDING", "MEASURE_STEP", "EVIDENCE", "PAPER_ISSUED", "PAPER_SIGNED",
    }  # fmt: skip
    nodes = [one | one["node"] for one in told if one["kind"] == "STEP"]
    assert [one["ordinal"] for one in nodes] == list(range(len(nodes)))
    places = [int(one["position"]) for one in nodes]
    assert places == sorted(set(places))
    moments = [one["at"] for one in nodes]
    assert moments == sorted(moments)
    kinds = [one["kind"] for one in nodes]
    assert (kinds[0], kinds[-2:]) == ("PROPOSED", ["CLOSED", "ARCHIVED"])
    assert kinds.count("REVIEW_RETURNED") == 1
    # What was refused left no step: each kind that was tried stands there as often as it was lawful.
    assert kinds.count("HEARING_NOTIFIED") == kinds.count("EXECUTED") == 1
    assert kinds.count("DECIDED") == kinds.count("SERVED") == 2, "the unit and its principal, each by himself"


def packed(story: Story, docket: Docket, into: Path) -> None:
    """The packs beside the whole one: of the inspection, and the main volume for the agency and for the mine."""
    lead, keys = story.lead.phone, into / "server-keys.json"
    await_shown(lead.server, story.cast.seen)
    for name, login, case in (
        ("inspection", ARCHIVIST, None), ("main", ARCHIVIST, OfCase(whole=False)), ("mine", PRINCIPAL, OfCase()),
    ):  # fmt: skip
        said: list[str] = []
        code = main_pack(
            url=lead.server.url, id=docket.id if case else story.inspection, into=into / name, folder=into,
            language="en", say=said.append, person=Person(login, PASSWORD), http=lead.server.http, case=case,
        )  # fmt: skip
        assert code == 0, said
        verdict = verify_path(into / name, keys)
        assert verdict.status is Status.VERIFIED
        left = [check.name for check in verdict.checks if check.ok is None]
        assert left == [], "what is withheld is withheld by the record's own word"
    assert "内部" not in (into / "mine" / "contents.html").read_text(encoding="utf-8")


def names_each_step(pack: Path, case: str, keys: Path) -> None:
    """The whole pack has every step, checked by itself: whoever rewrites one, with all that lists it, is named."""
    path = pack / "data" / f"{case}.case.json"
    whole, told = verify_path(pack, keys), json.loads(path.read_bytes())
    assert whole.complete, [check for check in whole.checks if not check.ok]
    assert not told["withheld"]
    steps = [check for check in whole.checks if check.name.startswith(f"{case}: step ")]
    assert len(steps) == len(told["steps"])
    decided = next(at for at, one in enumerate(told["steps"]) if '"kind":"case.decided"' in one["payload"])
    told["steps"][decided]["payload"] = told["steps"][decided]["payload"].replace("80000000", "80000001", 1)
    path.write_bytes(canonical(told))
    relisted(pack)
    failed = verify_path(pack, keys).failed
    assert failed is not None
    assert failed.name == f"{case}: step {decided}"
