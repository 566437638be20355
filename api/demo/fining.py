"""What may live here: how the principal answers for what the unit did: told, heard, reviewed, fined apart (条例64)."""

from typing import Any

from api.demo import papering
from api.demo.docket import CHECKED, GROUNDS, Docket
from api.demo.papering import Made
from api.demo.telling import DEPUTY, HEAD, REVIEWER
from api.demo.written import PRINCIPAL_NAME

FINE = {"kind": "FINE", "sum": "5000000", "basis": "fine_major_hazard_principal"}
_BY_HAND = {"way": "DIRECT", "proof": "本人当场签收", "receiver": PRINCIPAL_NAME}
_FACTS = f"{PRINCIPAL_NAME}作为该矿主要负责人，在瓦斯超限的重大事故隐患未消除时组织生产"


def party(docket: Docket) -> dict[str, Any]:
    """The principal as a party of the case."""
    return {"id": docket.principal, "kind": "PERSON", "name": PRINCIPAL_NAME, "subject": "SAMPLE-PRINCIPAL"}


def weigh(docket: Docket) -> None:
    """处罚法34: within the standard, and for what the record shows."""
    docket.step(docket.story.lead, "suggestDiscretion", "discretion", partyId=docket.principal,
                standard="重大隐患未消除的裁量基准", basis=FINE["basis"], ground="LIGHTER", least="3000000",
                most="6000000", circumstances=["REDUCED_HARM"], reason="下令后立即组织全部人员撤出",
                officerIds=docket.story.officers)  # fmt: skip


def notify(docket: Docket) -> None:
    """处罚法44, 45, 63: told of both rights, he gives them up in writing."""
    story, lead, who = docket.story, docket.story.lead, docket.principal
    both = {"partyId": who, "delivery": _BY_HAND, "officerIds": story.officers}
    noticed = docket.step(lead, "serveNotice", "notice", conducts=[docket.conduct], facts=_FACTS, grounds=GROUNDS,
                          sanctions=[FINE], rightsTold=True, **both)  # fmt: skip
    docket.delivered(lead, "行政处罚告知书", noticed)
    offered = docket.step(lead, "offerHearing", "offered", **both)
    docket.delivered(lead, "行政处罚听证告知书", offered)
    docket.step(lead, "waiveDefence", "waived", partyId=who, signed=True)
    docket.step(lead, "waiveHearing", "hearing_waived", partyId=who, signed=True)


def review(docket: Docket) -> Made:
    """处罚法58: the draft on him is reviewed by itself; it, on paper, for the head to approve."""
    story, lead, reviewer = docket.story, docket.story.lead, docket.story.cast[REVIEWER]
    given = {"partyId": docket.principal}
    sent = docket.step(lead, "submitForReview", "submitted", sanctions=[FINE], papers="案卷一册", **given)
    draft = docket.paper(lead, "案件处理呈批表", (lead, "承办人1"), (story.second, "承办人2"), (reviewer, "审核人"),
                         step=sent)  # fmt: skip
    docket.step(reviewer, "passReview", "passed", submitted=sent, checked=CHECKED, reviewedBefore=True, **given)
    return draft


def deliberate(docket: Docket, draft: Made) -> None:
    """处罚法57: the heads together, on him by himself."""
    story, head = docket.story, docket.story.cast[HEAD]
    heads = [head.account, story.cast[DEPUTY].account]
    done = docket.step(head, "deliberateCase", "deliberated", partyId=docket.principal, heads=heads,
                       opinion="事实清楚，证据确实、充分，同意对主要负责人处罚款五万元")  # fmt: skip
    docket.paper(story.lead, "行政处罚集体讨论记录", (head, "出席人员1"), (story.cast[DEPUTY], "出席人员2"), step=done)
    papering.by_key(story, draft, (head, "审批人"))


def decide(docket: Docket) -> None:
    """处罚法57, 59, 61: decided by the head and handed over to him."""
    story, lead, who = docket.story, docket.story.lead, docket.principal
    docket.fined = docket.step(
        story.cast[HEAD], "decideCase", "decided_principal", partyId=who, outcome="PENALTY", conducts=[docket.conduct],
        facts=f"{_FACTS}。以上事实有现场检查记录、询问笔录为证", grounds=GROUNDS, sanctions=[FINE],
        remedies="六十日内复议，六个月内诉讼", payTo="中国工商银行盘州支行（示例）",
    )  # fmt: skip
    docket.paper(lead, "行政处罚决定书（个人）", step=docket.fined)


def serve(docket: Docket) -> None:
    """处罚法61: into his own hands."""
    served = docket.step(docket.story.lead, "serveDecision", "served_by_hand", partyId=docket.principal,
                         decision=docket.fined, delivery=_BY_HAND, officerIds=docket.story.officers)  # fmt: skip
    docket.paper(docket.story.lead, "文书送达回执", step=served)


def pay(docket: Docket) -> None:
    """处罚法67: within fifteen days."""
    docket.step(docket.story.lead, "recordPayment", "paid", partyId=docket.principal, decision=docket.fined,
                sum=FINE["sum"], way="BANK")  # fmt: skip
