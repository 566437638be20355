"""What may live here: the reward of a refusal that was found true: a small fine on the spot, a share of it, claimed."""

from api.demo.answering import FACT
from api.demo.docket import Docket
from api.demo.entrusting import Miner
from api.demo.telling import HEAD, Story
from api.phone.phone import new_id
from storage.record.clock import day_of

REWARDER = "reward.liupanshui"
COUNTER = "盘州市政务大厅举报窗口，现金"
_FINE = {"kind": "FINE", "sum": "300000", "basis": "fine_hazard_unit"}
_SHOWN = "reward { uuid amount percent state }"


def fine(story: Story, *, facts: str = FACT) -> Docket:
    """处罚法51, 52: what one day carries: facts that are clear and a fine within 3,000 yuan, decided on the spot."""
    docket, today = Docket(story), f"{day_of(story.clock())}"
    docket.decision = docket.step(
        story.lead, "decideOnTheSpot", "fined", {"yuan": _yuan(_FINE["sum"])}, mineId=story.mine, partyId=docket.party,
        number=f"（示例）黔煤当罚〔{today[:4]}〕{docket.id[:6]}号", discoveredOn=today, officerIds=story.officers,
        parties=[{"id": docket.party, "kind": "UNIT", "name": f"{story.seen['mine']}",
                  "subject": story.credit_code}],
        conducts=[{"id": docket.conduct, "name": "未采取措施消除事故隐患", "clause": "安全生产法第四十一条第二款",
                   "beganOn": today, "endedOn": today, "finding": story.finding}],
        sanctions=[_FINE], facts=facts, grounds="安全生产法第一百零二条", heard=True, handedOver=True,
        remedies="六十日内复议，六个月内诉讼",
    )  # fmt: skip
    docket.step(story.lead, "reportSpotDecision", "spot_reported", decision=docket.decision, officerIds=story.officers)
    return docket


def reward(story: Story, docket: Docket, miner: Miner, report: str) -> None:
    """R2, R3: reckoned from the fine, granted by a head, claimed with the key of the receipt, paid in cash."""
    rewarder, head, id = story.cast[REWARDER], story.cast[HEAD], new_id()
    told = rewarder.acts("proposeReward", _SHOWN, id=id, reportId=report, caseId=docket.id, grade="FIRST")["reward"]
    story.told("reward_proposed", id, by=rewarder, yuan=_yuan(told["amount"]), percent=told["percent"])
    with story.refused("REWARD_NOT_DECIDED"):
        rewarder.acts("payReward", _SHOWN, rewardId=id, how=COUNTER)
    head.acts("decideReward", _SHOWN, rewardId=id, granted=True, words="查证属实，同意奖励")
    story.told("reward_decided", id, by=head)
    miner.claims(COUNTER)
    story.told_of_nobody("reward_claimed")
    paid = rewarder.acts("payReward", _SHOWN, rewardId=id, how="窗口付现，收据0017号")["reward"]
    story.told("reward_paid", id, by=rewarder)
    story.seen["reward"] = paid["state"]


def _yuan(fen: str) -> str:
    return f"{int(fen) // 100:,}"
