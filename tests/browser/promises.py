"""The mine of a test before its pages of commitments: the story of `pithead demo commitment`, as far as it goes."""

from api.demo.days import Today
from api.demo.hands import Cast
from api.demo.telling import Story
from storage.record.law import BUILT_IN

_SAYS = """query ($mine: UUID!, $year: Int!) { clausesFor(mineId: $mine, year: $year) {
  clauses { clause { says { zh } } } } }"""
_MINES = "{ mines(first: 100) { edges { node { uuid name } } } }"


def story_of(cast: Cast, name: str) -> Story:
    """The story of the sample mine whose name has this in it; what it says is not heard."""
    today = Today()
    told = Story(cast, lambda _: None, today, today.begin(BUILT_IN))
    edges = cast["reviewer.guizhou"].asks(_MINES)["mines"]["edges"]
    told.mine = str(next(edge["node"]["uuid"] for edge in edges if name in edge["node"]["name"]))
    return told


def words_of(story: Story, year: int) -> list[str]:
    """What each clause of the year says to whoever works there."""
    found = story.cast["reviewer.guizhou"].asks(_SAYS, mine=story.mine, year=year)["clausesFor"]["clauses"]
    return [one["clause"]["says"]["zh"] for one in found]
