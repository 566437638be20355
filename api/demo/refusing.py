"""What may live here: `pithead demo refusal`: a refusal to go down, from an anonymous receipt to a paid reward."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from api.demo import answering, rewarding, words
from api.demo.alarming import COUNTY, DUTY, Alarm, name_of, plan_duty
from api.demo.days import Today
from api.demo.docket import Docket
from api.demo.entrusting import CLAUSE, Miner
from api.demo.hands import Cast
from api.demo.packing import pack_case
from api.demo.playing import FAILED, is_taken, played
from api.demo.telling import PRINCIPAL, Story
from api.desk import calls, keys
from api.phone import disk
from api.phone.outset import line_of, server_of
from api.phone.server import Unreachable, tries
from api.reporter.words import SENTENCES
from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN

MINUTES = 8.0
"""So long the story waits for silent officers unless told otherwise: the ladder comes to the head after seven."""
INTAKE, VERIFIER = "intake.panzhou", "verifier.panzhou"
CUSTODIANS = ("custodian.one", "custodian.two", "custodian.three")
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
    _report_step(story, INTAKE, report, "ACCEPTED")
    _report_step(story, VERIFIER, report, "VERIFYING")
    answering.check(story, taker, refusal)
    _by_receipt(story, miner)
    order = answering.order(story, refusal)
    answering.lift(story, refusal, order)
    _report_step(story, VERIFIER, report, "SUBSTANTIATED")
    docket = rewarding.fine(story)
    rewarding.reward(story, docket, miner, report)
    _report_step(story, VERIFIER, report, "FED_BACK")
    story.say(words.line("chapter_receipt"))
    told = _by_receipt(story, miner)
    story.say(words.line("asked_on", days="、".join(told["askedOn"])))
    miner.reads()
    return docket


def _prepare(story: Story) -> None:
    """Duty is planned; whoever receives reports has a key: custodians first, who hold the shares of the others."""
    found = story.cast[PRINCIPAL].asks("{ mines(first: 5) { edges { node { uuid name } } } }")["mines"]["edges"]
    story.mine, story.seen["mine"] = found[0]["node"]["uuid"], found[0]["node"]["name"]
    story.say(words.line("chapter_ready"))
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


def _report_step(story: Story, login: str, report: str, kind: str) -> None:
    """受理 and 核查 are two hands; no entry of a report stands in a county's log, so it is said without a place."""
    calls.take_step(story.cast[login].phone.server, report, kind, article=None, passed_to=None)
    chinese, english = SENTENCES[f"step_{kind}"]
    story.say(words.line("desk", who=name_of(login), zh=chinese, en=english))


def _by_receipt(story: Story, miner: Miner) -> dict[str, Any]:
    told = miner.sees()
    story.seen["by receipt"] = kinds = [one["kind"] for one in told["steps"]]
    chinese, english = (" → ".join(SENTENCES[f"matter_{kind}"][which] for kind in kinds) for which in (0, 1))
    story.say(words.line("by_receipt", zh=chinese, en=english))
    return told
