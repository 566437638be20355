"""What may live here: the inspection of the story: scheme, exam, danger and withdrawal, what is made good, a paper."""

from datetime import datetime, timedelta
from typing import Any

from api.demo import papering, words
from api.demo.days import at
from api.demo.hands import Hand, picture
from api.demo.papering import Subject
from api.demo.telling import HEAD, LAPSED, REVIEWER, Story
from api.demo.written import WITNESS
from api.phone.phone import new_id
from api.phone.server import Refused, Unreachable, tries

FACT = "1201综采工作面回风流甲烷浓度3.2%，仍在割煤"
QUESTIONS = 20
_ANSWERS = ("责任制文本齐全，已逐级签字", "回风流甲烷浓度3.2%，超过限值，见下列问题")
"""What became of the items of the scheme."""
_BANK = "{ examQuestions(first: 100) { edges { node { approvedAt retiredAt } } } }"
_SEATS = "exam { seats { uuid category questionIds person { uuid } } }"
_FINDINGS = """query ($id: UUID!) { findings(inspectionId: $id) { edges { node { defects { code madeGoodAt } } } } }"""
_MEASURES = (
    """query ($id: UUID!) { measures(inspectionId: $id) { edges { node { uuid lacking { code article } } } } }"""
)
_CONSEQUENCES = "{ examConsequences(openOnly: true) { edges { node { kind article } } } }"
_PATIENCE = 60.0


def inspect(story: Story) -> None:
    """All of the inspection, but what follows from it."""
    _prepare(story)
    _open(story)
    _examine(story)
    _find(story)
    _make_good(story)
    _put_on_paper(story)


def _prepare(story: Story) -> None:
    """A bank of questions by two hands; a third officer whose certificate ends with the day of the opening."""
    story.on(story.dates.prepared, 9)
    story.finds_its_mine()
    _fill_the_bank(story)
    if story.clock.passes:
        last = story.dates.opened
        story.cast.employs(
            LAPSED, name="林晚（示例）", county="520281", number=f"SAMPLE-{last:%Y%m%d}",
            certified=(f"{last - timedelta(days=1_000)}", f"{last}"),
        )  # fmt: skip
        story.say(words.line("employed", day=last))


def _fill_the_bank(story: Story) -> None:
    """As many questions as a paper has, by two hands; what the bank holds when the inspection is opened is enough."""
    opened = max(story.clock(), at(story.dates.opened, 8) if story.clock.passes else story.clock())
    nodes = [edge["node"] for edge in story.second.asks(_BANK)["examQuestions"]["edges"]]
    asked = [one for one in nodes if _is_asked(one, opened)]
    for number in range(len(asked), QUESTIONS):
        drafted = story.second.acts(
            "draftExamQuestion", "question { uuid }", operationId=new_id(), kind="SINGLE_CHOICE", answer="A",
            categories=["PRINCIPAL", "MANAGER", "SPECIAL_OPERATOR", "WORKER"], options=["1.5%", "3%", "5%"],
            text=f"第{number + 1}题（示例）：甲烷浓度达到多少须撤人？", article="煤矿安全规程第一百七十三条",
        )  # fmt: skip
        story.cast[HEAD].acts("approveExamQuestion", "question { uuid }", operationId=new_id(),
                              questionId=drafted["question"]["uuid"])  # fmt: skip


def _is_asked(question: dict[str, Any], moment: datetime) -> bool:
    approved = question["approvedAt"]
    return approved is not None and question["retiredAt"] is None and datetime.fromisoformat(approved) <= moment


