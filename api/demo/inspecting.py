"""What may live here: the inspection of the demo: scheme, law talk, exam, a hazard made good, a signed paper."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from api.demo import words
from api.demo.hands import Cast, Hand
from api.phone.phone import new_id
from api.phone.server import Refused, Unreachable, tries
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, to_base64url

LEAD, SECOND, HEAD = "lead.panzhou", "inspector.panzhou", "head.liupanshui"
PRINCIPAL = "principal.songhewan"
FACT = "1201综采工作面回风流甲烷浓度3.2%，仍在割煤（示例）"
FORM = "现场检查记录"
QUESTIONS = 20
_BANK = "{ examQuestions(first: 100) { edges { node { approvedAt retiredAt } } } }"
_SEATS = "exam { seats { uuid category questionIds person { uuid } } }"
_PATIENCE = 60.0


@dataclass(slots=True)
class Story:
    """What is told, and what later acts need of earlier ones. `clock` is that of this machine, else a test's."""

    cast: Cast
    say: Callable[[str], None]
    clock: Callable[[], datetime]
    mine: str = ""
    inspection: str = field(default_factory=new_id)
    below: str = field(default_factory=new_id)
    finding: str = field(default_factory=new_id)
    recording: str = ""
    photo: str = ""

    @property
    def lead(self) -> Hand:
        """The lead officer."""
        return self.cast[LEAD]

    @property
    def second(self) -> Hand:
        """The second officer."""
        return self.cast[SECOND]

    def told(self, what: str, subject: str, **parameters: object) -> None:
        """Says one act once it stands in the ledger."""
        self.say(words.act(what, self.cast.position(self.lead, subject), **parameters))

    def ago(self, **time: float) -> str:
        """A moment before now, as GraphQL takes it."""
        return (self.clock() - timedelta(**time)).astimezone(UTC).isoformat(timespec="milliseconds")


def inspect(story: Story) -> None:
    """All of the inspection, but the closing of its recording."""
    found = story.cast[PRINCIPAL].asks("{ mines(first: 5) { edges { node { uuid } } } }")["mines"]["edges"]
    story.mine = found[0]["node"]["uuid"]
    _fill_the_bank(story)
    _open(story)
    _examine(story)
    _find(story)
    _make_good(story)
    _sign_a_paper(story)


def _fill_the_bank(story: Story) -> None:
    """As many questions as a paper has, by two hands; what the bank holds already is enough."""
    edges = story.second.asks(_BANK)["examQuestions"]["edges"]
    asked = [edge for edge in edges if edge["node"]["approvedAt"] and not edge["node"]["retiredAt"]]
    for number in range(len(asked), QUESTIONS):
        drafted = story.second.acts(
            "draftExamQuestion", "question { uuid }", operationId=new_id(), kind="SINGLE_CHOICE", answer="A",
            categories=["PRINCIPAL", "MANAGER", "SPECIAL_OPERATOR", "WORKER"],
            text=f"（示例第{number + 1}题）甲烷浓度达到多少须撤人？", options=["1.5%", "3%", "5%"],
            article="煤矿安全规程第一百七十三条",
        )  # fmt: skip
        story.cast[HEAD].acts("approveExamQuestion", "question { uuid }", operationId=new_id(),
                              questionId=drafted["question"]["uuid"])  # fmt: skip


def _open(story: Story) -> None:
    """A report opens it, which no yearly cap refuses: the demo can be played as often as anyone likes."""
    lead, second, scheme, talk = story.lead, story.second, new_id(), new_id()
    second.acts(
        "draftScheme", "scheme { uuid }", id=scheme, mineId=story.mine, cause="REPORT", reference="示例举报",
        scheduledFor=f"{story.clock() + timedelta(hours=8):%Y-%m-%d}", leadId=lead.account,
        officerIds=[lead.account, second.account],
        items=[{"id": new_id(), "power": "VENTILATION", "text": "实测回风巷瓦斯浓度", "side": "PLACES",
                "underground": True, "manner": "QUANTITATIVE", "officerId": second.account}],
    )  # fmt: skip
    story.told("scheme", scheme)
    lead.acts("approveScheme", "scheme { uuid }", operationId=new_id(), schemeId=scheme)
    story.told("approved", scheme)
    lead.acts("openByScheme", "scheme { uuid }", schemeId=scheme, inspectionId=story.inspection,
              places=[{"id": story.below, "name": "1201综采工作面", "underground": True}])  # fmt: skip
    second.acts("joinInspection", "inspection { uuid }", inspectionId=story.inspection)
    story.told("opened", story.inspection)
    lead.acts("recordLawTalk", "lawTalk { uuid }", id=talk, inspectionId=story.inspection,
              startsAt=story.ago(minutes=36), endsAt=story.ago(minutes=1), speaker="周正(示例)", listeners=32,
              topics="煤矿安全生产条例")  # fmt: skip
    story.told("talk", talk)


