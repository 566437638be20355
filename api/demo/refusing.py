"""What may live here: `pithead demo refusal`: a refusal to go down, from an anonymous receipt to the lifting."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from api.demo import words
from api.demo.alarming import COUNTY, Alarm, name_of, plan_duty
from api.demo.days import Today
from api.demo.entrusting import CLAUSE, Miner
from api.demo.hands import Cast, Hand, picture
from api.demo.playing import DONE, played
from api.demo.telling import HEAD, PRINCIPAL, Story
from api.desk import calls, keys
from api.phone import disk
from api.phone.outset import line_of, server_of
from api.phone.phone import new_id
from api.phone.server import Unreachable, tries
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN

MINUTES = 8.0
"""So long the story waits for silent officers unless told otherwise: the ladder comes to the head after seven."""
INTAKE, VERIFIER = "intake.panzhou", "verifier.panzhou"
CUSTODIANS = ("custodian.one", "custodian.two", "custodian.three")
_AT = "query ($day: Date!) { refusalsAt(day: $day) { uuid place clause since madeAt liftedAt } }"
_TAKEN = "refusal { uuid state }"
_PATIENCE = 60.0


def main_refusal(
    *,
    url: str,
    folder: Path,
    password: str,
    say: Callable[[str], None],
    minutes: float = MINUTES,
    http: httpx.Client | None = None,
    heard: Callable[[Story], None] = lambda story: None,
) -> int:
    """Plays it with the sample people and a miner without an account; 0 if every act was done, else 1.

    All of it is played by the server's own clock: an alarm climbs in real minutes. `heard` is called at the end.
    """

    def play() -> int:
        with ExitStack() as open_now:
            open_now.enter_context(disk.held(folder))
            line = open_now.enter_context(line_of(http))
            # The miner has a line of his own: nothing that officers carry goes over it.
            own = open_now.enter_context(httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0)))
            today = Today()
            cast = Cast(lambda: server_of(url, line, "zh", 20.0), folder, password, today)
            story = Story(cast, say, today, today.begin(BUILT_IN))
            _tell(story, Miner(url, own, say), minutes)
            heard(story)
        return DONE

    return played(play, url=url, say=say)


def _tell(story: Story, miner: Miner, minutes: float) -> None:
    """Act by act; whatever the law forbids on the way is tried, too."""
    _prepare(story)
    refusal, report = _refuse(story, miner)
    alarm = Alarm(story, refusal)
    alarm.begins()
    alarm.climbs(minutes)
    taker = alarm.is_taken()
    _report_step(story, INTAKE, report, "ACCEPTED")
    _report_step(story, VERIFIER, report, "VERIFYING")
    _check(story, taker, refusal)
    _by_receipt(story, miner)
    order = _order(story, refusal)
    _report_step(story, VERIFIER, report, "SUBSTANTIATED")
    _lift(story, refusal, order)
    told = _by_receipt(story, miner)
    story.say(words.line("asked_on", days="、".join(told["askedOn"])))
    miner.reads()
    story.say(words.line("reward_waits"))


def _prepare(story: Story) -> None:
    """Duty is planned; whoever receives reports has a key: custodians first, who hold the shares of the others."""
    found = story.cast[PRINCIPAL].asks("{ mines(first: 5) { edges { node { uuid name } } } }")["mines"]["edges"]
    story.mine, story.seen["mine"] = found[0]["node"]["uuid"], found[0]["node"]["name"]
    plan_duty(story)
    phrase = story.cast.password
    for login in (*CUSTODIANS, INTAKE, VERIFIER):
        server, custodian = story.cast[login].phone.server, login in CUSTODIANS
        if calls.own_key(server) is None:
            keys.make_key(server, phrase, custodian=custodian, county=None if custodian else COUNTY, office=None)
    story.say(words.line("keys_kept"))


def _refuse(story: Story, miner: Miner) -> tuple[str, str]:
    """三（六）2: filed without an account; the refusal as all see it, and the report as its desk does."""
    desk = story.cast[INTAKE].phone.server
    before = {one["uuid"] for one in calls.reports(desk, first=100)}
    # Another place in each telling: a second refusal of the same one would only join the first.
    place = f"1201综采工作面{secrets.randbelow(9_000) + 1_000}号支架"
    day = story.clock().astimezone(SHANGHAI).date()
    story.say(words.line("miner"))
    miner.refuses(mine=story.seen["mine"], place=place, day=day, shift="MIDDLE")
    for _ in tries(_PATIENCE):
        seen = story.cast[PRINCIPAL].asks(_AT, day=day.isoformat())["refusalsAt"]
        refused = next((one for one in seen if one["place"] == place), None)
        filed = [one["uuid"] for one in calls.reports(desk, first=100) if one["uuid"] not in before]
        if refused and filed:
            story.told("refusal", refused["uuid"], place=place)
            story.say(words.line("mine_reads", place=place, clause=CLAUSE, since=refused["since"]))
            story.seen["mine reads"] = refused
            return refused["uuid"], filed[0]
    raise Unreachable("no place was marked")


def _check(story: Story, taker: Hand, refusal: str) -> None:
    """三（六）2, 处罚法42: two officers go there, each says by his own act that he was there; before that no lifting."""
    lead, second = story.lead, story.second
    given = {"refusalId": refusal, "words": "立即到工作面核查甲烷传感器"}
    with story.refused("CHECK_NEEDS_TWO"):
        taker.acts("orderRefusalCheck", _TAKEN, id=new_id(), officerIds=[lead.account], **given)
    taker.acts("orderRefusalCheck", _TAKEN, id=new_id(), officerIds=story.officers, **given)
    story.told("check_ordered", refusal)
    lead.acts(
        "openInspection", "inspection { uuid }", id=story.inspection, mineId=story.mine, basis="REASONED",
        reason="核查拒绝入井", leadId=lead.account, officerIds=story.officers,
        places=[{"id": new_id(), "name": "调度室", "underground": False},
                {"id": story.below, "name": "1201综采工作面", "underground": True}],
    )  # fmt: skip
    second.acts("joinInspection", "inspection { uuid }", inspectionId=story.inspection)
    story.arrived = story.clock()
    story.told("check_opened", story.inspection)
    with story.refused("NOT_YET_CHECKED"):
        story.cast[HEAD].acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="恢复生产")
    for officer, login in ((lead, "lead.panzhou"), (second, "inspector.panzhou")):
        officer.acts("recordRefusalCheck", _TAKEN, id=new_id(), refusalId=refusal, inspectionId=story.inspection,
                     words="到现场看过，传感器断线")  # fmt: skip
        story.told("checked", refusal, who=name_of(login))
    _find(story)
    lead.acts("concludeRefusalCheck", _TAKEN, id=new_id(), refusalId=refusal, findingIds=[story.finding])
    story.told("substantiated", refusal)


def _find(story: Story) -> None:
    """What the two see is a finding of its own, with a sealed photo, confirmed by the second of them."""
    lead, second = story.lead, story.second
    recording = lead.records(story.inspection)
    photo = lead.takes(recording, picture(story.finding), "image/png")
    lead.acts(
        "recordFinding", "finding { uuid }", id=story.finding, inspectionId=story.inspection,
        kind="HAZARD_NOT_REMOVED", fact="甲烷传感器断线，无读数，仍安排下井", placeId=story.below,
        seenAt=story.seen_ago(seconds=0), evidenceIds=[photo],
    )  # fmt: skip
    story.told("found_true", story.finding)
    second.acts("confirmFinding", "finding { uuid }", findingId=story.finding)
    story.told("confirmed_by_second", story.finding, kind="finding.confirmed")
    story.recording, story.photo = recording, photo


def _order(story: Story, refusal: str) -> str:
    """条例44: what was found true is followed by an order to the mine."""
    order = new_id()
    story.lead.acts("orderMeasure", "measure { state }", id=order, inspectionId=story.inspection,
                    kind="CORRECT_ON_SITE", reason="甲烷传感器断线", orderedAt=story.seen_ago(seconds=0),
                    findingIds=[story.finding])  # fmt: skip
    story.told("order", order)
    story.second.on_measure("confirmMeasure", order)
    story.told("measure_confirmed", order)
    story.lead.acts("nameRefusalOrder", _TAKEN, id=new_id(), refusalId=refusal, measureId=order)
    story.told("order_named", refusal)
    return order


def _lift(story: Story, refusal: str, order: str) -> None:
    """三（六）2: not while the order is open, and by a head who was not there."""
    lead, second, head = story.lead, story.second, story.cast[HEAD]
    with story.refused("ORDER_STILL_OPEN"):
        head.acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="恢复生产")
    recheck = lead.on_measure("recheckMeasure", order, outcome="CORRECTED", words="传感器已接通，读数0.3%",
                              evidenceIds=[story.photo])  # fmt: skip
    story.told("rechecked", order)
    second.on_measure("signRecheck", order, recheckId=recheck)
    story.told("recheck_signed", order)
    lead.on_measure("closeOutMeasure", order)
    story.told("order_closed", order)
    story.closes(story.recording)
    head.acts("liftRefusal", _TAKEN, id=new_id(), refusalId=refusal, words="整改合格，解除")
    story.told("refusal_lifted", refusal)


def _report_step(story: Story, login: str, report: str, kind: str) -> None:
    """受理 and 核查 are two hands; no entry of a report stands in a county's log, so it is said without a place."""
    calls.take_step(story.cast[login].phone.server, report, kind, article=None, passed_to=None)
    story.say(words.line("desk", who=name_of(login), step=kind))


def _by_receipt(story: Story, miner: Miner) -> dict[str, Any]:
    told = miner.sees()
    story.seen["by receipt"] = [one["kind"] for one in told["steps"]]
    story.say(words.line("by_receipt", steps=" → ".join(story.seen["by receipt"])))
    return told
