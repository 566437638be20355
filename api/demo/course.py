"""What may live here: the course of the case: filed, investigated, heard, reviewed, decided, reconsidered, archived."""

from typing import Any

from api.demo import correcting, fining, papering, restarting, words
from api.demo.days import at
from api.demo.docket import CHECKED, GROUNDS, Docket
from api.demo.hands import Hand, film, picture
from api.demo.telling import ARCHIVIST, CHAIR, DEPUTY, HEAD, PRINCIPAL, REVIEWER, Story, in_both
from api.demo.written import ASKED, ORGAN
from api.phone.server import Refused

FINE = {"kind": "FINE", "sum": "80000000", "basis": "fine_major_hazard_unit"}
STOP = {"kind": "STOPPED", "days": 30, "terms": "恢复瓦斯抽采系统，重新核定通风能力，经验收后恢复生产"}
PENALTY = [STOP, FINE]
"""条例64 gives the one only beside the other."""
BY_HAND = {"way": "DIRECT", "proof": "收件人当场签收", "receiver": "何矿（示例）"}
_FACTS = "该矿1201综采工作面回风流甲烷浓度达3.2%，仍在割煤"


def investigate(story: Story) -> Docket:
    """处罚法54, 46, 55, 34: proposed by two from the finding, registered by the head; statement, evidence, the end."""
    docket, lead, both = Docket(story), story.lead, story.officers
    _file(docket)
    docket.why("registered")
    story.on(story.dates.registered, 15)
    taken = docket.step(lead, "takeStatement", "statement", of=ASKED, signed=True, officerIds=both)
    record = docket.paper(lead, "询问笔录", (lead, "询问人"), (story.second, "记录人"), step=taken)
    papering.by_hand(story, record, "被询问人", ASKED)
    docket.step(lead, "addCaseEvidence", "added", name="现场照片", proves="瓦斯超限仍作业", evidence=[story.photo],
                officerIds=both)  # fmt: skip
    with story.refused("INVESTIGATION_NOT_ENDED"):
        docket.tries(lead, "serveNotice", **_notice(docket))
    story.on(story.dates.ended, 15)
    docket.step(lead, "endInvestigation", "ended", **_end(docket))
    _weigh(docket)
    docket.why("investigated")
    return docket


def _weigh(docket: Docket) -> None:
    """裁量基准: a lighter tier has its circumstance on record, and stays within the range of the standard."""
    lead = docket.story.lead
    weighed = {
        "partyId": docket.party, "standard": "重大隐患未消除的裁量基准", "basis": FINE["basis"], "least": "60000000",
        "most": "95000000", "reason": "一次超限，及时撤出全部人员", "officerIds": docket.story.officers,
    }  # fmt: skip
    for refused, ground in (("TIER_WITHOUT_GROUND", "MITIGATED"), ("STANDARD_DEPARTED", "LIGHTER")):
        with docket.story.refused(refused):
            docket.tries(lead, "suggestDiscretion", ground=ground, **weighed)
    docket.step(lead, "suggestDiscretion", "discretion", ground="LIGHTER", circumstances=["REDUCED_HARM"], **weighed)
    fining.weigh(docket)


def _file(docket: Docket) -> None:
    story, seen_on = docket.story, f"{docket.story.dates.found}"
    story.on(story.dates.proposed, 9)
    proposed = docket.step(
        story.lead, "proposeCase", "proposed", mineId=story.mine, cause="瓦斯超限作业", discoveredOn=seen_on,
        inspection=story.inspection, officerIds=story.officers,
        parties=[{"id": docket.party, "kind": "UNIT", "name": "松河湾煤矿（示例）",
                  "subject": story.credit_code}, fining.party(docket)],
        conducts=[{"id": docket.conduct, "name": "瓦斯超限作业", "clause": "煤矿安全生产条例第三十六条第二项",
                   "beganOn": seen_on, "endedOn": seen_on, "finding": story.finding}],
    )  # fmt: skip
    docket.why("proposed")
    with story.refused("CASE_NOT_REGISTERED"):
        docket.tries(story.lead, "endInvestigation", **_end(docket))
    story.on(story.dates.registered, 9)
    docket.paper(story.lead, "立案审批表", *_four(story), step=proposed)
    docket.step(story.cast[HEAD], "registerCase", "registered")


def _four(story: Story) -> tuple[tuple[Hand, str], ...]:
    """Those who sign a form of approval: both officers, who looked it over, and who approves."""
    return ((story.lead, "承办人1"), (story.second, "承办人2"), (story.cast[REVIEWER], "审核人"),
            (story.cast[HEAD], "审批人"))  # fmt: skip


def _end(docket: Docket) -> dict[str, Any]:
    return {"facts": f"{_FACTS}，有现场照片、询问笔录为证", "complex": True, "officerIds": docket.story.officers}