def _open(story: Story) -> None:
    """三（十四）: drafted by a member, approved by the lead, opened by the scheme; then the law is explained."""
    story.on(story.dates.opened, 8)
    lead, second, finder, scheme, talk = story.lead, story.second, story.finder, new_id(), new_id()
    team, items = {one.account: one for one in (lead, second, finder)}, _items(lead, finder)
    story.seen["items"] = [one["id"] for one in items]
    second.acts(
        "draftScheme", "scheme { uuid }", id=scheme, mineId=story.mine, cause="PLAN", reference="年度执法计划第3项",
        scheduledFor=f"{story.day}", leadId=lead.account, officerIds=list(team), items=items,
    )  # fmt: skip
    story.told("scheme", scheme)
    given = {
        "schemeId": scheme, "inspectionId": story.inspection,
        "places": [{"id": new_id(), "name": "调度室", "underground": False},
                   {"id": story.below, "name": "1201综采工作面", "underground": True}],
    }  # fmt: skip
    with story.refused("SCHEME_NOT_APPROVED"):
        lead.acts("openByScheme", "scheme { uuid }", **given)
    lead.acts("approveScheme", "scheme { uuid }", operationId=new_id(), schemeId=scheme)
    story.told("approved", scheme)
    paper = papering.issue(story, second, "现场检查方案", Subject("SCHEME", scheme))
    papering.by_key(story, paper, (story.cast[REVIEWER], "审核人"), (story.cast[HEAD], "审批人"))
    lead.acts("openByScheme", "scheme { uuid }", **given)
    story.arrived = story.clock()
    story.told("opened", story.inspection)
    for officer in team.values():
        officer.acts("joinInspection", "inspection { uuid }", inspectionId=story.inspection)
    story.told("joined", story.inspection)
    story.on(story.dates.opened, 9)
    lead.acts("recordLawTalk", "lawTalk { uuid }", id=talk, inspectionId=story.inspection,
              startsAt=story.ago(minutes=40), endsAt=story.ago(minutes=5), speaker="周正（示例）", listeners=32,
              topics="煤矿安全生产条例")  # fmt: skip
    story.told("talk", talk)


def _items(lead: Hand, finder: Hand) -> list[dict[str, Any]]:
    usual = {"underground": False, "manner": "QUALITATIVE", "why": "上次检查的问题"}
    return [
        {"id": new_id(), "power": "RESPONSIBILITY", "text": "查阅安全生产责任制", "side": "PAPERS",
         "officerId": lead.account, **usual},
        {"id": new_id(), "power": "VENTILATION", "text": "实测回风巷瓦斯浓度", "side": "PLACES",
         "officerId": finder.account, **usual, "underground": True, "manner": "QUANTITATIVE"},
    ]  # fmt: skip


def _examine(story: Story) -> None:
    """三（十二）4: drawn by the first checkpoint after the opening, which nobody knew before; a manager fails."""
    exam, lead = new_id(), story.lead
    seats = _drawn(story, exam)
    story.told("drawn", exam)
    for what, category, chosen in (("failed", "MANAGER", "B"), ("passed_exam", "WORKER", "A")):
        sitting, seat = new_id(), next(one for one in seats if one["category"] == category)
        sat = lead.acts(
            "recordExamSitting", "sitting { score passed flags }", id=sitting, examId=exam, medium="PHONE",
            personId=seat["person"]["uuid"], category=category, satAt=story.ago(seconds=1),
            answers=[{"questionId": one, "chosen": chosen} for one in seat["questionIds"]],
        )["sitting"]  # fmt: skip
        story.seen[what] = sat
        story.told(what, sitting, score=sat["score"])
    edges = lead.asks(_CONSEQUENCES)["examConsequences"]["edges"]
    story.seen["consequences"] = {edge["node"]["kind"]: edge["node"]["article"] for edge in edges}


def _drawn(story: Story, exam: str) -> list[dict[str, Any]]:
    for _ in tries(_PATIENCE):
        try:
            held = story.lead.acts("holdExam", _SEATS, id=exam, inspectionId=story.inspection)
        except Refused as refused:
            if refused.code != "SEED_NOT_SHOWN":
                raise
        else:
            seats: list[dict[str, Any]] = held["exam"]["seats"]
            return seats
    raise Unreachable("no checkpoint was shown for the draw")


