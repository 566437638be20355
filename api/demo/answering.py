"""What may live here: how officers answer a refusal: sent, there by two, found true, ordered, put right, lifted."""

from api.demo import words
from api.demo.alarming import name_of
from api.demo.hands import Hand, picture
from api.demo.telling import HEAD, LEAD, SECOND, Story
from api.phone.phone import new_id

FACT = "1201综采工作面甲烷传感器断线，无读数，仍安排下井作业"
_TAKEN = "refusal { uuid state }"
_OPEN = """query ($mine: UUID!) {
  measures(first: 100, mineId: $mine, openOnly: true) { edges { node { uuid inspectionId } } } }"""


def check(story: Story, taker: Hand, refusal: str) -> None:
    """三（六）2, 处罚法42: two go there, each says by his own act that he was there; before that nobody lifts it."""
    lead, second = story.lead, story.second
    given = {"refusalId": refusal, "words": "立即到工作面核查甲烷传感器"}
    story.say(words.line("chapter_check"))
    with story.refused("CHECK_NEEDS_TWO"):
        taker.acts("orderRefusalCheck", _TAKEN, id=new_id(), officerIds=[lead.account], **given)
    taker.acts("orderRefusalCheck", _TAKEN, id=new_id(), officerIds=story.officers, **given)
    story.told("check_ordered", refusal, by=taker)
    go_there(story, "核查拒绝入井")
    with story.refused("NOT_YET_CHECKED"):
        story.cast[HEAD].acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="恢复生产")
    for officer, login in ((lead, LEAD), (second, SECOND)):
        officer.acts("recordRefusalCheck", _TAKEN, id=new_id(), refusalId=refusal, inspectionId=story.inspection,
                     words="到现场看过，传感器断线")  # fmt: skip
        story.told("checked", refusal, by=officer, who=name_of(login))
    find(story)
    lead.acts("concludeRefusalCheck", _TAKEN, id=new_id(), refusalId=refusal, findingIds=[story.finding])
    story.told("substantiated", refusal, by=lead)


def order(story: Story, refusal: str) -> str:
    """安法102: what was found true is followed by an order to the mine; its id."""
    story.say(words.line("chapter_order"))
    measure = order_on_site(story)
    story.lead.acts("nameRefusalOrder", _TAKEN, id=new_id(), refusalId=refusal, measureId=measure)
    story.told("order_named", refusal, by=story.lead)
    return measure


def order_on_site(story: Story) -> str:
    """安法102: to be put right at once, ordered by one officer and confirmed by the other; its id."""
    measure = new_id()
    story.lead.acts("orderMeasure", "measure { state }", id=measure, inspectionId=story.inspection,
                    kind="CORRECT_ON_SITE", reason="甲烷传感器断线", orderedAt=story.seen_ago(seconds=0),
                    findingIds=[story.finding])  # fmt: skip
    story.told("order", measure)
    story.second.on_measure("confirmMeasure", measure)
    story.told("measure_confirmed", measure)
    return measure


def look_at_earlier(story: Story) -> None:
    """三（十四）3: what earlier inspections left open is looked at before anything new is closed, and stays open.

    The story knows nothing of how those orders came about, so the two never say that one was put right.
    """
    edges = story.lead.asks(_OPEN, mine=story.mine)["measures"]["edges"]
    for earlier in (edge["node"]["uuid"] for edge in edges if edge["node"]["inspectionId"] != story.inspection):
        recheck = story.lead.on_measure("recheckMeasure", earlier, outcome="NOT_CORRECTED", words="现场核实，尚未整改")
        story.second.on_measure("signRecheck", earlier, recheckId=recheck)
        story.told("earlier_looked", earlier)


def lift(story: Story, refusal: str, measure: str) -> None:
    """三（六）2: not while the order is open, and by a head who was not there."""
    head = story.cast[HEAD]
    with story.refused("ORDER_STILL_OPEN"):
        head.acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="恢复生产")
    close_order(story, measure)
    story.closes(story.recording)
    head.acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="整改合格，解除")
    story.told("refusal_lifted", refusal, by=head)


def close_order(story: Story, measure: str) -> None:
    """条例45: checked again by both, and nothing that is older passed over."""
    lead, second = story.lead, story.second
    recheck = lead.on_measure("recheckMeasure", measure, outcome="CORRECTED", words="传感器已接通，读数0.3%",
                              evidenceIds=[story.photo])  # fmt: skip
    story.told("rechecked", measure)
    second.on_measure("signRecheck", measure, recheckId=recheck)
    story.told("recheck_signed", measure)
    look_at_earlier(story)
    lead.on_measure("closeOutMeasure", measure)
    story.told("order_closed", measure)


def go_there(story: Story, reason: str) -> None:
    """Two officers are at the mine, each by his own act."""
    lead, second = story.lead, story.second
    lead.acts(
        "openInspection", "inspection { uuid }", id=story.inspection, mineId=story.mine, basis="REASONED",
        reason=reason, leadId=lead.account, officerIds=story.officers,
        places=[{"id": new_id(), "name": "调度室", "underground": False},
                {"id": story.below, "name": "1201综采工作面", "underground": True}],
    )  # fmt: skip
    second.acts("joinInspection", "inspection { uuid }", inspectionId=story.inspection)
    story.arrived = story.clock()
    story.told("check_opened", story.inspection)


def find(story: Story, *, fact: str = FACT, act: str = "found_true") -> None:
    """What the two see is a finding of its own, with a sealed photo, confirmed by the second of them."""
    lead, second = story.lead, story.second
    story.recording = lead.records(story.inspection)
    story.photo = lead.takes(story.recording, picture(story.finding), "image/png")
    lead.acts(
        "recordFinding", "finding { uuid }", id=story.finding, inspectionId=story.inspection,
        kind="HAZARD_NOT_REMOVED", fact=fact, placeId=story.below, seenAt=story.seen_ago(seconds=0),
        evidenceIds=[story.photo],
    )  # fmt: skip
    story.told(act, story.finding)
    second.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
    story.told("confirmed_by_second", story.finding, kind="finding.confirmed")
