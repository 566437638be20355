"""What may live here: the acts on papers in a story: issued for a step, signed in each way, refused by witness."""

from dataclasses import dataclass
from typing import Any

from api.demo import written
from api.demo.hands import SIGNED, Hand
from api.demo.telling import Story
from api.phone.phone import new_id
from storage.record.clock import to_ms

_ISSUED = "paper { digest number stepId fields { name source text } }"
_STROKES = [
    [[120, 180], [180, 330], [90, 520]],
    [[90, 420], [380, 360]],
    [[250, 160], [240, 560], [170, 820]],
    [[470, 240], [690, 220]],
    [[580, 120], [560, 500], [420, 830]],
    [[560, 480], [660, 640], [860, 800], [960, 760]],
]
"""A name as a finger draws it on glass."""


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that was issued: whoever tests the story looks for it in the pack."""

    id: str
    form: str
    digest: str
    number: str
    step: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a paper is about."""

    kind: str
    id: str


def issue(story: Story, by: Hand, form: str, about: Subject, *, step: str | None = None) -> Made:
    """Drafted with what only people know, filled from the record, numbered; for a step where there is one already."""
    id, fields = new_id(), written.fields_of(form, story)
    by.acts("draftPaper", "paper { uuid }", id=id, form=form, subjectKind=about.kind, subjectId=about.id, stepId=step,
            fields=[_field(name, value) for name, value in fields.items()])  # fmt: skip
    paper = by.acts("issuePaper", _ISSUED, id=id)["paper"]
    made = Made(id, form, paper["digest"], paper["number"] or "", paper["stepId"])
    story.papers.append(made)
    story.seen[f"filled {form}"] = {one["name"]: one for one in paper["fields"]}
    english, law = written.FORMS[form]
    story.told("paper", id, form=form, english=english, law=law)
    return made


def by_key(story: Story, paper: Made, *signers: tuple[Hand, str]) -> None:
    """Each signs at his place with the key of his own phone; what he writes with it is what the form asks for."""
    for hand, place in signers:
        opinion = written.OPINIONS.get((paper.form, place), "")
        signed = hand.signs(paper.id, paper.digest, place, opinion=opinion)
        story.told("signed", signed, form=paper.form, place=place, law=written.FORMS[paper.form][1])


def by_hand(story: Story, paper: Made, place: str, name: str) -> None:
    """Somebody without an account signs on the glass that the lead holds out to him."""
    _shown(story, paper, place, "signed_by_hand", way="HAND", name=name, strokes=_STROKES)


def in_ink(story: Story, paper: Made, place: str, name: str, photo: str) -> None:
    """Signed in ink on the printed paper, of which the sealed photo is the proof."""
    _shown(story, paper, place, "signed_in_ink", way="INK", name=name, evidenceId=photo)


def refused(story: Story, paper: Made, place: str, *, name: str, reason: str, witness: str) -> None:
    """行诉证据规定15: that somebody would not sign, why, and who saw it."""
    answer = "paper { places { name refusal { uuid } } }"
    told = story.lead.acts("recordPaperRefusal", answer, id=paper.id, place=place, name=name, reason=reason,
                           witness=witness)["paper"]["places"]  # fmt: skip
    (refusal,) = (one["refusal"]["uuid"] for one in told if one["name"] == place)
    story.told("not_signed", refusal, form=paper.form, place=place)


def _shown(story: Story, paper: Made, place: str, what: str, /, **proof: Any) -> None:
    at = str(to_ms(story.clock()))
    places = story.lead.acts("signPaper", SIGNED, id=paper.id, place=place, at=at, **proof)["paper"]["places"]
    (signature,) = (one["signature"] for one in places if one["name"] == place)
    story.seen.setdefault("ways", []).append(signature["way"])
    story.told(what, signature["uuid"], form=paper.form, place=place, law=written.FORMS[paper.form][1])


def prints(story: Story) -> None:
    """Each paper is opened once, whose PDF is then in the pack with all that was signed on it."""
    for paper in story.papers:
        url = story.lead.acts("openPaper", "url", id=paper.id)["url"]
        story.seen[f"pdf {paper.id}"] = story.lead.phone.server.http.get(url).content
    story.told("printed", story.papers[-1].id, kind="paper.opened", number=len(story.papers))


def _field(name: str, value: written.Written) -> dict[str, Any]:
    return {"name": name, "rows": value} if isinstance(value, list) else {"name": name, "text": value}
