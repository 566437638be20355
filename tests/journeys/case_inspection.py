"""The inspection that a case comes from, as a journey plays it: scheme, exam, danger, papers, close-out, court pack."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from api.demo.hands import await_shown
from api.phone import closing
from api.phone.pack import main_pack
from api.phone.phone import Person
from api.phone.server import Refused
from api.sample_people import PASSWORD
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.factories import media
from tests.factories.papers import RECORD_FORM, STROKES
from tests.journeys.case_course import Days, Town, awaited, refused
from tests.journeys.running import LEAD, SECOND

HEAD, ARCHIVIST, PRINCIPAL = "head.liupanshui", "archivist.liupanshui", "principal.songhewan"
LAPSED = "lapsed.panzhou"
FACT = "1201综采工作面回风流甲烷浓度3.2%，仍在割煤"
FINDINGS = """query ($id: UUID!) { findings(inspectionId: $id) { edges { node { uuid flags
  confirmations { accountId certified } defects { code madeGoodAt } } } } }"""
MEASURES = """query ($id: UUID!) { measures(inspectionId: $id) { edges { node { uuid kind state
  lacking { code article } } } } }"""


@dataclass
class Story:
    """What is told, chapter by chapter, and what later chapters need of earlier ones."""

    town: Town
    days: Days
    mine: str = ""
    inspection: str = ""
    below: str = ""
    finding: str = ""
    photo: str = ""
    steps: dict[str, str] = field(default_factory=dict)
    recordings: list[str] = field(default_factory=list)

    @property
    def officers(self) -> list[str]:
        """The two who hold certificates."""
        return [self.town[LEAD].account, self.town[SECOND].account]

    def of_mine(self) -> str:
        """The mine of the sample accounts."""
        found = self.town[PRINCIPAL].asks("query { mines(first: 5) { edges { node { uuid } } } }")["mines"]["edges"]
        return str(found[0]["node"]["uuid"])

    def records(self) -> str:
        """A new recording of the inspection by the lead, which is closed before the pack is made."""
        self.recordings.append(self.town[LEAD].records(self.inspection))
        return self.recordings[-1]


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


def sat_an_exam(story: Story) -> None:
    """逢查必考: drawn by a checkpoint that nobody knew before; a manager fails and is to be retrained and resit."""
    lead, exam = story.town[LEAD], str(uuid4())

    def drawn() -> Any:
        try:
            return lead.acts(
                "holdExam", "exam { seats { uuid category craft questionIds person { uuid } } defects { code } }",
                id=exam, inspectionId=story.inspection,
            )  # fmt: skip
        except Refused as problem:
            if problem.code != "SEED_NOT_SHOWN":
                raise
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
        fact=FACT, placeId=story.below, unsafe=True, producing=True,
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
    story.photo = lead.takes(story.records(), media.jpeg(), "image/jpeg")
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
              subjectId=story.inspection, fields=[])  # fmt: skip
    paper = lead.acts("issuePaper", "paper { uuid digest fields { name source text } }", id=id)["paper"]
    found = next(one for one in paper["fields"] if one["name"] == "检查情况")
    assert (found["source"], FACT.rstrip("。") in found["text"]) == ("RECORD", True)
    lead.signs(paper, "检查人员1")
    story.town[SECOND].signs(paper, "检查人员2")
    signed = lead.acts(
        "signPaper", "paper { places { name signature { way } } }", id=id, place="被检查单位现场负责人", way="HAND",
        at="1", name="何矿", strokes=STROKES,
    )["paper"]["places"]  # fmt: skip
    assert [one["signature"]["way"] for one in signed] == ["KEY", "KEY", "HAND"]
    url = lead.acts("openPaper", "url", id=id)["url"]
    assert story.town.http.get(url).content.startswith(b"%PDF-")


def corrected(story: Story, close: Callable[[], None]) -> None:
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
        close()
    days.on(2026, 3, 24, 9, 0)
    lead.on_measure("trackHazard", order, words="抽采系统已恢复")
    mine.on_measure("reportCorrection", order, words="抽采恢复，甲烷0.4%")
    after = lead.takes(story.records(), media.jpeg(media.scene(7)), "image/jpeg")
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


def _place_of_the_closing(story: Story, recording: str) -> int | None:
    """Where the entry stands that two officers closed the recording."""
    text = "{ changes(last: 50) { edges { node { kind subjectId position } } } }"
    nodes = [edge["node"] for edge in story.town[LEAD].asks(text)["changes"]["edges"]]
    found = (one for one in nodes if (one["kind"], one["subjectId"]) == ("recording.closed", recording))
    return next((int(one["position"]) for one in found), None)


def packed(story: Story, into: Path) -> None:
    """The court pack of the inspection: every recording closed by two, given out, and verified without the server."""
    lead, second = story.town[LEAD].phone, story.town[SECOND].phone
    for id in story.recordings:
        held = closing.recording_of(lead.server, id)
        told = closing.closing_of(held, id=id, closer=lead.account, reason=lambda gap: f"{gap.first}")
        closing.close(lead.server, lead.key, told)
        assert closing.cosign(second.server, second.key, id, agrees=lambda one: not one.gaps)
        await_shown(lead.server, awaited(lambda id=id: _place_of_the_closing(story, id), "in the log"))
    said: list[str] = []
    code = main_pack(
        url=lead.server.url, id=story.inspection, into=into / "pack", folder=into, language="en", say=said.append,
        person=Person(ARCHIVIST, PASSWORD), http=story.town.http,
    )  # fmt: skip
    assert code == 0, said
    assert verify_path(into / "pack", into / "server-keys.json").status is Status.VERIFIED
    assert said[-1].startswith("VERIFIED"), said
    assert "not checked" not in said[-1]
