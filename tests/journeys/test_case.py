"""A case over HTTP, from the scheme of the inspection to its archived file: March to June, eleven people."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.phone.pack import OfCase, main_pack
from api.phone.phone import Person
from api.sample_people import PASSWORD
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.factories import media
from tests.journeys.case_course import Days, Docket, Hand, Town, awaited, refused
from tests.journeys.case_inspection import (
    ARCHIVIST,
    HEAD,
    PRINCIPAL,
    Story,
    corrected,
    found_in_danger,
    made_good,
    opened,
    packed,
    papers_signed,
    prepared,
    sat_an_exam,
)
from tests.journeys.running import LEAD, Service, examined, running_service, settings_of
from tests.servers import Servers
from tests.storage.record.ledger.packs import relisted

CHAIR, DEPUTY, REVIEWER = "chair.liupanshui", "deputy.liupanshui", "reviewer.liupanshui"
FINE = {"kind": "FINE", "sum": "80000000", "basis": "fine_major_hazard_unit"}
BY_HAND = {"way": "DIRECT", "proof": "送达回证", "receiver": "何矿"}
TIMELINE = """query ($id: UUID!, $after: String) { caseTimeline(id: $id, first: 100, after: $after) {
  edges { node { kind what at recordedAt position seconds node { __typename ... on CaseStep { ordinal kind body } } } }
  pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture(scope="module")
def days() -> Days:
    return Days(2026, 2, 27, 9, 0)


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses, days: Days) -> AsyncIterator[Service]:
    with tempfile.TemporaryDirectory(prefix="pithead-case-") as folder:
        async with running_service(servers, template, Path(folder), clock=days) as running:
            yield running


async def test_a_case_from_the_scheme_to_the_archive(service: Service, days: Days, tmp_path: Path) -> None:
    def told() -> None:
        with httpx.Client(timeout=30, trust_env=False) as http:
            story = Story(Town(service.url, tmp_path / "phones", days, http), days)
            prepared(story)
            opened(story)
            sat_an_exam(story)
            found_in_danger(story)
            made_good(story)
            papers_signed(story)
            docket = filed(story)
            investigated(story, docket)
            heard(story, docket)
            corrected(story, lambda: close(story, docket))
            hearing_held(story, docket)
            reviewed(story, docket)
            decided(story, docket)
            reconsidered(story, docket)
            ended(story, docket)
            replayed(story, docket)
            packed(story, tmp_path)
            case_packed(story, docket, tmp_path)

    await asyncio.to_thread(told)
    _, looks = await examined(settings_of(service, tmp_path / "data"))
    # The servers of the tests run without durability on purpose: nothing else is wrong.
    assert [look for look in looks if (look["findings"] or look["blind"]) and look["part"] != "durability"] == []


def filed(story: Story) -> Docket:
    """处罚法54: proposed by two officers from the finding, registered by the head."""
    story.days.on(2026, 3, 4, 9, 0)
    lead = story.town[LEAD]
    docket = Docket(str(uuid4()), str(uuid4()), lead)
    story.steps["conduct"] = str(uuid4())
    docket.try_step(
        lead, "proposeCase", mineId=story.mine, cause="瓦斯超限作业", discoveredOn="2026-03-03",
        parties=[{"id": docket.party, "kind": "UNIT", "name": "松河湾煤矿(示例)", "subject": "91520000"}],
        conducts=[{"id": story.steps["conduct"], "name": "瓦斯超限作业", "clause": "煤矿安全生产条例第三十六条第二项",
                   "beganOn": "2026-03-03", "endedOn": "2026-03-03", "finding": story.finding}],
        inspection=story.inspection, officerIds=story.officers,
    )  # fmt: skip
    assert docket.why()[0] == "CASE_NOT_REGISTERED"
    with refused("CASE_NOT_REGISTERED"):
        end_investigation(story, docket)
    story.days.on(2026, 3, 5, 9, 0)
    docket.step(story.town[HEAD], "registerCase")
    return docket


def end_investigation(story: Story, docket: Docket) -> None:
    """调查终结报告."""
    docket.step(story.town[LEAD], "endInvestigation", facts="3月3日瓦斯3.2%仍在割煤，事实清楚", complex=True,
                officerIds=story.officers)  # fmt: skip


def investigated(story: Story, docket: Docket) -> None:
    """处罚法46, 55, 34, 44, 63: statement and evidence, the end, the range, the notice, the hearing that is offered."""
    days, lead = story.days, story.town[LEAD]
    assert docket.why()[:2] == ["INVESTIGATION_NOT_ENDED", "NOTHING_PROVEN"]
    docket.step(lead, "takeStatement", of="当班班长", signed=True, officerIds=story.officers)
    docket.step(lead, "addCaseEvidence", name="现场照片", proves="瓦斯超限仍作业", evidence=[story.photo],
                officerIds=story.officers)  # fmt: skip
    with refused("INVESTIGATION_NOT_ENDED"):
        serve_notice(story, docket)
    days.on(2026, 3, 10, 15, 0)
    end_investigation(story, docket)
    weighed = {"standard": "裁量基准第2项", "basis": FINE["basis"], "least": "60000000", "most": "95000000",
               "reason": "一次超限，及时撤人", "officerIds": story.officers}  # fmt: skip
    with refused("TIER_WITHOUT_GROUND"):
        docket.step(lead, "suggestDiscretion", partyId=docket.party, ground="MITIGATED", **weighed)
    with refused("STANDARD_DEPARTED"):
        docket.step(lead, "suggestDiscretion", partyId=docket.party, ground="LIGHTER", **weighed)
    docket.step(lead, "suggestDiscretion", partyId=docket.party, ground="LIGHTER", circumstances=["REDUCED_HARM"],
                **weighed)  # fmt: skip
    assert docket.why()[0] == "NOTICE_MISSING"
    days.on(2026, 3, 11, 9, 0)
    serve_notice(story, docket)
    assert docket.why()[:2] == ["DEFENCE_TIME_RUNS", "HEARING_NOT_OFFERED"]
    docket.step(lead, "offerHearing", partyId=docket.party, delivery=BY_HAND, officerIds=story.officers)


def serve_notice(story: Story, docket: Docket) -> None:
    """行政处罚告知书."""
    docket.step(story.town[LEAD], "serveNotice", partyId=docket.party, conducts=[story.steps["conduct"]],
                facts="瓦斯超限作业", grounds="条例第六十四条", sanctions=[FINE], rightsTold=True, delivery=BY_HAND,
                officerIds=story.officers)  # fmt: skip


def heard(story: Story, docket: Docket) -> None:
    """处罚法45, 63–65: defence answered in writing; hearing asked in time, told seven working days before, held."""
    town, days, party = story.town, story.days, docket.party
    lead, chair = town[LEAD], town[CHAIR]
    days.on(2026, 3, 13, 10, 0)
    defence = docket.step(lead, "receiveDefence", partyId=party, words="传感器误报")
    assert "DEFENCE_NOT_EXAMINED" in docket.why()
    docket.step(lead, "examineDefence", partyId=party, defence=defence, accepted=False, answer="光学瓦检仪复测一致")
    days.on(2026, 3, 16, 10, 0)
    docket.step(lead, "askHearing", partyId=party, how="书面")
    assert "HEARING_NOT_HELD" in docket.why()
    days.on(2026, 3, 17, 10, 0)
    given = {"partyId": party, "place": "一楼听证室", "chair": chair.account, "delivery": BY_HAND}
    with refused("CHAIR_INVESTIGATED"):
        docket.step(chair, "notifyHearing", **given | {"chair": lead.account}, hearingAt="2026-03-27T09:30:00+08:00")
    with refused("HEARING_TOLD_TOO_LATE"):
        docket.step(chair, "notifyHearing", **given, hearingAt="2026-03-26T09:30:00+08:00")
    notified = docket.step(chair, "notifyHearing", **given, hearingAt="2026-03-27T09:30:00+08:00")
    held = {"partyId": party, "notified": notified, "came": True, "agents": 1}
    with refused("HEARING_BEFORE_ITS_TIME"):
        docket.step(chair, "holdHearing", **held)
    with refused("REVIEW_BEFORE_HEARING"):
        submit(story, docket)
    story.steps["hearing"] = notified


def hearing_held(story: Story, docket: Docket) -> None:
    """处罚法64, 47: by the chair at the time that was told, and filmed; without the film nothing is decided."""
    days, town = story.days, story.town
    lead: Hand = town[LEAD]
    days.on(2026, 3, 27, 9, 31)
    hearing = docket.step(town[CHAIR], "holdHearing", partyId=docket.party, notified=story.steps["hearing"], came=True,
                          agents=1)  # fmt: skip
    assert "RECORDING_MISSING" in docket.why()
    film = lead.takes(story.records(), media.film(), "video/mp4")
    docket.step(lead, "linkCaseRecording", partyId=docket.party, step=hearing, medium="FILM", evidence=[film])
    assert "RECORDING_MISSING" not in docket.why()


def submit(story: Story, docket: Docket) -> str:
    """To legal review."""
    return docket.step(story.town[LEAD], "submitForReview", partyId=docket.party, sanctions=[FINE], papers="案卷一册")


def reviewed(story: Story, docket: Docket) -> None:
    """处罚法58: sent back once with its notes, passed once they were answered."""
    days, town, party = story.days, story.town, docket.party
    days.on(2026, 3, 30, 9, 0)
    assert docket.why() == ["REVIEW_MISSING", "DELIBERATION_MISSING"]
    first = submit(story, docket)
    with refused("REVIEW_MISSING"):
        deliberate(story, docket)
    days.on(2026, 3, 31, 9, 0)
    docket.step(town[REVIEWER], "returnReview", partyId=party, submitted=first, notes="第3页：补瓦检仪检定证书")
    assert docket.why()[0] == "REVIEW_NOT_PASSED"
    docket.step(town[LEAD], "addCaseEvidence", name="检定证书", proves="仪器有效", evidence=[story.photo],
                officerIds=story.officers)  # fmt: skip
    days.on(2026, 4, 1, 9, 0)
    second = submit(story, docket)
    whole = ["SUBJECT", "POWERS", "FACTS", "EVIDENCE", "LAW", "DISCRETION", "PROCEDURE", "PAPERS"]
    with refused("REVIEW_NOT_WHOLE"):
        docket.step(town[REVIEWER], "passReview", partyId=party, submitted=second, checked=whole[1:],
                    reviewedBefore=True)  # fmt: skip
    docket.step(town[REVIEWER], "passReview", partyId=party, submitted=second, checked=whole, reviewedBefore=True)
    assert docket.why() == ["DELIBERATION_MISSING"]


def deliberate(story: Story, docket: Docket) -> None:
    """集体讨论."""
    heads = [story.town[HEAD].account, story.town[DEPUTY].account]
    docket.step(story.town[HEAD], "deliberateCase", partyId=docket.party, heads=heads, opinion="同意罚款八十万元")


def decided(story: Story, docket: Docket) -> None:
    """处罚法57, 59, 61, 67: heads together, decided, served electronically only with a signed consent, paid."""
    days, town, party = story.days, story.town, docket.party
    lead, head = town[LEAD], town[HEAD]
    days.on(2026, 4, 2, 9, 0)
    draft = {"partyId": party, "outcome": "PENALTY", "conducts": [story.steps["conduct"]], "facts": "事实",
             "grounds": "条例第六十四条", "sanctions": [FINE], "remedies": "六十日内复议，六个月内诉讼",
             "payTo": "工商银行，十五日内"}  # fmt: skip
    with refused("DELIBERATION_MISSING"):
        docket.step(head, "decideCase", **draft)
    deliberate(story, docket)
    assert docket.why() == []
    with refused("HEAVIER_AFTER_DEFENCE"):
        docket.step(head, "decideCase", **draft | {"sanctions": [FINE | {"sum": "90000000"}]})
    decision = story.steps["decision"] = docket.step(head, "decideCase", **draft)
    days.on(2026, 4, 3, 9, 0)
    electronic = {"way": "ELECTRONIC", "proof": "系统到达记录", "receiver": "何矿"}
    served = {"partyId": party, "decision": decision, "delivery": electronic, "officerIds": story.officers}
    for signed in (False, True):
        with refused("ELECTRONIC_SERVICE_WITHOUT_CONSENT"):
            docket.step(lead, "serveDecision", **served)
        docket.step(lead, "confirmService", partyId=party, address="songhewan@example.cn", electronic=True,
                    signed=signed)  # fmt: skip
    docket.step(lead, "serveDecision", **served)
    days.on(2026, 4, 16, 9, 0)
    docket.step(lead, "recordPayment", partyId=party, decision=decision, sum=FINE["sum"], way="BANK")


def close(story: Story, docket: Docket) -> None:
    """结案."""
    docket.step(story.town[HEAD], "closeCase", ground="DONE", report="已缴款，隐患已销号")


def reconsidered(story: Story, docket: Docket) -> None:
    """复议法20, 48: filed, answered in time with the evidence, upheld; nothing is closed while it runs."""
    days, lead, party = story.days, story.town[LEAD], docket.party
    days.on(2026, 4, 24, 9, 0)
    filing = docket.step(lead, "recordReconsideration", partyId=party, decision=story.steps["decision"],
                         organ="贵州省人民政府", filedOn="2026-04-22")  # fmt: skip
    with refused("REMEDY_RUNNING"):
        close(story, docket)
    days.on(2026, 4, 29, 9, 0)
    docket.step(lead, "answerRemedy", partyId=party, filed=filing, papers="答复书、证据目录")
    days.on(2026, 6, 15, 9, 0)
    docket.step(lead, "recordRemedyOutcome", partyId=party, filed=filing, result="UPHELD", decidedOn="2026-06-12")


def ended(story: Story, docket: Docket) -> None:
    """处罚法66; 档案法13: closed with nothing open, then put away."""
    archivist = story.town[ARCHIVIST]
    with refused("NOT_CLOSED"):
        docket.step(archivist, "archiveCase", term="LONG")
    story.days.on(2026, 6, 16, 9, 0)
    close(story, docket)
    docket.step(archivist, "archiveCase", term="LONG")
    assert docket.state() == "ARCHIVED"


def replayed(story: Story, docket: Docket) -> None:
    """The timeline: each step once, in order, at a place of the ledger that grows; the mine reads its own part."""

    def settled() -> Any:
        told, after = [], None
        while True:
            page = story.town[ARCHIVIST].asks(TIMELINE, id=docket.id, after=after)["caseTimeline"]
            told += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return told if all(one["position"] for one in told) else None
            after = page["pageInfo"]["endCursor"]

    told = awaited(settled, "in the log")
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
    assert kinds.count("DECIDED") == kinds.count("SERVED") == kinds.count("HEARING_NOTIFIED") == 1
    before = [missing for name, missing in docket.asked[: [name for name, _ in docket.asked].index("decideCase") + 1]]
    assert all(before), "something was always missing before the decision, and the answer said what"
    own = story.town[PRINCIPAL].asks("{ ownCases(first: 5) { edges { node { uuid } } } }")["ownCases"]["edges"]
    assert [edge["node"]["uuid"] for edge in own] == [docket.id]


def case_packed(story: Story, docket: Docket, into: Path) -> None:
    """The court pack of the archived case: whole for the agency, the main volume for the mine, each verified apart."""
    town, keys = story.town, into / "server-keys.json"
    said: dict[str, list[str]] = {}
    for name, login, whole in (("whole", ARCHIVIST, True), ("main", ARCHIVIST, False), ("mine", PRINCIPAL, False)):
        said[name] = []
        code = main_pack(
            url=town[LEAD].phone.server.url, id=docket.id, into=into / name, folder=into, language="en",
            say=said[name].append, person=Person(login, PASSWORD), http=town.http, case=OfCase(whole=whole),
        )  # fmt: skip
        assert code == 0, said[name]
    whole = verify_path(into / "whole", keys)
    assert whole.status is Status.VERIFIED
    assert whole.complete, [check for check in whole.checks if not check.ok]
    steps = [check for check in whole.checks if check.name.startswith(f"{docket.id}: step ")]
    assert len(steps) == len(json.loads((into / "whole" / "data" / f"{docket.id}.case.json").read_bytes())["steps"])
    for name in ("main", "mine"):
        left = [check for check in verify_path(into / name, keys).checks if check.ok is None]
        assert [check.name for check in left] == [f"{docket.id}: withheld"], left
    assert not json.loads((into / "whole" / "data" / f"{docket.id}.case.json").read_bytes())["withheld"]
    assert "内部" not in (into / "mine" / "contents.html").read_text(encoding="utf-8")
    tampered(into / "whole", docket.id, keys)


def tampered(pack: Path, case: str, keys: Path) -> None:
    """Whoever rewrites a step of the case, with all that lists it, is named by that step."""
    path = pack / "data" / f"{case}.case.json"
    told = json.loads(path.read_bytes())
    (decided,) = (at for at, one in enumerate(told["steps"]) if '"kind":"case.decided"' in one["payload"])
    told["steps"][decided]["payload"] = told["steps"][decided]["payload"].replace("80000000", "80000001", 1)
    path.write_bytes(canonical(told))
    relisted(pack)
    failed = verify_path(pack, keys).failed
    assert failed is not None
    assert failed.name == f"{case}: step {decided}"