def _notice(docket: Docket) -> dict[str, Any]:
    return {
        "partyId": docket.party, "conducts": [docket.conduct], "facts": _FACTS, "sanctions": PENALTY,
        "grounds": GROUNDS, "rightsTold": True, "delivery": BY_HAND,
        "officerIds": docket.story.officers,
    }  # fmt: skip


def notify(docket: Docket) -> None:
    """处罚法44, 45, 63, 64: notice, hearing offered, defence and its answer, the request, the notice of its day."""
    story, lead, party = docket.story, docket.story.lead, docket.party
    story.on(story.dates.noticed, 9)
    with story.refused("STOP_LACKING"):
        docket.tries(lead, "serveNotice", **_notice(docket) | {"sanctions": [FINE]})
    noticed = docket.step(lead, "serveNotice", "notice", **_notice(docket))
    docket.delivered(lead, "行政处罚告知书", noticed)
    docket.why("noticed")
    offered = docket.step(lead, "offerHearing", "offered", partyId=party, delivery=BY_HAND, officerIds=story.officers)
    docket.delivered(lead, "行政处罚听证告知书", offered)
    fining.notify(docket)
    story.on(story.dates.defended, 10)
    defence = docket.step(lead, "receiveDefence", "defence", partyId=party, words="甲烷传感器误报，请求从轻处罚")
    clerk = [(story.finder, "记录人")] if story.clock.passes else []
    docket.paper(lead, "当事人陈述申辩笔录", (story.cast[PRINCIPAL], "陈述申辩人"), (lead, "承办人1"),
                 (story.second, "承办人2"), *clerk, step=defence)  # fmt: skip
    docket.why("defended")
    docket.step(lead, "examineDefence", "examined", partyId=party, defence=defence, accepted=False,
                answer="当班以光学瓦检仪复测，结果与传感器一致")  # fmt: skip
    story.on(story.dates.asked, 10)
    docket.step(lead, "askHearing", "asked", partyId=party, how="书面")
    docket.why("asked")
    _tell_of_the_hearing(docket)


def _tell_of_the_hearing(docket: Docket) -> None:
    """For the first day that the law allows: the day before is tried and refused, and so is the hearing itself.

    Where the holidays up to that day are not published, the server says so and the notice waits.
    """
    story, chair = docket.story, docket.story.cast[CHAIR]
    story.on(story.dates.told, 10)
    given = {
        "partyId": docket.party,
        "place": "机关一楼听证室",
        "chair": chair.account,
        "delivery": BY_HAND,
        "officerIds": story.officers,
    }
    lawful = given | {"hearingAt": at(story.dates.heard, 9, 30).isoformat()}
    with story.refused("CHAIR_INVESTIGATED"):
        docket.tries(chair, "notifyHearing", **lawful | {"chair": story.lead.account})
    try:
        with story.refused("HEARING_TOLD_TOO_LATE"):
            docket.tries(chair, "notifyHearing", **given | {"hearingAt": at(story.dates.too_early, 9, 30).isoformat()})
        docket.hearing = docket.step(chair, "notifyHearing", "notified", **lawful)
        docket.delivered(chair, "行政处罚听证会通知书", docket.hearing)
    except Refused as refused:
        if refused.code != "YEAR_NOT_PUBLISHED":
            raise
        story.say(words.line("hearing_waits", **in_both(refused)))
        return
    with story.refused("HEARING_BEFORE_ITS_TIME"):
        docket.tries(chair, "holdHearing", partyId=docket.party, notified=docket.hearing, came=True, agents=1)
    with story.refused("REVIEW_BEFORE_HEARING"):
        docket.tries(story.lead, "submitForReview", **_submission(docket))


def correct(docket: Docket) -> None:
    """The hazard is closed out while the hearing is waited for; before that no case of it ends (三（三）3)."""
    with docket.story.refused("OPEN_HAZARD"):
        docket.tries(docket.story.cast[HEAD], "closeCase", **_CLOSING)
    correcting.correct(docket.story, docket.story.order)


def hear(docket: Docket) -> None:
    """处罚法64, 47: by the chair at the time that was told, and filmed; without the film nothing is decided."""
    story, lead = docket.story, docket.story.lead
    story.until(story.dates.heard, 11, 10)
    hearing = docket.step(story.cast[CHAIR], "holdHearing", "heard", partyId=docket.party, notified=docket.hearing,
                          came=True, agents=1, officerIds=story.officers)  # fmt: skip
    docket.why("heard")
    recording = lead.records(story.inspection)
    _record_the_hearing(docket, hearing, lead.takes(recording, picture(hearing), "image/png"))
    taken = lead.takes(recording, film(hearing), "video/mp4")
    docket.step(lead, "linkCaseRecording", "filmed", partyId=docket.party, step=hearing, medium="FILM",
                evidence=[taken])  # fmt: skip
    docket.why("filmed")
    story.closes(recording)


