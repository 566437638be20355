"""What may live here: the desk of reports in a story: whose keys open what was entrusted, and each step taken there."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.demo import words
from api.demo.alarming import COUNTY, name_of
from api.demo.playing import Stopped
from api.demo.telling import Story
from api.desk import calls, keys, threads
from api.desk.keys import NoKey
from api.desk.words import SENTENCES as OF_DESKS
from api.phone.server import Server
from api.reporter import server as reporters
from api.reporter.failing import NotFiled
from api.reporter.terminal import GivenUp
from api.reporter.words import SENTENCES
from storage.record.ledger.proofs.reports.derivation import DerivationDiffers
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

INTAKE, VERIFIER = "intake.panzhou", "verifier.panzhou"
CUSTODIANS = ("custodian.one", "custodian.two", "custodian.three")
REPLY = "已受理。两名执法人员已去现场；您不必说出姓名。"
"""What the desk writes to the miner, who cannot be reached otherwise."""


@contextmanager
def faults_told() -> Iterator[None]:
    """Whatever ends the clients of reporters and desks ends the story with their sentence."""
    try:
        yield
    except (GivenUp, NoKey) as fault:
        raise Stopped(" ".join({**OF_DESKS, **SENTENCES}.get(str(fault), (str(fault),)))) from fault
    except reporters.Refused as refused:
        raise Stopped(" ".join(refused.said)) from refused
    except NotFiled as failed:
        raise Stopped(str(failed.fault)) from failed
    except (reporters.Unreachable, DerivationDiffers, ReportMalformed) as fault:
        raise Stopped(str(fault)) from fault


def keep_keys(story: Story) -> None:
    """Whoever receives reports has a key: custodians first, who hold the shares of the others."""
    for login in (*CUSTODIANS, INTAKE, VERIFIER):
        server, custodian = story.cast[login].phone.server, login in CUSTODIANS
        if calls.own_key(server) is None:
            county = None if custodian else COUNTY
            keys.make_key(server, story.cast.password, custodian=custodian, county=county, office=None)
    story.say(words.line("keys_kept"))


def accept(story: Story, report: str) -> None:
    """受理, then 核查 by another hand: each opens the words with his own key, the second once they are handed over."""
    intake, verifier = (story.cast[login].phone.server for login in (INTAKE, VERIFIER))
    key, other = (keys.unlock(server, story.cast.password) for server in (intake, verifier))
    story.say(words.line("chapter_desk"))
    story.say(words.line("opens", who=name_of(INTAKE), said=_read(intake, key, report) or ""))
    step(story, INTAKE, report, "ACCEPTED")
    threads.reply(intake, key, report, words=REPLY)
    story.say(words.line("replied", who=name_of(INTAKE), said=REPLY))
    if _read(verifier, other, report) is None:
        story.say(words.line("opens_not_yet", who=name_of(VERIFIER)))
    threads.hand_over(intake, key, report)
    story.say(words.line("handed_to", who=name_of(VERIFIER), said=_read(verifier, other, report) or ""))
    step(story, VERIFIER, report, "VERIFYING")


def step(story: Story, login: str, report: str, kind: str) -> None:
    """受理 and 核查 are two hands; no entry of a report stands in a county's log, so it is said without a place."""
    calls.take_step(story.cast[login].phone.server, report, kind, article=None, passed_to=None)
    chinese, english = SENTENCES[f"step_{kind}"]
    story.say(words.line("desk", who=name_of(login), zh=chinese, en=english))


def _read(server: Server, key: keys.Key, report: str) -> str | None:
    """The miner's words, where this key opens them."""
    _, opened = threads.read(server, key, report)
    return next((one.said.words for one in opened if one.said is not None and not one.office), None)
