"""What may live here: `pithead demo commitment`: a promise of a year signed, proven, broken, answered, signed anew."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from api.demo import answering, promising, words
from api.demo.days import Today
from api.demo.hands import Cast
from api.demo.playing import FAILED, is_taken, played
from api.demo.promising import LATER, Clause, year_of
from api.demo.telling import PRINCIPAL, Story
from api.phone import disk
from api.phone.outset import first_contact, line_of, server_of
from api.phone.phone import new_id
from api.phone.talk import Talk
from api.phone.trust import Trust
from storage.record.clock import day_of
from storage.record.law import BUILT_IN
from storage.record.ledger.proofs.verify import read_trust

FINDING = "HAZARD_NOT_REMOVED"
"""The kind of finding by which a clause is broken."""
FACT = "1201综采工作面突水隐患治理期限已过仍未治理，继续安排作业"
DECIDER = "head.liupanshui"
_PUBLIC = """query ($mine: UUID!, $year: Int!) { publishedCommitment(mineId: $mine, year: $year) {
  status cause sealed stampLevels signed { uuid way }
  clauses { clause { key title { zh } } standing byDay breaches { correctedAt } } } }"""
_SHOWN = "breach { uuid state }"


def main_commitment(
    *,
    url: str,
    folder: Path,
    into: Path,
    password: str,
    say: Callable[[str], None],
    http: httpx.Client | None = None,
    heard: Callable[[Story], None] = lambda story: None,
) -> int:
    """Plays it with the sample people; 0 if every act was done and both bundles are proven without the server.

    `folder` holds the phones, `into` receives the bundles and the sheets of the notice board. `heard` is called with
    the story once it is told.
    """
    if is_taken(into, say):
        return FAILED

    def play() -> int:
        with ExitStack() as open_now:
            open_now.enter_context(disk.held(folder))
            line = open_now.enter_context(line_of(http))
            today = Today()
            cast = Cast(lambda: server_of(url, line, "zh", 20.0), folder, password, today)
            story = Story(cast, say, today, today.begin(BUILT_IN))
            code = _tell(story, url, into)
            heard(story)
            return code

    return played(play, url=url, say=say)


def _tell(story: Story, url: str, into: Path) -> int:
    """Act by act; whatever the law forbids on the way is tried, too."""
    story.say(words.line("commitment_means"))
    trust = Trust(story.cast.folder / "server-keys.json")
    first_contact(story.lead.phone, trust, Talk(lambda _: None))
    keys = read_trust(trust.path)
    clauses = _ready(story)
    story.say(words.line("chapter_signed"))
    first, key = _sign_first(story, clauses)
    _show(story, "signed")
    story.say(words.line("promise_pages", url=url, mine=story.mine))
    code = promising.keep_bundle(story, first, into / "first", keys)
    broken = next(one.key for one in clauses if FINDING in one.contradicted_by)
    story.say(words.line("chapter_broken"))
    breach = break_clause(story, broken)
    answer_breach(story, breach)
    _show(story, "broken")
    story.say(words.line("chapter_anew"))
    second = _sign_anew(story, clauses, broken, key)
    _show(story, "anew")
    return code or promising.keep_bundle(story, second, into / "second", keys)


def _ready(story: Story) -> list[Clause]:
    story.finds_its_mine()
    story.say(words.line("chapter_clauses"))
    return promising.settle_clauses(story)


def _sign_first(story: Story, clauses: list[Clause]) -> tuple[str, str]:
    """三（六）1: all clauses answered, the key seen in person, the page read: then he signs; not a step earlier."""
    promising.answer(story, [one.key for one in clauses if one.key != LATER], [LATER])
    key = promising.ready_key(story)
    promising.see_in_person(story, key)
    stale = promising.preview(story)
    promising.answer(story, [], [LATER])
    with story.refused("PREVIEW_STALE"):
        promising.sign(story, stale, key)
    laid = promising.preview(story)
    id = promising.sign(story, laid, key)
    story.told("promise_signed", id, by=story.cast[PRINCIPAL], digest=laid["digest"][:16])
    with story.refused("CHALLENGE_USED"):
        promising.sign(story, laid, key)
    return id, key


def break_clause(story: Story, key: str, *, later: str = LATER) -> str:
    """三（六）2: what two officers found on site speaks against a clause; nothing yet against one with a later day."""
    answering.go_there(story, "核查安全生产承诺履行情况")
    answering.find(story, fact=FACT, act="found_overdue")
    story.closes(story.recording)
    given = {"mineId": story.mine, "source": "FINDING", "sourceId": story.finding}
    with story.refused("NOT_YET_DUE"):
        story.lead.acts("findBreach", _SHOWN, operationId=new_id(), key=later, words="补考未完成", **given)
    told = story.lead.acts("findBreach", _SHOWN, operationId=new_id(), key=key, words=FACT, **given)
    id = str(told["breach"]["uuid"])
    story.told("breach_found", id, by=story.lead, clause=_title(story, key))
    with story.refused("BREACH_ANSWER_DUE"):
        story.cast[DECIDER].acts(
            "decideBreach", _SHOWN, operationId=new_id(), breachId=id, stands=True, words="事实清楚"
        )
    return id


def _title(story: Story, key: str) -> str:
    """What a clause is called."""
    return str(next(one["clause"]["title"]["zh"] for one in public_of(story)["clauses"] if one["clause"]["key"] == key))


def answer_breach(story: Story, breach: str) -> None:
    """The mine is heard; somebody else than the finder decides; what is put right is said beside it."""
    by = f"{day_of(story.clock())}"
    principal, decider = story.cast[PRINCIPAL], story.cast[DECIDER]
    principal.acts("answerBreach", _SHOWN, operationId=new_id(), breachId=breach, accepts=True, correctBy=by,
                   words="接受，已停止作业，当班完成治理")  # fmt: skip
    story.told("breach_answered", breach, by=principal)
    with story.refused("BREACH_TAKES_TWO"):
        story.lead.acts("decideBreach", _SHOWN, operationId=new_id(), breachId=breach, stands=True, words="事实清楚")
    decider.acts("decideBreach", _SHOWN, operationId=new_id(), breachId=breach, stands=True,
                 words="事实清楚，煤矿认可")  # fmt: skip
    story.told("breach_stands", breach, by=decider)


def _sign_anew(story: Story, clauses: list[Clause], broken: str, key: str) -> str:
    """The clause is promised for a day instead: another document, which names the one whose place it takes."""
    promising.answer(story, [one.key for one in clauses if one.key not in (LATER, broken)], [LATER, broken])
    laid = promising.preview(story)
    id = promising.sign(story, laid, key)
    story.told("promise_superseded", id, by=story.cast[PRINCIPAL], digest=laid["digest"][:16],
               before=laid["supersedes"][:16])  # fmt: skip
    story.seen["supersedes"] = laid["supersedes"]
    return id


def public_of(story: Story) -> dict[str, Any]:
    """As anybody reads it, who has no account."""
    told: dict[str, Any] = story.cast.server().ask(_PUBLIC, mine=story.mine, year=year_of(story))
    found: dict[str, Any] = told["publishedCommitment"]
    return found


def _show(story: Story, what: str) -> None:
    story.seen[f"public {what}"] = told = public_of(story)
    counted = dict.fromkeys(("KEPT", "NOT_YET", "NOT_MET", "BROKEN"), 0)
    for one in told["clauses"]:
        counted[one["standing"]] = counted.get(one["standing"], 0) + 1
    said = {name: counted[code] for name, code in
            (("kept", "KEPT"), ("later", "NOT_YET"), ("not_met", "NOT_MET"), ("broken", "BROKEN"))}  # fmt: skip
    story.say(words.line("public_reads", status=words.STATUS[told["status"]], **said))
