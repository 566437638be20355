"""What may live here: the stop that goes with the fine: ordered, announced, accepted, and ended by three hands."""

from api.demo.docket import Docket
from api.demo.telling import GOVERNMENT, HEAD, OFFICE, PRINCIPAL
from api.phone.phone import new_id


def stop(docket: Docket, number: str, *, reason: str) -> None:
    """条例64, 49: production stands still by the decision of this number, and everybody may read that."""
    story, lead, head = docket.story, docket.story.lead, docket.story.cast[HEAD]
    order = docket.stop = new_id()
    lead.acts("orderMeasure", "measure { state }", id=order, inspectionId=story.inspection, kind="STOP_TO_RECTIFY",
              reason=reason, orderedAt=story.ago(seconds=1), findingIds=[story.finding], decision=number,
              approverId=head.account)  # fmt: skip
    story.told("stopped", order)
    story.takes(story.second, "confirmMeasure", "measure_confirmed", order)
    story.takes(head, "approveMeasure", "stop_approved", order)
    story.takes(lead, "announceMeasure", "stop_announced", order, outcome="STOP", words="门户网站公告停产整顿")


def restart(docket: Docket) -> None:
    """条例48, 49: asked for, accepted by two, signed by department, branch office and government in this order."""
    story, lead, order, cast = docket.story, docket.story.lead, docket.stop, docket.story.cast
    with story.refused("ACCEPTANCE_NOT_PASSED"):
        cast[HEAD].on_measure("signRestart", order)
    story.takes(cast[PRINCIPAL], "askRestart", "restart_asked", order, words="抽采系统恢复，通风能力重新核定，申请验收")
    story.takes(lead, "holdAcceptance", "accepted", order, outcome="PASSED", words="验收合格")
    with story.refused("SIGNATURE_OUT_OF_ORDER"):
        cast[GOVERNMENT].on_measure("approveRestart", order)
    story.takes(cast[HEAD], "signRestart", "restart_signed", order)
    story.takes(cast[OFFICE], "agreeToRestart", "restart_agreed", order)
    story.takes(cast[GOVERNMENT], "approveRestart", "restart_approved", order)
    story.takes(lead, "announceMeasure", "restart_announced", order, outcome="RESTART", words="门户网站公告恢复生产")