def _find(story: Story) -> None:
    """条例44: an officer whose certificate has ended sees danger and withdraws people: both are kept.

    The order was given underground without any network, and arrives when he is up again.
    """
    story.on(story.dates.found, 10)
    finder = story.finder
    finder.acts(
        "recordFinding", "finding { uuid }", id=story.finding, inspectionId=story.inspection, kind="GAS_OVER_LIMIT",
        fact=FACT, placeId=story.below, unsafe=True, producing=True, seenAt=story.seen_ago(minutes=50),
        measured=[{"what": "甲烷浓度", "value": "3.2", "unit": "%", "limit": "1.0"}],
    )  # fmt: skip
    story.told("finding_uncertified" if story.clock.passes else "finding", story.finding)
    finder.acts("orderMeasure", "measure { state }", id=story.withdrawal, inspectionId=story.inspection, danger=True,
                kind="WITHDRAW_PEOPLE", reason="1201综采工作面回风流甲烷浓度超限", orderedAt=story.seen_ago(minutes=49),
                findingIds=[story.finding])  # fmt: skip
    story.told("withdrawal", story.withdrawal)
    for officer, item, answer in zip((story.lead, finder), story.seen["items"], _ANSWERS, strict=True):
        officer.acts("answerSchemeItem", "item { uuid }", itemId=item, outcome="CHECKED", answer=answer)
    _look(story, "found")
    if story.clock.passes:
        with story.refused("CERTIFICATE_NOT_VALID"):
            finder.acts("confirmFinding", "finding { uuid }", findingId=story.finding)


def _make_good(story: Story) -> None:
    """处罚法42, 46: two certified officers with evidence; people told, and counted until nobody is below."""
    lead, withdrawal = story.lead, story.withdrawal
    story.recording = lead.records(story.inspection)
    story.photo = lead.takes(story.recording, picture(story.finding), "image/png")
    lead.acts("attachEvidence", "finding { uuid }", findingId=story.finding, evidenceIds=[story.photo])
    story.told("evidence", story.finding)
    _look(story, "shown")
    for officer in (lead, story.second):
        officer.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
        officer.on_measure("confirmMeasure", withdrawal)
    story.told("confirmed", story.finding, kind="finding.confirmed")
    story.told("measure_confirmed", withdrawal)
    lead.on_measure("recordPeopleTold", withdrawal, words="调度电话、语音广播")
    story.told("told", withdrawal)
    lead.on_measure("recordHeadCount", withdrawal, number=3)
    story.told("counted", withdrawal, number=3)
    with story.refused("HEAD_COUNT_NOT_ZERO"):
        story.cast[HEAD].on_measure("liftMeasure", withdrawal, words="瓦斯已降")
    lead.on_measure("recordHeadCount", withdrawal, number=0)
    story.told("counted", withdrawal, number=0)
    _look(story, "made good")
    story.closes(story.recording)


def _look(story: Story, when: str) -> None:
    """What finding and withdrawal lack now."""
    (edge,) = story.lead.asks(_FINDINGS, id=story.inspection)["findings"]["edges"]
    story.seen[f"finding {when}"] = {one["code"]: one["madeGoodAt"] is not None for one in edge["node"]["defects"]}
    edges = story.lead.asks(_MEASURES, id=story.inspection)["measures"]["edges"]
    (node,) = [one["node"] for one in edges if one["node"]["uuid"] == story.withdrawal]
    story.seen[f"withdrawal {when}"] = {one["code"]: one["article"] for one in node["lacking"]}


def _put_on_paper(story: Story) -> None:
    """The order, which the mine will not sign; the record of the check, signed by two keys and a hand."""
    lead, second = story.lead, story.second
    order = papering.issue(story, lead, "现场处理措施决定书", Subject("MEASURE", story.withdrawal))
    papering.by_key(story, order, (lead, "执法人员1"), (second, "执法人员2"))
    papering.refused(story, order, "被检查单位负责人", name="何矿（示例）", reason="认为传感器误报", witness=WITNESS)
    record = papering.issue(story, lead, "现场检查记录", Subject("INSPECTION", story.inspection))
    papering.by_key(story, record, (lead, "检查人员1"), (second, "检查人员2"))
    papering.by_hand(story, record, "被检查单位现场负责人", "何矿（示例）")