def _record_the_hearing(docket: Docket, hearing: str, photo: str) -> None:
    """处罚法64, 65: its record, to be decided by; those without an account here sign in ink, and a photo shows it."""
    story, chair = docket.story, docket.story.cast[CHAIR]
    record = docket.paper(chair, "听证笔录", (chair, "主持人"), step=hearing)
    papering.by_hand(story, record, "申请听证人或者其委托代理人", "许辩（示例）")
    papering.in_ink(story, record, "听证员", "冯评（示例）", photo)
    papering.in_ink(story, record, "书记员", "褚录（示例）", photo)
    docket.why("recorded")
    docket.paper(chair, "听证会报告书", (chair, "主持人"), (story.cast[HEAD], "负责人"), step=hearing)


def _submission(docket: Docket) -> dict[str, Any]:
    return {"partyId": docket.party, "sanctions": PENALTY, "papers": "案卷一册"}


def review(docket: Docket) -> None:
    """处罚法58: sent back once with its notes, passed once they were answered."""
    story, lead, reviewer, party = docket.story, docket.story.lead, docket.story.cast[REVIEWER], docket.party
    story.until(story.dates.submitted, 9)
    docket.why("before review")
    first = docket.step(lead, "submitForReview", "submitted", **_submission(docket))
    with story.refused("REVIEW_MISSING"):
        docket.tries(story.cast[HEAD], "deliberateCase", **_deliberation(docket))
    story.on(story.dates.returned, 9)
    docket.step(reviewer, "returnReview", "returned", partyId=party, submitted=first, notes="第3页：补瓦检仪检定证书")
    docket.why("returned")
    recording = lead.records(story.inspection)
    certificate = lead.takes(recording, picture("瓦检仪检定证书"), "image/png")
    story.closes(recording)
    docket.step(lead, "addCaseEvidence", "added_again", name="检定证书", proves="仪器有效", evidence=[certificate],
                officerIds=story.officers)  # fmt: skip
    story.on(story.dates.passed, 9)
    second = docket.step(lead, "submitForReview", "submitted_again", **_submission(docket))
    docket.draft = docket.paper(lead, "案件处理呈批表", *_four(story)[:3], step=second)
    given = {"partyId": party, "submitted": second, "checked": CHECKED, "reviewedBefore": True}
    with story.refused("REVIEW_NOT_WHOLE"):
        docket.tries(reviewer, "passReview", **given | {"checked": CHECKED[1:]})
    docket.step(reviewer, "passReview", "passed", **given)
    docket.why("passed")
    docket.draft_on_principal = fining.review(docket)


def _deliberation(docket: Docket) -> dict[str, Any]:
    heads = [docket.story.cast[HEAD].account, docket.story.cast[DEPUTY].account]
    return {
        "partyId": docket.party,
        "heads": heads,
        "opinion": "事实清楚，证据确实、充分，同意责令该矿停产整顿三十日，处罚款八十万元",
    }


def draft_of(docket: Docket) -> dict[str, Any]:
    """The decision as the head would take it."""
    return {
        "partyId": docket.party, "outcome": "PENALTY", "conducts": [docket.conduct],
        "facts": f"{_FACTS}，属于重大事故隐患。以上事实有现场检查记录、现场照片、询问笔录、听证笔录为证",
        "grounds": GROUNDS, "sanctions": PENALTY, "remedies": "六十日内复议，六个月内诉讼",
        "payTo": "中国工商银行盘州支行（示例）",
    }  # fmt: skip


def decide(docket: Docket) -> None:
    """处罚法57, 59, 61, 67: heads together, decided, served electronically only with a signed consent, paid."""
    story, lead, head, party = docket.story, docket.story.lead, docket.story.cast[HEAD], docket.party
    story.until(story.dates.decided, 9)
    draft = draft_of(docket)
    with story.refused("DELIBERATION_MISSING"):
        docket.tries(head, "decideCase", **draft)
    fining.deliberate(docket, docket.draft_on_principal)
    deliberated = docket.step(head, "deliberateCase", "deliberated", **_deliberation(docket))
    _record_the_discussion(docket, draft, deliberated)
    papering.by_key(story, docket.draft, (head, "审批人"))
    docket.why("deliberated")
    with story.refused("HEAVIER_AFTER_DEFENCE"):
        docket.tries(head, "decideCase", **draft | {"sanctions": [STOP, FINE | {"sum": "90000000"}]})
    docket.decision = docket.step(head, "decideCase", "decided", **draft)
    fining.decide(docket)
    story.on(story.dates.served, 9)
    with story.refused("DECISION_NOT_ON_PAPER"):
        docket.tries(lead, "serveDecision", partyId=party, decision=docket.decision, delivery=BY_HAND,
                     officerIds=story.officers)  # fmt: skip
    _serve(docket)
    story.on(story.dates.paid, 9)
    docket.step(lead, "recordPayment", "paid", partyId=party, decision=docket.decision, sum=FINE["sum"], way="BANK")
    fining.pay(docket)
    restarting.restart(docket)
    docket.step(lead, "recordExecution", "executed", partyId=party, decision=docket.decision, sanction="STOPPED",
                how="停产整顿期满，经验收和三级签字批准恢复生产")  # fmt: skip


