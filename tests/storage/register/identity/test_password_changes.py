"""Tests of changing a password: what a first one opens, what is refused, and how often it may be guessed."""

import pytest

from storage.record.actor import Role
from storage.record.problems import Problem
from storage.register.identity import rules, sessions
from tests.factories.people import PASSWORD, People, cheap_door

WRONG = "some-other-words-7"


async def test_a_first_password_opens_nothing_but_its_change(people: People) -> None:
    account = await people.opens("li.si", first_password=True)
    await people.grants(account, Role.INSPECTOR)
    opened = await people.is_in("li.si")
    actor = await people.again(opened.session_id)
    assert actor.grants == ()
    given = {"current": PASSWORD, "password": WRONG, "address": "192.0.2.1"}
    await sessions.change_password(people.database, people.door, actor, people.now, **given)
    assert (await people.again(opened.session_id)).roles == {Role.INSPECTOR}


@pytest.mark.parametrize(
    ("current", "password", "problem"),
    [
        (WRONG, "another-good-one-9", rules.PasswordWrong),
        (PASSWORD, "short", rules.PasswordTooWeak),
        (PASSWORD, "abababababababab", rules.PasswordTooWeak),
        (PASSWORD, "my-li.si-password", rules.PasswordTooWeak),
    ],
)
async def test_a_change_of_password_is_refused(
    people: People, current: str, password: str, problem: type[Problem]
) -> None:
    await people.opens("li.si")
    actor = await people.actor("li.si")
    before = await people.entries()
    with pytest.raises(problem):
        await sessions.change_password(
            people.database, people.door, actor, people.now, current=current, password=password, address="192.0.2.1"
        )
    assert await people.entries() == before


async def test_guessing_the_current_password_is_limited(people: People) -> None:
    await people.opens("li.si")
    actor = await people.actor("li.si")
    people.door = cheap_door(account=2)
    given = {"current": WRONG, "password": "another-good-one-9", "address": "192.0.2.1"}
    for problem in (rules.PasswordWrong, rules.PasswordWrong, rules.TooManyAttempts):
        with pytest.raises(problem):
            await sessions.change_password(people.database, people.door, actor, people.now, **given)
