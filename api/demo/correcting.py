"""What may live here: what becomes of the hazard: under supervision, corrected, seen on site, closed out, lifted."""

from api.demo import papering
from api.demo.hands import picture
from api.demo.papering import Subject
from api.demo.telling import HEAD, PRINCIPAL, Story
from api.phone.phone import new_id

DAYS = 30
"""The term to correct."""


def order(story: Story) -> str:
    """条例45, 三（三）3: to be corrected by a term, supervised, handed over, followed by somebody; its id."""
    lead, second, head, order = story.lead, story.second, story.cast[HEAD], new_id()
    story.on(story.dates.found, 16)
    lead.acts("orderMeasure", "measure { state }", id=order, inspectionId=story.inspection, kind="CORRECT_BY_TERM",
              reason="1201综采工作面瓦斯超限", orderedAt=story.ago(seconds=1), findingIds=[story.finding],
              days=DAYS)  # fmt: skip
    story.told("ordered", order, days=DAYS)
    paper = papering.issue(story, lead, "责令限期整改指令书", Subject("MEASURE", order))
    papering.by_key(story, paper, (lead, "执法人员1"), (second, "执法人员2"),
                    (story.cast[PRINCIPAL], "被检查单位负责人"))  # fmt: skip
    story.takes(second, "confirmMeasure", "measure_confirmed", order)
    story.takes(head, "superviseHazard", "supervised", order, words="CITY")
    story.takes(lead, "handOverHazard", "handed_over", order, words="盘州市能源局")
    story.takes(second, "receiveHazard", "received", order)
    story.takes(lead, "nameFollower", "follower", order, accountId=second.account)
    return order


def correct(story: Story, order: str) -> None:
    """Reported by the mine, checked again by two, seen below, closed out; the withdrawal is lifted."""
    lead, second, head, mine = story.lead, story.second, story.cast[HEAD], story.cast[PRINCIPAL]
    story.on(story.dates.corrected, 9)
    story.takes(lead, "trackHazard", "tracked", order, words="抽采系统已恢复")
    story.takes(mine, "reportCorrection", "reported", order, words="抽采恢复，甲烷0.4%")
    recording = lead.records(story.inspection)
    after = lead.takes(recording, picture(order), "image/png")
    for measure in (story.withdrawal, order):
        recheck = story.takes(
            lead,
            "recheckMeasure",
            "rechecked",
            measure,
            outcome="CORRECTED",
            evidenceIds=[after],
            words="抽采系统运行正常，回风流甲烷浓度0.4%",
        )
        story.takes(second, "signRecheck", "recheck_signed", measure, recheckId=recheck)
        paper = papering.issue(story, lead, "整改复查意见书", Subject("MEASURE", measure), step=recheck)
        papering.by_key(story, paper, (lead, "执法人员1"), (second, "执法人员2"), (mine, "被复查单位负责人"))
    with story.refused("NOT_VERIFIED_ON_SITE"):
        lead.on_measure("closeOutMeasure", order)
    look = story.takes(lead, "verifyOnSite", "verified", order, outcome="CORRECTED", words="属实",
                  evidenceIds=[after], placeId=story.below)  # fmt: skip
    story.takes(second, "signVerification", "verification_signed", order, verificationId=look)
    story.takes(lead, "closeOutMeasure", "closed_out", order)
    story.takes(head, "liftMeasure", "lifted", story.withdrawal)
    story.closes(recording)