def _examine(story: Story) -> None:
    """The draw waits for the first checkpoint after the opening: nobody knew its root before."""
    exam, lead, sitting = new_id(), story.lead, new_id()
    seats = _drawn(story, exam)
    story.told("drawn", exam)
    seat = next(one for one in seats if one["category"] == "MANAGER")
    lead.acts(
        "recordExamSitting", "sitting { score }", id=sitting, examId=exam, personId=seat["person"]["uuid"],
        category="MANAGER", medium="PHONE", satAt=story.ago(seconds=1),
        answers=[{"questionId": one, "chosen": "C"} for one in seat["questionIds"]],
    )  # fmt: skip
    story.told("failed", sitting)


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
    """One officer sees danger and has people withdrawn; evidence and the second officer come later."""
    second, withdrawal = story.second, new_id()
    second.acts(
        "recordFinding", "finding { uuid }", id=story.finding, inspectionId=story.inspection, kind="GAS_OVER_LIMIT",
        fact=FACT, placeId=story.below, unsafe=True, producing=True, seenAt=story.ago(seconds=3),
        measured=[{"what": "甲烷浓度", "value": "3.2", "unit": "%", "limit": "1.0"}],
    )  # fmt: skip
    story.told("finding", story.finding)
    second.acts("orderMeasure", "measure { state }", id=withdrawal, inspectionId=story.inspection, danger=True,
                kind="WITHDRAW_PEOPLE", reason="回风流甲烷超限", orderedAt=story.ago(seconds=2),
                findingIds=[story.finding])  # fmt: skip
    story.told("withdrawal", withdrawal)
    second.acts("recordPeopleTold", "measure { state }", id=new_id(), measureId=withdrawal, words="调度电话")
    story.told("told", withdrawal)
    second.acts("recordHeadCount", "measure { state }", id=new_id(), measureId=withdrawal, number=0)
    story.told("counted", withdrawal)
    story.lead.acts("confirmMeasure", "measure { state }", id=new_id(), measureId=withdrawal)


def _make_good(story: Story) -> None:
    story.recording, story.photo = story.cast.photographs(story.lead, story.inspection, story.below)
    story.lead.acts("attachEvidence", "finding { uuid }", findingId=story.finding, evidenceIds=[story.photo])
    story.told("evidence", story.finding)
    story.lead.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
    story.told("confirmed", story.finding)


def _sign_a_paper(story: Story) -> None:
    """By key: the statement holds the digest of the paper (docs/protocol.md §3b)."""
    id, lead = new_id(), story.lead
    lead.acts(
        "draftPaper",
        "paper { uuid }",
        id=id,
        form=FORM,
        subjectKind="INSPECTION",
        subjectId=story.inspection,
        fields=[],
    )  # What was checked and found, the record fills in.
    paper = lead.acts("issuePaper", "paper { digest }", id=id)["paper"]
    story.told("issued", id)
    at, place, phone = time.time_ns() // 1_000_000, "检查人员1", lead.phone
    statement = canonical({
        "v": "pithead/paper/1", "paper": id, "digest": paper["digest"], "place": place, "way": "KEY", "at": at,
        "account": lead.account, "device": phone.device.id,
    })  # fmt: skip
    signature = phone.key.signer.sign(signatures.signing_input("paper", statement))
    signed = lead.acts("signPaper", "paper { places { name signature { uuid } } }", id=id, place=place, way="KEY",
                       at=str(at), signature=to_base64url(signature))["paper"]["places"]  # fmt: skip
    story.told("signed", next(one["signature"]["uuid"] for one in signed if one["name"] == place))
