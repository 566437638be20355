"""Tests of the two volumes of a case: which steps stay within the agency, and what another party is not given."""

from typing import Any

import pytest

from storage.casework.cases import problems, volumes
from storage.casework.cases.steps import StepKind
from storage.casework.cases.volumes import KINDS, SECOND, Volume, Withheld
from storage.record.ledger.proofs.entries import Entry
from tests.vectors import sample

pytestmark = pytest.mark.quick

UNIT, PERSON = sample.uuid_of("unit"), sample.uuid_of("person")
PARTIES = [{"id": UNIT, "kind": "UNIT", "name": "甲煤矿"}, {"id": PERSON, "kind": "PERSON", "name": "王某"}]


def steps(*said: tuple[StepKind, dict[str, Any]], **parties: str) -> list[Entry]:
    """The entries of these steps; `parties` are by the ordinal, as `at3`."""
    found = []
    for ordinal, (kind, body) in enumerate(said):
        data: dict[str, Any] = {"step": sample.uuid_of(f"step {ordinal}"), "ordinal": ordinal, "body": body}
        if (party := parties.get(f"at{ordinal}")) is not None:
            data["party"] = party
        id = sample.uuid_of(f"entry {ordinal}")
        found.append(Entry(id=id, kind=f"case.{kind.value.lower()}", at=1, subject=sample.uuid_of("case"), data=data))
    return found


def test_every_kind_of_step_is_of_one_volume_and_each_of_the_second_says_why() -> None:
    assert set(KINDS.values()) == set(StepKind)
    assert all(SECOND.values())
    for kind in StepKind:
        found = volumes.withheld_of(steps((kind, {})), Volume.MAIN, own=False)
        assert found == ({0: Withheld.SECOND_VOLUME} if kind in SECOND else {}), kind
        assert volumes.withheld_of(steps((kind, {})), Volume.WHOLE, own=False) == {}


def test_a_film_of_a_deliberation_stays_where_the_deliberation_stays() -> None:
    for kind in (StepKind.DELIBERATED, StepKind.HEARING_HELD):
        said = steps((kind, {}), (StepKind.RECORDED, {"step": sample.uuid_of("step 0"), "evidence": []}))
        assert (1 in volumes.withheld_of(said, Volume.MAIN, own=False)) is (kind in SECOND)


def test_what_is_about_a_person_or_names_one_goes_to_no_mine_and_to_every_court() -> None:
    said = steps(
        (StepKind.PROPOSED, {"parties": PARTIES}), (StepKind.NOTICE_SERVED, {}), (StepKind.NOTICE_SERVED, {}),
        at1=UNIT, at2=PERSON,
    )  # fmt: skip
    assert volumes.withheld_of(said, Volume.MAIN, own=True) == {0: Withheld.OTHER_PARTY, 2: Withheld.OTHER_PARTY}
    assert volumes.withheld_of(said, Volume.MAIN, own=False) == {}


def test_61_service_on_a_person_is_none_on_the_unit() -> None:
    said = [(StepKind.PROPOSED, {"parties": PARTIES}), (StepKind.SERVED, {})]
    with pytest.raises(problems.DecisionNotServed):
        volumes.must_be_served(steps(*said, at1=PERSON))
    volumes.must_be_served(steps(*said, at1=UNIT))


def test_holes_before_the_last_step_are_named() -> None:
    said = steps(*((StepKind.NOTED, {}) for _ in range(5)))
    left = [said[0], said[2], said[4]]
    assert volumes.holes_in(left, own=False) == {1: Withheld.ERASED, 3: Withheld.ERASED}
    assert volumes.holes_in(left, own=True) == {1: Withheld.NOT_FOR_PARTY, 3: Withheld.NOT_FOR_PARTY}
    assert volumes.holes_in([], own=False) == {}


def test_each_reason_is_told_in_both_languages() -> None:
    for why in Withheld:
        assert " / " in volumes.said_of(why)
        assert "WITHHELD" not in volumes.said_of(why)
