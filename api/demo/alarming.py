"""What may live here: the alarm of a story: who has duty, whom the server tells as minutes pass, who takes it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from api.demo import words
from api.demo.hands import Hand
from api.demo.telling import DEPUTY, HEAD, Story
from api.phone.phone import new_id
from api.phone.server import Unreachable
from api.sample_people import ONE, PEOPLE
from storage.record.clock import SHANGHAI

DUTY, NIGHT = "duty.panzhou", "night.panzhou"
OFFICE_HEAD, OFFICE_DUTY = "head.office", "duty.office"
COUNTY = "520281"
SHIFT = 12
"""Hours for which duty is planned."""
CHAINS = {"DEPARTMENT": (DUTY, NIGHT, HEAD, DEPUTY), "OFFICE": (OFFICE_DUTY, OFFICE_HEAD)}
"""Whom an alarm comes to in this story."""
_TOP = timedelta(minutes=15)
_FIRST_TOLD = 60.0
_INCIDENTS = """{ incidents(first: 50) { edges { node { uuid subjectId
  climbs { chain nextAt takenBy } told { accountId chain rung } } } } }"""


def plan_duty(story: Story) -> None:
    """条例9: somebody answers at any hour, in the county and in the branch office; two officers in the county."""
    for what, head, seat, logins in (
        ("duty_county", HEAD, {"county": COUNTY}, (DUTY, NIGHT)),
        ("duty_office", OFFICE_HEAD, {"office": ONE}, (OFFICE_DUTY,)),
    ):
        plan = new_id()
        story.cast[head].acts(
            "planDuty", "plan { uuid }", id=plan, beginsAt=story.ago(seconds=1), endsAt=story.ago(hours=-SHIFT),
            accountIds=[story.cast[login].account for login in logins], **seat,
        )  # fmt: skip
        story.told(what, plan)


@dataclass(slots=True)
class Alarm:
    """An alarm that climbs by the server's own clock; the story only looks on, for so many minutes at most."""

    story: Story
    refusal: str
    id: str = ""
    told: dict[str, list[str]] = field(default_factory=lambda: {chain: [] for chain in CHAINS})
    """Who was told so far, by chain, in this order."""

    def begins(self) -> None:
        """Waits until the first of each chain was told."""
        end = time.monotonic() + _FIRST_TOLD
        for _ in _every(0.3):
            found = self._look()
            if found and not self.id:
                self.id = str(found["uuid"])
                self.story.told("alarm", self.id, kind="alert.raised")
            self._tell(found)
            if all(self.told.values()):
                return
            if time.monotonic() > end:
                raise Unreachable("nobody was alarmed")

    def climbs(self, minutes: float) -> None:
        """Nobody says a word: until a head is told, or the minutes are over that somebody would wait.

        Whoever watches the desk may take it there meanwhile.
        """
        end, due = self.story.clock() + timedelta(minutes=minutes), ""
        for _ in _every(1.0):
            found = self._look()
            self._tell(found)
            if HEAD in self.told["DEPARTMENT"] or self._taken(found, "DEPARTMENT"):
                return
            if self.story.clock() >= end:
                self.story.say(words.line("no_more_minutes", minutes=_TOP // timedelta(minutes=1)))
                return
            coming = _next_of(found)
            if coming and coming != due:
                due = coming
                self.story.say(words.line("silent_until", at=_hour(coming)))

    def is_taken(self) -> Hand:
        """A person of each chain takes it, whoever was told last, if nobody did; returns the one of the county."""
        told, found = self.told["DEPARTMENT"], self._look()
        taken = self._taken(found, "DEPARTMENT")
        taker = taken or (HEAD if HEAD in told else told[-1])
        passed = [one for one in told if one not in (HEAD, DEPUTY, taker)]
        self.story.seen["passed"] = passed
        if passed:
            self.story.say(words.line("passed", number=len(passed)))
        office = self._taken(found, "OFFICE")
        for login, before in ((taker, taken), (office or self.told["OFFICE"][0], office)):
            if not before:
                self.story.cast[login].acts("takeAlert", "incident { uuid }", incidentId=self.id)
            self.story.told("alarm_taken", self.id, kind="alert.taken", who=name_of(login))
        return self.story.cast[taker]

    def _taken(self, found: dict[str, Any] | None, chain: str) -> str | None:
        """Who of this chain took it already; None while nobody did."""
        by = next((one["takenBy"] for one in found["climbs"] if one["chain"] == chain), None) if found else None
        return self._logins().get(by, CHAINS[chain][0]) if by else None

    def _logins(self) -> dict[str, str]:
        return {self.story.cast[login].account: login for chain in CHAINS.values() for login in chain}

    def _look(self) -> dict[str, Any] | None:
        edges = self.story.cast[NIGHT].asks(_INCIDENTS)["incidents"]["edges"]
        return next((edge["node"] for edge in edges if edge["node"]["subjectId"] == self.refusal), None)

    def _tell(self, found: dict[str, Any] | None) -> None:
        logins = self._logins()
        for one in sorted(found["told"] if found else (), key=lambda one: int(one["rung"])):
            login = logins.get(one["accountId"], one["accountId"])
            if one["chain"] in self.told and login not in self.told[one["chain"]]:
                self.told[one["chain"]].append(login)
                at = f"{self.story.clock().astimezone(SHANGHAI):%H:%M:%S}"
                self.story.say(words.line("rung", at=at, who=_who(login), rung=words.RUNGS[int(one["rung"])]))


def name_of(login: str) -> str:
    """How a sample person is called."""
    return next((one.name for one in PEOPLE if one.login == login), login)


def _who(login: str) -> str:
    """The same with what he does."""
    may = next((one.may for one in PEOPLE if one.login == login), ("", ""))
    return f"{name_of(login)}，{may[0]} {may[1]}"


def _next_of(found: dict[str, Any] | None) -> str:
    """When the county's next rung is due."""
    return next((one["nextAt"] or "" for one in found["climbs"] if one["chain"] == "DEPARTMENT"), "") if found else ""


def _hour(told: str) -> str:
    return f"{datetime.fromisoformat(told).astimezone(UTC).astimezone(SHANGHAI):%H:%M:%S}"


def _every(seconds: float) -> Iterator[None]:
    while True:
        yield
        time.sleep(seconds)
