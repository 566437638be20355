"""A case over HTTP, from the scheme of the inspection to its archived file: five months, twelve people, one chain."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from api.doctor import command
from api.embedded.postgres import DatabaseAddresses
from api.settings import Settings
from tests.factories import media
from tests.factories.papers import FOUND, RECORD_FORM, STROKES
from tests.journeys.case_course import Days, Docket, Hand, Town, awaited, refused
from tests.journeys.running import LEAD, SECOND, Service, running_service
from tests.servers import Servers

HEAD, DEPUTY, REVIEWER = "head.liupanshui", "deputy.liupanshui", "reviewer.liupanshui"
CHAIR, ARCHIVIST, PRINCIPAL = "chair.liupanshui", "archivist.liupanshui", "principal.songhewan"
LAPSED = "lapsed.panzhou"
FINE = {"kind": "FINE", "sum": "80000000", "basis": "fine_major_hazard_unit"}
BY_HAND = {"way": "DIRECT", "proof": "送达回证", "receiver": "何矿"}
TIMELINE = """query ($id: UUID!) { caseTimeline(id: $id, first: 100) { edges { node {
  uuid ordinal kind at recordedAt position body } } } }"""
FINDINGS = """query ($id: UUID!) { findings(inspectionId: $id) { edges { node { uuid flags
  confirmations { accountId certificateId } defects { code madeGoodAt } } } } }"""
MEASURES = """query ($id: UUID!) { measures(inspectionId: $id) { edges { node { uuid kind state
  lacking { code article } } } } }"""


@pytest.fixture(scope="module")
def days() -> Days:
    return Days(2026, 2, 27, 9, 0)


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses, days: Days) -> AsyncIterator[Service]:
    with tempfile.TemporaryDirectory(prefix="pithead-case-") as folder:
        async with running_service(servers, template, Path(folder), clock=days) as running:
            yield running


@dataclass
class Story:
    """What is told, chapter by chapter, and what later chapters need of earlier ones."""

    town: Town
    days: Days
    mine: str = ""
    inspection: str = ""
    below: str = ""
    recording: str = ""
    finding: str = ""
    photo: str = ""
    steps: dict[str, str] = field(default_factory=dict)

    @property
    def officers(self) -> list[str]:
        """The two who hold certificates."""
        return [self.town[LEAD].account, self.town[SECOND].account]

    def of_mine(self) -> str:
        """The mine of the sample accounts."""
        found = self.town[PRINCIPAL].asks("query { mines(first: 5) { edges { node { uuid } } } }")["mines"]["edges"]
        return str(found[0]["node"]["uuid"])


async def test_a_case_from_the_scheme_to_the_archive(service: Service, days: Days, tmp_path: Path) -> None:
    def told() -> None:
        with httpx.Client(timeout=30, trust_env=False) as http:
            story = Story(Town(service.url, tmp_path / "phones", days, http), days)
            prepared(story)
            opened(story)
            examined(story)
            found_in_danger(story)
            made_good(story)
            papers_signed(story)
            docket = filed(story)
            investigated(story, docket)
            heard(story, docket)
            corrected(story, docket)
            reviewed(story, docket)
            decided(story, docket)
            reconsidered(story, docket)
            ended(story, docket)
            replayed(story, docket)

    await asyncio.to_thread(told)
    looks = await doctored(service, tmp_path)
    # The servers of the tests run without durability on purpose: nothing else is wrong.
    assert [look for look in looks if (look["findings"] or look["blind"]) and look["part"] != "durability"] == []


def prepared(story: Story) -> None:
    """A bank of questions by two hands; a third officer whose certificate ends with the day of the opening."""
    town = story.town
    story.mine = story.of_mine()
    town.employs(LAPSED, certified_until="2026-03-02")
    for number in range(20):
        drafted = town[SECOND].acts(
            "draftExamQuestion", "question { uuid }", operationId=str(uuid4()), kind="SINGLE_CHOICE",
            categories=["PRINCIPAL", "MANAGER", "SPECIAL_OPERATOR", "WORKER"], answer="A",
            text=f"第{number + 1}题：甲烷浓度达到多少须撤人？", options=["1.5%", "3%", "5%"],
            article="煤矿安全规程第一百七十三条",
        )  # fmt: skip
        town[HEAD].acts("approveExamQuestion", "question { uuid }", operationId=str(uuid4()),
                        questionId=drafted["question"]["uuid"])  # fmt: skip


def opened(story: Story) -> None:
    """三（十四）: drafted by a member, approved by the lead and by nobody else, opened, the law explained."""
    town, days = story.town, story.days
    days.on(2026, 3, 2, 8, 0)
    lead, second, lapsed = town[LEAD], town[SECOND], town[LAPSED]
    scheme = str(uuid4())
    usual = {"underground": False, "manner": "QUALITATIVE", "why": "上次检查的问题"}
    second.acts(
        "draftScheme", "scheme { uuid }", id=scheme, mineId=story.mine, cause="PLAN", reference="2026年执法计划第3项",
        scheduledFor="2026-03-02", leadId=lead.account,
        officerIds=[lead.account, second.account, lapsed.account],
        items=[
            {"id": str(uuid4()), "power": "RESPONSIBILITY", "text": "查阅安全生产责任制", "side": "PAPERS",
             "officerId": lead.account, **usual},
            {"id": str(uuid4()), "power": "VENTILATION", "text": "实测回风巷瓦斯浓度", "side": "PLACES",
             "officerId": lapsed.account, **usual, "underground": True, "manner": "QUANTITATIVE"},
        ],
    )  # fmt: skip
    story.inspection, story.below = str(uuid4()), str(uuid4())
    places = [{"id": str(uuid4()), "name": "调度室", "underground": False},
              {"id": story.below, "name": "1201综采工作面", "underground": True}]  # fmt: skip
    given = {"schemeId": scheme, "inspectionId": story.inspection, "places": places}
    with refused("SCHEME_NOT_APPROVED"):
        lead.acts("openByScheme", "scheme { uuid }", **given)
    lead.acts("approveScheme", "scheme { uuid }", operationId=str(uuid4()), schemeId=scheme)
    lead.acts("openByScheme", "scheme { uuid }", **given)
    for officer in (lead, second, lapsed):
        officer.acts("joinInspection", "inspection { uuid }", inspectionId=story.inspection)
    days.on(2026, 3, 2, 9, 0)
    lead.acts("recordLawTalk", "lawTalk { uuid }", id=str(uuid4()), inspectionId=story.inspection,
              startsAt=days.ago(minutes=40), endsAt=days.ago(minutes=5), speaker="周正", listeners=32,
              topics="煤矿安全生产条例")  # fmt: skip
    story.recording = lead.records(story.inspection)


def examined(story: Story) -> None:
    """逢查必考: drawn by a checkpoint that nobody knew before; a manager fails and is to be retrained and resit."""
    lead, exam = story.town[LEAD], str(uuid4())

    def drawn() -> Any:
        try:
            return lead.acts(
                "holdExam", "exam { seats { uuid category craft questionIds person { uuid } } defects { code } }",
                id=exam, inspectionId=story.inspection,
            )  # fmt: skip
        except Exception as problem:
            assert getattr(problem, "code", "") == "SEED_NOT_SHOWN", problem
            return None

    held = awaited(drawn, "drawn")["exam"]
    for category, chosen in (("MANAGER", "B"), ("WORKER", "A")):
        seat = next(one for one in held["seats"] if one["category"] == category)
        sat = lead.acts(
            "recordExamSitting", "sitting { score passed flags }", id=str(uuid4()), examId=exam,
            personId=seat["person"]["uuid"], category=category, medium="PHONE", satAt=story.days.ago(minutes=1),
            answers=[{"questionId": one, "chosen": chosen} for one in seat["questionIds"]],
        )["sitting"]  # fmt: skip
        assert sat == {"score": 100 * (chosen == "A"), "passed": chosen == "A", "flags": []}
    told = lead.asks("{ examConsequences(openOnly: true) { edges { node { kind article due } } } }")
    kinds = {edge["node"]["kind"]: edge["node"]["article"] for edge in told["examConsequences"]["edges"]}
    assert set(kinds) == {"RETRAIN", "RESIT"}
    assert all(kinds.values())


def found_in_danger(story: Story) -> None:
    """条例44: an officer whose certificate ended yesterday sees danger, and withdraws people: both are kept."""
    days, lapsed = story.days, story.town[LAPSED]
    days.on(2026, 3, 3, 10, 0)
    story.finding = str(uuid4())
    lapsed.acts(
        "recordFinding", "finding { uuid }", id=story.finding, inspectionId=story.inspection, kind="GAS_OVER_LIMIT",
        fact="1201综采工作面回风流甲烷浓度3.2%，仍在割煤", placeId=story.below, unsafe=True, producing=True,
        seenAt=days.ago(minutes=50),
        measured=[{"what": "甲烷浓度", "value": "3.2", "unit": "%", "limit": "1.0"}],
    )  # fmt: skip
    # The order was given underground without any network, and arrives when he is up again.
    story.steps["withdrawal"] = str(uuid4())
    lapsed.acts(
        "orderMeasure", "measure { state }", id=story.steps["withdrawal"], inspectionId=story.inspection,
        kind="WITHDRAW_PEOPLE", reason="回风流甲烷超限", orderedAt=days.ago(minutes=49), danger=True,
        findingIds=[story.finding],
    )  # fmt: skip
    assert of_finding(story) == {"NO_EVIDENCE": False, "NOT_CONFIRMED": False}
    assert {"MEASURE_NOT_CONFIRMED", "PEOPLE_NOT_TOLD", "HEAD_COUNT_NOT_ZERO"} <= of_measure(story, "withdrawal")


def of_finding(story: Story) -> dict[str, bool]:
    """What the finding lacked, and whether that was made good."""
    (edge,) = story.town[LEAD].asks(FINDINGS, id=story.inspection)["findings"]["edges"]
    return {one["code"]: one["madeGoodAt"] is not None for one in edge["node"]["defects"]}


def of_measure(story: Story, name: str) -> set[str]:
    """What a measure lacks."""
    edges = story.town[LEAD].asks(MEASURES, id=story.inspection)["measures"]["edges"]
    (node,) = [one["node"] for one in edges if one["node"]["uuid"] == story.steps[name]]
    assert all(one["article"] for one in node["lacking"])
    return {one["code"] for one in node["lacking"]}


def made_good(story: Story) -> None:
    """处罚法42, 46: two certified officers with evidence; people told, and counted until nobody is below."""
    town, withdrawal = story.town, story.steps["withdrawal"]
    lead, second, lapsed = town[LEAD], town[SECOND], town[LAPSED]
    with refused("CERTIFICATE_NOT_VALID"):
        lapsed.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
    story.photo = lead.takes(story.recording, media.jpeg(), "image/jpeg")
    lead.acts("attachEvidence", "finding { uuid }", findingId=story.finding, evidenceIds=[story.photo])
    assert of_finding(story) == {"NO_EVIDENCE": True, "NOT_CONFIRMED": False}
    for officer in (lead, second):
        officer.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
        officer.on_measure("confirmMeasure", withdrawal)
    assert of_finding(story) == {"NO_EVIDENCE": True, "NOT_CONFIRMED": True}
    lead.on_measure("recordPeopleTold", withdrawal, words="调度电话、语音广播")
    lead.on_measure("recordHeadCount", withdrawal, number=3)
    with refused("HEAD_COUNT_NOT_ZERO"):
        town[HEAD].on_measure("liftMeasure", withdrawal, words="瓦斯已降")
    lead.on_measure("recordHeadCount", withdrawal, number=0)
    assert not {"MEASURE_NOT_CONFIRMED", "PEOPLE_NOT_TOLD", "HEAD_COUNT_NOT_ZERO"} & of_measure(story, "withdrawal")


def papers_signed(story: Story) -> None:
    """现场检查记录: issued, signed by two keys and one hand, opened as a PDF."""
    lead, id = story.town[LEAD], str(uuid4())
    lead.acts("draftPaper", "paper { uuid }", id=id, form=RECORD_FORM, subjectKind="INSPECTION",
              subjectId=story.inspection, fields=[{"name": "检查情况", "text": FOUND}])  # fmt: skip
    paper = lead.acts("issuePaper", "paper { uuid digest }", id=id)["paper"]
    lead.signs(paper, "检查人员1")
    story.town[SECOND].signs(paper, "检查人员2")
    signed = lead.acts(
        "signPaper", "paper { places { name signature { way } } }", id=id, place="被检查单位现场负责人", way="HAND",
        at="1", name="何矿", strokes=STROKES,
    )["paper"]["places"]  # fmt: skip
    assert [one["signature"]["way"] for one in signed] == ["KEY", "KEY", "HAND"]
    url = lead.acts("openPaper", "url", id=id)["url"]
    assert story.town.http.get(url).content.startswith(b"%PDF-")


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
    docket.step(lead, "suggestDiscretion", partyId=docket.party, standard="裁量基准第2项", ground="PLAIN",
                least="60000000", most="100000000", reason="一次超限，及时撤人", officerIds=story.officers)  # fmt: skip
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


def corrected(story: Story, docket: Docket) -> None:
    """条例45, 三（三）3: the major hazard under supervision, handed over, corrected, verified below, closed out."""
    town, days, order = story.town, story.days, str(uuid4())
    lead, second, head, mine = town[LEAD], town[SECOND], town[HEAD], town[PRINCIPAL]
    days.on(2026, 3, 18, 9, 0)
    lead.acts("orderMeasure", "measure { state }", id=order, inspectionId=story.inspection, kind="CORRECT_BY_TERM",
              reason="限期消除瓦斯超限", orderedAt=days.ago(minutes=1), findingIds=[story.finding],
              days=10)  # fmt: skip
    second.on_measure("confirmMeasure", order)
    head.on_measure("superviseHazard", order, words="CITY")
    lead.on_measure("handOverHazard", order, words="盘州市能源局")
    second.on_measure("receiveHazard", order)
    lead.on_measure("nameFollower", order, accountId=second.account)
    with refused("OPEN_HAZARD"):
        close(story, docket)
    days.on(2026, 3, 24, 9, 0)
    lead.on_measure("trackHazard", order, words="抽采系统已恢复")
    mine.on_measure("reportCorrection", order, words="抽采恢复，甲烷0.4%")
    after = lead.takes(lead.records(story.inspection), media.jpeg(media.scene(7)), "image/jpeg")
    for measure in (story.steps["withdrawal"], order):
        recheck = lead.on_measure("recheckMeasure", measure, outcome="CORRECTED", evidenceIds=[after])
        second.on_measure("signRecheck", measure, recheckId=recheck)
    with refused("NOT_VERIFIED_ON_SITE"):
        lead.on_measure("closeOutMeasure", order)
    look = lead.on_measure("verifyOnSite", order, outcome="CORRECTED", words="属实", evidenceIds=[after],
                           placeId=story.below)  # fmt: skip
    second.on_measure("signVerification", order, verificationId=look)
    lead.on_measure("closeOutMeasure", order)
    head.on_measure("liftMeasure", story.steps["withdrawal"])
    days.on(2026, 3, 27, 9, 31)
    chair: Hand = town[CHAIR]
    hearing = docket.step(chair, "holdHearing", partyId=docket.party, notified=story.steps["hearing"], came=True,
                          agents=1)  # fmt: skip
    assert "RECORDING_MISSING" in docket.why()
    film = lead.takes(lead.records(story.inspection), media.film(), "video/mp4")
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
        edges = story.town[ARCHIVIST].asks(TIMELINE, id=docket.id)["caseTimeline"]["edges"]
        nodes = [edge["node"] for edge in edges]
        return nodes if all(one["position"] for one in nodes) else None

    nodes = awaited(settled, "in the log")
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
    own = story.town[PRINCIPAL].asks("{ ownCases(first: 5) { edges { node { uuid } } } }")["ownCases"]["edges"]
    assert [edge["node"]["uuid"] for edge in own] == [docket.id]


async def doctored(service: Service, folder: Path) -> list[dict[str, Any]]:
    """What the doctor sees."""
    settings = Settings(
        data=folder, keys=service.keys.path, url=service.url,
        database_url=SecretStr(service.api), database_worker_url=SecretStr(service.worker),
        s3_endpoint=service.store.endpoint, s3_bucket=service.store.bucket,
        s3_access_key=SecretStr(service.store.access_key), s3_secret_key=SecretStr(service.store.secret_key),
    )  # fmt: skip
    said: list[str] = []
    await asyncio.to_thread(command.examine, settings, as_json=True, say=said.append)
    looks: list[dict[str, Any]] = json.loads(said[0])
    return looks
