"""Tests of roles and verbs: each pair, each scope, and the table that the README shows of them."""

from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest

from storage.record.actor import NEVER_ONE_PERSON, ROLE_VERBS, Actor, Grant, Reach, Role, Verb, keeper
from storage.record.permissions import matrix
from storage.record.problems import NotAllowed

pytestmark = pytest.mark.quick

README = Path(__file__).parents[3] / "README.md"
BEGIN, END = "<!-- permissions -->", "<!-- /permissions -->"


def told_in(table: str) -> set[tuple[str, str]]:
    """The (role, verb) pairs that a table in Markdown shows."""
    head, _, *lines = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in table.strip().splitlines()]
    roles = [cell.upper().replace(" ", "_") for cell in head[1:]]
    return {
        (role, cells[0].strip("`")) for cells in lines for role, dot in zip(roles, cells[1:], strict=True) if dot == "●"
    }


def test_the_table_tells_each_verb_of_each_role_and_no_other() -> None:
    assert told_in(matrix()) == {(role.value, verb.value) for role in Role for verb in ROLE_VERBS[role]}
    assert len(matrix().splitlines()) == len(Verb) + 2


def test_the_readme_shows_the_table_of_today() -> None:
    assert README.exists(), (
        f"README.md is missing: it shows `python -m storage.record.permissions` within {BEGIN} {END}"
    )
    text = README.read_text(encoding="utf-8")
    assert BEGIN in text and END in text, f"README.md has no {BEGIN} … {END}"  # noqa: PT018 # One fact, one sentence.
    shown = text.split(BEGIN)[1].split(END)[0].strip()
    assert shown == matrix().strip(), "write the output of `python -m storage.record.permissions` between the markers"


@pytest.mark.parametrize(("role", "verb"), list(product(Role, Verb)))
def test_a_role_may_do_what_its_verbs_say_within_its_reach_and_nothing_else(role: Role, verb: Verb) -> None:
    mine = uuid4()
    reach = Reach(counties=frozenset({"520302"}), offices=frozenset({"zunyi"}), mines=frozenset({mine}))
    actor = Actor(uuid4(), None, None, (Grant(role, reach),), reach)
    has = verb in ROLE_VERBS[role]
    for scope in ({}, {"county": "520302"}, {"office": "zunyi"}, {"mine_id": mine}, {"county": "1", "office": "zunyi"}):
        assert actor.may(verb, **scope) is has, scope
    for scope in ({"county": "520201"}, {"office": "bijie"}, {"mine_id": uuid4()}, {"county": "52"}):
        assert not actor.may(verb, **scope)
        with pytest.raises(NotAllowed):
            actor.require(verb, **scope)


def test_a_verb_of_one_role_does_not_borrow_the_reach_of_another() -> None:
    everywhere = Grant(Role.AUDITOR, Reach(everything=True))
    here = Grant(Role.INSPECTOR, Reach(counties=frozenset({"520302"})))
    actor = Actor(uuid4(), None, None, (everywhere, here), Reach(everything=True))
    assert actor.may(Verb.EVIDENCE_READ, county="520201")
    assert not actor.may(Verb.EVIDENCE_DECLARE, county="520201")


def test_verbs_are_alphabetical_and_each_role_is_listed() -> None:
    assert [verb.value for verb in Verb] == sorted(verb.value for verb in Verb)
    assert set(ROLE_VERBS) == set(Role)
    assert not any(keeper().may(verb) for verb in Verb)


def test_hands_that_stay_apart_share_no_verb_that_changes_anything() -> None:
    for group in NEVER_ONE_PERSON:
        for one, other in product(group, group):
            if one is not other:
                shared = ROLE_VERBS[one] & ROLE_VERBS[other]
                assert {verb.value.split(".")[1] for verb in shared} <= {"read", "enrol", "report_lost"}
