"""The words of the duty desk: two languages each, the glossary's own names, and a name for each deadline that binds."""

import re

import pytest

from api.static import WEB
from storage.alerts.alerts.kinds import AlertKind
from storage.casework.cases.clocks import LAPSING
from storage.miners.refusals.tables import DangerKind
from storage.record.glossary.labels import LABELS
from storage.record.law import PARAMETERS
from storage.register.people.tables import ShiftKind
from tests.servers import ROOT

pytestmark = pytest.mark.quick
FOLDER = WEB / "desk"
PAIR = re.compile(r'^  (\w+): \[\s*"([^"]+)",\s*"([^"]+)",?\s*\]', re.MULTILINE)
# Where the areas say which of their clocks run; what is told of them names the period of the law by its key.
CLOCKS = (
    "casework/cases/clocks.py", "casework/cases/missing.py", "casework/cases/rulings.py", "casework/measures/clocks.py",
    "casework/exams/rules.py", "casework/findings/sweeping.py", "miners/refusals/retaliating.py",
    "miners/reports/clocks.py",
)  # fmt: skip
NO_CLOCKS = {"exam_resit_categories", "officers_per_inspection"}


def words_of(name: str) -> dict[str, tuple[str, str]]:
    return {code: (zh, en) for code, zh, en in PAIR.findall((FOLDER / name).read_text(encoding="utf-8"))}


def test_every_sentence_of_the_desk_is_there_in_two_languages_and_is_said_somewhere() -> None:
    codes = set(re.findall(r"^  (\w+): \[", (FOLDER / "words.js").read_text(encoding="utf-8"), re.MULTILINE))
    assert words_of("words.js").keys() == codes
    said = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js") if path.name != "words.js")
    assert set(re.findall(r'\bt\("(\w+)"', said)) - codes == set()
    made = tuple(re.findall(r"`(\w+_)\$\{", said))
    silent = {one for one in codes if f'"{one}"' not in said and not one.startswith(made)}
    assert {one for one in silent if one != one.upper()} == set()


def test_the_desk_calls_alerts_shifts_and_dangers_by_their_names_in_the_glossary() -> None:
    words = words_of("words.js")
    for kind in (ShiftKind, DangerKind):
        assert {one.value: words[one.value] for one in kind} == LABELS[kind.__name__]
    assert {one.value for one in AlertKind} <= words.keys()


def test_each_deadline_that_binds_somebody_has_a_name_on_the_desk() -> None:
    known = {one.key for one in PARAMETERS}
    named = {
        key
        for path in CLOCKS
        for key in re.findall(r'"([a-z_]+)"', (ROOT / "storage" / path).read_text(encoding="utf-8"))
        if key in known
    }
    assert {"petition_told", "decision", "recheck", "retaliation_answered"} <= named
    assert named - LAPSING - NO_CLOCKS - words_of("deadlines.js").keys() == set()
