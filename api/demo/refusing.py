"""What may live here: `pithead demo refusal`: a refusal to go down, from an anonymous receipt to a paid reward."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from api.demo import answering, receiving, rewarding, words
from api.demo.alarming import DUTY, Alarm, plan_duty
from api.demo.days import Today
from api.demo.docket import Docket
from api.demo.entrusting import CLAUSE, Miner
from api.demo.hands import Cast
from api.demo.packing import pack_case
from api.demo.playing import FAILED, is_taken, played
from api.demo.telling import PRINCIPAL, Story
from api.desk import calls
from api.phone import disk
from api.phone.outset import line_of, server_of
from api.phone.server import Unreachable, tries
from api.reporter.words import SENTENCES
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN

MINUTES = 8.0
"""So long the story waits for silent officers unless told otherwise: the ladder comes to the head after seven."""
_AT = "query ($day: Date!) { refusalsAt(day: $day) { uuid place clause since madeAt liftedAt } }"
_OF_OFFICERS = "query ($day: Date) { refusals(first: 50, standingOn: $day) { edges { node { uuid reports } } } }"
_PATIENCE = 60.0


def main_refusal(
    *,
    url: str,
    folder: Path,
    into: Path,
    password: str,
    say: Callable[[str], None],
    minutes: float = MINUTES,
    http: httpx.Client | None = None,
    heard: Callable[[Story, Docket], None] = lambda story, docket: None,
) -> int:
    """Plays it with the sample people and a miner without an account; 0 if every act was done and the pack verifies.

    All of it is played by the server's own clock: an alarm climbs in real minutes. `folder` holds the phones, `into`
    receives the pack. `heard` is called with the story once it is told, before the pack is made.
    """
    if is_taken(into, say):
        return FAILED

    def play() -> int:
        with ExitStack() as open_now:
            open_now.enter_context(receiving.faults_told())
            open_now.enter_context(disk.held(folder))
            line = open_now.enter_context(line_of(http))
            # The miner has a line of his own: nothing that officers carry goes over it.
            own = open_now.enter_context(httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0), trust_env=False))
            today = Today()
            cast = Cast(lambda: server_of(url, line, "zh", 20.0), folder, password, today)
            story = Story(cast, say, today, today.begin(BUILT_IN))
            docket = _tell(story, Miner(url, own, say), url, minutes)
            heard(story, docket)
            say(words.line("chapter_proof"))
            say(words.line("proves", url=url))
            return pack_case(story, docket.id, url, into, http=line)

    return played(play, url=url, say=say)


def _tell(story: Story, miner: Miner, url: str, minutes: float) -> Docket:
    """Act by act; whatever the law forbids on the way is tried, too."""
    story.say(words.line("refusal_means"))
    story.say(words.line("refusal_signs"))
    _prepare(story)
    refusal, report = _refuse(story, miner)
    alarm = Alarm(story, refusal)
    story.say(words.line("chapter_alarm"))
    story.say(words.line("desk_page", url=url, login=DUTY))
    alarm.begins()
    story.say(words.line("real_minutes", minutes=f"{minutes:g}"))
    alarm.climbs(minutes)
    taker = alarm.is_taken()
    receiving.accept(story, report)
    answering.check(story, taker, refusal)
    _by_receipt(story, miner)
    order = answering.order(story, refusal)
    answering.lift(story, refusal, order)
    receiving.step(story, receiving.VERIFIER, report, "SUBSTANTIATED")
    story.say(words.line("chapter_reward"))
    docket = rewarding.fine(story)
    rewarding.reward(story, docket, miner, report)
    receiving.step(story, receiving.VERIFIER, report, "FED_BACK")
    story.say(words.line("chapter_receipt"))
    told = _by_receipt(story, miner)
    story.say(words.line("asked_on", days="、".join(told["askedOn"])))
    miner.reads()
    return docket


def _prepare(story: Story) -> None:
    """Duty is planned, and keys are kept."""
    story.finds_its_mine()
    story.say(words.line("chapter_ready"))
    plan_duty(story)
    receiving.keep_keys(story)


def _refuse(story: Story, miner: Miner) -> tuple[str, str]:
    """三（六）2: filed without an account; the refusal as all see it, and the report as its desk does."""
    desk = story.cast[receiving.INTAKE].phone.server
    before = {one["uuid"] for one in calls.reports(desk, first=100)}
    # Another place in each telling: a second refusal of the same one would only join the first.
    place = f"1201综采工作面{secrets.randbelow(9_000) + 1_000}号支架"
    day = story.clock().astimezone(SHANGHAI).date()
    story.say(words.line("chapter_miner"))
    miner.refuses(mine=story.seen["mine"], place=place, day=day, shift="MIDDLE")
    for _ in tries(_PATIENCE):
        seen = story.cast[PRINCIPAL].asks(_AT, day=day.isoformat())["refusalsAt"]
        refused = next((one for one in seen if one["place"] == place), None)
        filed = [one["uuid"] for one in calls.reports(desk, first=100) if one["uuid"] not in before]
        if refused and filed:
            story.told_of_nobody("refusal", place=place)
            _who_reads_what(story, refused)
            return refused["uuid"], filed[0]
    raise Unreachable("no place was marked")


def _who_reads_what(story: Story, refused: dict[str, Any]) -> None:
    """The mine reads the condition alone; officers read besides how many said it, and nobody reads who."""
    edges = story.lead.asks(_OF_OFFICERS)["refusals"]["edges"]
    reports = next(edge["node"]["reports"] for edge in edges if edge["node"]["uuid"] == refused["uuid"])
    told = {"place": refused["place"], "clause": CLAUSE, "since": refused["since"], "reports": reports}
    story.say(words.line("mine_reads", **told))
    with story.refused("NOT_ALLOWED"):
        story.cast[PRINCIPAL].asks(_OF_OFFICERS)
    story.seen["mine reads"] = refused


def _by_receipt(story: Story, miner: Miner) -> dict[str, Any]:
    told = miner.sees()
    story.seen["by receipt"] = kinds = [one["kind"] for one in told["steps"]]
    chinese, english = (" → ".join(SENTENCES[f"matter_{kind}"][which] for kind in kinds) for which in (0, 1))
    story.say(words.line("by_receipt", zh=chinese, en=english))
    return told
