"""What may live here: `pithead demo case`: a case as far as it can lawfully come in one day, and what then waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from api.demo import words
from api.demo.hands import Cast, Hand
from api.demo.inspecting import HEAD, Story, inspect
from api.phone import disk
from api.phone.outset import FAULTS, line_of, server_of
from api.phone.pack import OfCase, main_pack
from api.phone.phone import Person, new_id
from api.phone.server import Refused
from api.phone.verify import main_verify

CHAIR, ARCHIVIST = "chair.liupanshui", "archivist.liupanshui"
DONE, FAILED = 0, 1
FINE = {"kind": "FINE", "sum": "80000000", "basis": "fine_major_hazard_unit"}
BY_HAND = {"way": "DIRECT", "proof": "送达回证（示例）", "receiver": "何矿(示例)"}
_WAITS = """query ($id: UUID!, $party: UUID!) { case(id: $id) { missing(partyId: $party) { sentence }
  deadlines { key article ends metAt note } } }"""
_LONGEST = 25
"""Days within which seven working days lie, whatever the holidays."""


@dataclass(slots=True)
class _Docket:
    """The case."""

    story: Story
    id: str = field(default_factory=new_id)
    party: str = field(default_factory=new_id)
    conduct: str = field(default_factory=new_id)

    def takes(self, by: Hand, name: str, what: str, /, *, told: dict[str, object] | None = None, **said: Any) -> str:
        """One step, said once it stands in the ledger; its id."""
        id = new_id()
        by.acts(name, "case { state }", id=id, caseId=self.id, **said)
        self.story.told(what, self.id, **(told or {}))
        return id


def main_case(
    *,
    url: str,
    folder: Path,
    into: Path,
    password: str,
    say: Callable[[str], None],
    http: httpx.Client | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Plays the case with the sample people; 0 if every act was done and the pack verifies, else 1.

    `folder` holds their phones, `into` receives the pack.
    """
    try:
        with disk.held(folder), line_of(http) as line:
            cast = Cast(lambda: server_of(url, line, "zh", 20.0), folder, password)
            story = Story(cast, say, clock)
            inspect(story)
            docket = _investigate(story)
            _notify(docket)
            _tell_what_waits(docket)
            cast.closes(story.lead, story.second, story.recording)
            return _pack(docket, url, into, http=line)
    except Refused as refused:
        say(words.line("stopped", told=refused.sentence))
    except tuple(FAULTS) as fault:
        say(words.line("stopped", told=fault))
    return FAILED


def _investigate(story: Story) -> _Docket:
    docket, lead = _Docket(story), story.lead
    both, today = [lead.account, story.second.account], f"{story.clock() + timedelta(hours=8):%Y-%m-%d}"
    docket.takes(
        lead, "proposeCase", "proposed", mineId=story.mine, cause="瓦斯超限作业（示例）", discoveredOn=today,
        inspection=story.inspection, officerIds=both,
        parties=[{"id": docket.party, "kind": "UNIT", "name": "松河湾煤矿(示例)", "subject": "SAMPLE"}],
        conducts=[{"id": docket.conduct, "name": "瓦斯超限作业", "clause": "煤矿安全生产条例第三十六条第二项",
                   "beganOn": today, "endedOn": today, "finding": story.finding}],
    )  # fmt: skip
    docket.takes(story.cast[HEAD], "registerCase", "registered")
    docket.takes(lead, "takeStatement", "statement", of="当班班长(示例)", signed=True, officerIds=both)
    docket.takes(lead, "addCaseEvidence", "added", name="现场照片", proves="瓦斯超限仍作业", evidence=[story.photo],
                 officerIds=both)  # fmt: skip
    docket.takes(lead, "endInvestigation", "ended", facts="事实清楚（示例）", complex=True, officerIds=both)
    docket.takes(lead, "suggestDiscretion", "discretion", partyId=docket.party, standard="示例基准",
                 basis=FINE["basis"], ground="LIGHTER", circumstances=["REDUCED_HARM"], least="60000000",
                 most="95000000", reason="发现后立即撤人、停止作业", officerIds=both)  # fmt: skip
    return docket


def _notify(docket: _Docket) -> None:
    """Notice, hearing right, defence and its answer, the request: all of it can be done on one day."""
    story, lead, party = docket.story, docket.story.lead, docket.party
    both = [lead.account, story.second.account]
    docket.takes(lead, "serveNotice", "notice", partyId=party, conducts=[docket.conduct], facts="瓦斯超限作业",
                 grounds="煤矿安全生产条例第六十四条", sanctions=[FINE], rightsTold=True, delivery=BY_HAND,
                 officerIds=both)  # fmt: skip
    docket.takes(lead, "offerHearing", "offered", partyId=party, delivery=BY_HAND, officerIds=both)
    defence = docket.takes(lead, "receiveDefence", "defence", partyId=party, words="传感器误报")
    docket.takes(lead, "examineDefence", "examined", partyId=party, defence=defence, accepted=False,
                 answer="光学瓦检仪复测一致")  # fmt: skip
    docket.takes(lead, "askHearing", "asked", partyId=party, how="书面")
    _notify_hearing(docket)


def _notify_hearing(docket: _Docket) -> None:
    """For the first day that the law allows: the server refuses each earlier one. A calendar may not be published."""
    chair = docket.story.cast[CHAIR]
    for days in range(8, _LONGEST):
        day = docket.story.clock() + timedelta(days=days)
        try:
            docket.takes(
                chair, "notifyHearing", "notified", told={"day": f"{day + timedelta(hours=8):%Y-%m-%d}"},
                partyId=docket.party, place="一楼听证室（示例）", chair=chair.account, delivery=BY_HAND,
                hearingAt=day.astimezone(UTC).isoformat(timespec="milliseconds"),
            )  # fmt: skip
        except Refused as refused:
            if refused.code != "HEARING_TOLD_TOO_LATE":
                docket.story.say(words.line("hearing_waits", told=refused.sentence))
                return
        else:
            return


def _tell_what_waits(docket: _Docket) -> None:
    """The rest of the procedure: refused today, with what is missing by which article, and until when clocks run."""
    story = docket.story
    story.say(words.line("waits"))
    try:
        story.cast[HEAD].acts(
            "decideCase", "case { state }", id=new_id(), caseId=docket.id, partyId=docket.party, outcome="PENALTY",
            conducts=[docket.conduct], facts="事实", grounds="依据", sanctions=[FINE], remedies="复议", payTo="银行",
        )  # fmt: skip
    except Refused as refused:
        story.say(words.line("refused", told=refused.sentence))
    told = story.lead.asks(_WAITS, id=docket.id, party=docket.party)["case"]
    for one in told["missing"]:
        story.say(words.line("missing", told=one["sentence"]))
    for one in told["deadlines"]:
        if one["metAt"] is None:
            story.say(words.line("until", **{name: one[name] or one["note"] for name in ("key", "ends", "article")}))


def _pack(docket: _Docket, url: str, into: Path, *, http: httpx.Client) -> int:
    """The court pack of the case as far as it is, and the verdict of whoever checks it without the server."""
    story, folder = docket.story, docket.story.cast.folder
    code = main_pack(
        url=url, id=docket.id, into=into, folder=folder, language="both", say=lambda _: None, http=http,
        person=Person(ARCHIVIST, story.cast.password), case=OfCase(whole=True),
    )  # fmt: skip
    story.say(words.line("pack", path=into))
    said: list[str] = []
    verified = main_verify(path=into, trust=folder / "server-keys.json", say=said.append)
    story.say(said[-1])
    return verified or code
