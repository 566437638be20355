"""What may live here: the case of the story as its people take steps in it, each of which `why` was asked before."""

from dataclasses import dataclass, field
from typing import Any

from api.demo import papering, words
from api.demo.hands import Hand
from api.demo.papering import Made, Subject
from api.demo.telling import Story, asked_in_english
from api.phone.phone import new_id

NOTHING = Made("", "", "", "", None)
FIRST = ("proposeCase", "decideOnTheSpot")
"""There is no case to ask about before one of them."""
GROUNDS = "煤矿安全生产条例第六十四条"
"""By which both parties are fined."""
CHECKED = ["SUBJECT", "POWERS", "FACTS", "EVIDENCE", "LAW", "DISCRETION", "PROCEDURE", "PAPERS"]
"""What legal review looks at (处罚法58)."""
_MISSING = "query ($id: UUID!, $party: UUID!) { case(id: $id) { missing(partyId: $party) { code article sentence } } }"
_DEFECTS = "query ($id: UUID!) { case(id: $id) { defects { stepId kind madeGoodAt } } }"
_CLOCKS = "query ($id: UUID!) { case(id: $id) { deadlines { key article ends metAt note } } }"


@dataclass(slots=True)
class Docket:
    """One case with its two parties, each of whom is decided on by himself."""

    story: Story
    id: str = field(default_factory=new_id)
    party: str = field(default_factory=new_id)
    conduct: str = field(default_factory=new_id)
    hearing: str = ""
    decision: str = ""
    principal: str = field(default_factory=new_id)
    """The party that is the unit's principal (条例64), and what was decided on him."""
    fined: str = ""
    stop: str = ""
    """The order by which production stands still."""
    draft: Made = NOTHING
    """What is submitted to review and to the head, once it is on paper."""
    draft_on_principal: Made = NOTHING
    lacked: str = ""
    """What was missing first when that was last said."""

    def missing(self) -> list[dict[str, str]]:
        """Why it cannot be decided yet: code, article, and words that name it."""
        found: list[dict[str, str]] = self.story.lead.asks(_MISSING, id=self.id, party=self.party)["case"]["missing"]
        return found

    def why(self, when: str) -> None:
        """The same, kept to be held against the law; the first of it is said, unless it was before."""
        found = self.missing()
        self.story.seen[f"missing {when}"] = found
        if found and found[0]["sentence"] != self.lacked:
            self.lacked = found[0]["sentence"]
            english = asked_in_english(self.story.lead, _MISSING, id=self.id, party=self.party)["case"]["missing"]
            told = {"zh": found[0]["sentence"], "en": english[0]["sentence"]}
            self.story.say(words.line("lacks", number=len(found), **told))

    def tells_all(self) -> None:
        """All that is missing, and every clock that runs, with its article."""
        story, given = self.story, {"id": self.id, "party": self.party}
        for one, other in zip(
            self.missing(), asked_in_english(story.lead, _MISSING, **given)["case"]["missing"], strict=True
        ):
            story.say(words.line("missing", zh=one["sentence"], en=other["sentence"]))
        for one in story.lead.asks(_CLOCKS, id=self.id)["case"]["deadlines"]:
            if one["metAt"] is None:
                told = {name: one[name] or one["note"] for name in ("key", "ends", "article")}
                story.say(words.line("until", **told))

    def step(self, by: Hand, name: str, what: str, told: dict[str, Any] | None = None, /, **said: Any) -> str:
        """One step, with the question before it, told (with `told`) once it stands in the ledger; its id.

        The question is about the unit: what is told is about the principal where the step names him.
        """
        found = [] if name in FIRST else self.missing()
        id = self.tries(by, name, **said)
        if name not in FIRST:
            self.story.asked.append((name, found))
        whom = words.PRINCIPAL if said.get("partyId") == self.principal else words.NOBODY
        self.story.told(what, self.id, whom=whom, hearing=self.story.dates.heard, **told or {})
        return id

    def tries(self, by: Hand, name: str, /, **said: Any) -> str:
        """One step that may be refused; its id."""
        id = new_id()
        by.acts(name, "case { state }", id=id, caseId=self.id, **said)
        self._confirm(by, id)
        return id

    def _confirm(self, by: Hand, id: str) -> None:
        """What was entered for both officers, each of them who did not enter it confirms by his own act (处罚法42)."""
        for other in (self.story.lead, self.story.second):
            found = self.story.lead.asks(_DEFECTS, id=self.id)["case"]["defects"]
            if other is not by and {"stepId": id, "kind": "NOT_CONFIRMED", "madeGoodAt": None} in found:
                other.acts("makeDefectGood", "case { state }", id=new_id(), caseId=self.id, step=id,
                           defect="NOT_CONFIRMED", how="本人参与并确认", officerIds=[other.account])  # fmt: skip

    def paper(self, by: Hand, form: str, *signers: tuple[Hand, str], step: str | None = None) -> Made:
        """A paper about it, for a step that was taken or, without one, before a step that will name it; signed."""
        made = papering.issue(self.story, by, form, Subject("CASE", self.id), step=step)
        papering.by_key(self.story, made, *signers)
        return made

    def delivered(self, by: Hand, form: str, step: str) -> None:
        """The paper that a step handed over, and the receipt of it."""
        self.paper(by, form, step=step)
        self.paper(by, "文书送达回执", step=step)

    def state(self) -> str:
        """Where it stands."""
        told = self.story.lead.asks("query ($id: UUID!) { case(id: $id) { state } }", id=self.id)
        return str(told["case"]["state"])