def _record_the_discussion(docket: Docket, draft: dict[str, Any], deliberated: str) -> None:
    """处罚法57: each head who was there signs the record; while one has not, nothing is decided by it."""
    story, head = docket.story, docket.story.cast[HEAD]
    with story.refused("DELIBERATION_NOT_ON_PAPER"):
        docket.tries(head, "decideCase", **draft)
    record = docket.paper(story.lead, "行政处罚集体讨论记录", (head, "出席人员1"), step=deliberated)
    docket.why("signed by one head")
    with story.refused("DELIBERATION_NOT_SIGNED"):
        docket.tries(head, "decideCase", **draft)
    papering.by_key(story, record, (story.cast[DEPUTY], "出席人员2"))


def _serve(docket: Docket) -> None:
    story, lead, party = docket.story, docket.story.lead, docket.party
    fining.serve(docket)
    paper = docket.paper(lead, "行政处罚决定书（单位）", step=docket.decision)
    electronic = {"way": "ELECTRONIC", "proof": "以系统到达记录为证", "receiver": "何矿（示例）"}
    served = {"partyId": party, "decision": docket.decision, "delivery": electronic, "officerIds": story.officers}
    for signed, what in ((False, "consent_unsigned"), (True, "consent")):
        with story.refused("ELECTRONIC_SERVICE_WITHOUT_CONSENT"):
            docket.tries(lead, "serveDecision", **served)
        docket.step(lead, "confirmService", what, partyId=party, address="songhewan@example.cn", electronic=True,
                    signed=signed)  # fmt: skip
    delivered = docket.step(lead, "serveDecision", "served", **served)
    story.seen["served"] = True
    docket.paper(lead, "文书送达回执", step=delivered)
    restarting.stop(docket, paper.number, reason="瓦斯超限的重大事故隐患未消除仍然组织生产")


_CLOSING = {"ground": "DONE", "report": "罚款已缴清，停产整顿已执行，隐患已整改销号，行政复议维持"}


def reconsider(docket: Docket) -> None:
    """复议法20, 48: filed, answered in time with the evidence, upheld; nothing is closed while it runs."""
    story, lead, party, dates = docket.story, docket.story.lead, docket.party, docket.story.dates
    story.until(dates.filed, 9)
    filing = docket.step(lead, "recordReconsideration", "filed", partyId=party, decision=docket.decision,
                         organ=ORGAN, filedOn=f"{dates.filed}")  # fmt: skip
    with story.refused("REMEDY_RUNNING"):
        docket.tries(story.cast[HEAD], "closeCase", **_CLOSING)
    story.on(dates.answered, 9)
    docket.step(lead, "answerRemedy", "answered", partyId=party, filed=filing, papers="答复书、证据目录")
    story.on(dates.upheld, 9)
    docket.step(lead, "recordRemedyOutcome", "upheld", partyId=party, filed=filing, result="UPHELD",
                decidedOn=f"{dates.upheld}")  # fmt: skip


def end(docket: Docket) -> None:
    """处罚法66; 档案法13: closed with nothing open, then put away; the mine reads of its case what the law gives it."""
    story, archivist = docket.story, docket.story.cast[ARCHIVIST]
    with story.refused("NOT_CLOSED"):
        docket.tries(archivist, "archiveCase", term="LONG")
    story.until(story.dates.closed, 9)
    with story.refused("CLOSING_NOT_ON_PAPER"):
        docket.tries(story.cast[HEAD], "closeCase", **_CLOSING)
    approved = docket.paper(story.lead, "结案审批表", *_four(story))
    docket.step(story.cast[HEAD], "closeCase", "closed", papers=[approved.id], **_CLOSING)
    with story.refused("CONTENTS_NOT_WHOLE"):
        docket.tries(archivist, "archiveCase", term="LONG")
    contents = docket.paper(story.lead, "卷内目录")
    archived = docket.step(archivist, "archiveCase", "archived", term="LONG", papers=[contents.id])
    docket.paper(story.lead, "案卷（首页）", step=archived)
    own = story.cast[PRINCIPAL].asks("{ ownCases(first: 5) { edges { node { uuid } } } }")["ownCases"]["edges"]
    story.seen["own cases"] = [edge["node"]["uuid"] for edge in own]
    story.seen["state"] = docket.state()
