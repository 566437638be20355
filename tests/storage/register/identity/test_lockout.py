"""Tests that a stranger's guesses lock out as few as can be: whoever proves a device, in any role, signs in."""

import pytest

from storage.record.actor import ROLE_VERBS, Role, Verb, at_the_door
from storage.register.identity import rules
from tests.factories.people import People, cheap_door

WRONG = "wrong-words-here"


@pytest.mark.quick
@pytest.mark.parametrize("role", Role)
def test_every_role_may_enrol_a_device_and_say_that_it_is_lost(role: Role) -> None:
    assert {Verb.DEVICE_ENROL, Verb.DEVICE_REPORT_LOST} <= ROLE_VERBS[role]


async def test_guesses_from_an_address_that_is_refused_count_against_no_account(people: People) -> None:
    await people.opens("li.si")
    people.door = cheap_door(account=2, address=3)
    for n in range(3):
        with pytest.raises(rules.SignInFailed):
            await people.is_in(f"guess.{n}", WRONG)
    async with people.database.reading(at_the_door()) as sql:
        before = await sql.fetchval("SELECT count(*) FROM attempts")
    for name in ("li.si", "li.si", "li.si", "made.up"):
        with pytest.raises(rules.TooManyAttempts):
            await people.is_in(name, WRONG)
    async with people.database.reading(at_the_door()) as sql:
        assert await sql.fetchval("SELECT count(*) FROM attempts") == before
    assert await people.is_in("li.si", address="198.51.100.7")
