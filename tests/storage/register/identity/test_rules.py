"""Tests of the rules of identity, without any server."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from storage.record.actor import NEVER_ONE_PERSON, Actor, Grant, Reach, Role, Verb
from storage.record.glossary import devices, identity
from storage.record.problems import BadInput, Problem
from storage.register.devices import rules as device_rules
from storage.register.identity import rules
from tests.factories.people import NOON

pytestmark = pytest.mark.quick
SECRET = bytes(32)


@pytest.mark.parametrize("group", NEVER_ONE_PERSON)
def test_every_pair_of_a_group_stays_apart_and_a_role_does_not_exclude_itself(group: frozenset[Role]) -> None:
    for one in group:
        rules.must_keep_hands_apart({one, Role.INSPECTOR}, one)
        for other in group - {one}:
            with pytest.raises(rules.HandsMustStayApart):
                rules.must_keep_hands_apart({one}, other)


def test_only_the_reach_of_the_role_that_carries_the_verb_counts() -> None:
    over_the_county = Grant(Role.SECURITY_ADMINISTRATOR, Reach(counties=frozenset({"520281"})))
    over_all = Grant(Role.AUDITOR, Reach(everything=True))
    actor = Actor(uuid4(), None, None, (over_the_county, over_all), Reach(everything=True))
    rules.must_reach(actor, Verb.ROLE_GRANT, Reach(counties=frozenset({"520281"})), county=None, office=None)
    mine = Reach(mines=frozenset({uuid4()}))
    rules.must_reach(actor, Verb.ROLE_GRANT, mine, county="520281", office="GZ-01")
    for reach, county in (
        (Reach(everything=True), None),
        (Reach(counties=frozenset({"520203"})), None),
        (mine, "520203"),
    ):
        with pytest.raises(rules.GrantBeyondReach):
            rules.must_reach(actor, Verb.ROLE_GRANT, reach, county=county, office=None)


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_subscriber_is_one_address(address: str, block: str) -> None:
    assert rules.block_of(address) == block


def test_keys_of_attempts_differ_by_what_they_count_and_by_the_secret() -> None:
    one = rules.attempt_keys(SECRET, login="a", address="a", device_id=None)
    assert len({*one, *rules.attempt_keys(bytes(31) + b"1", login="a", address="a", device_id=None)}) == 4
    assert rules.attempt_keys(SECRET, login="a", address="a", device_id=UUID(int=1))[0] != one[0]


def test_a_challenge_lives_two_minutes_and_is_no_token() -> None:
    challenge = rules.new_challenge(SECRET, NOON)
    rules.must_be_fresh(SECRET, challenge, NOON + timedelta(minutes=2))
    for secret, given, moment in (
        (SECRET, challenge, NOON + timedelta(minutes=2, seconds=1)),
        (bytes(31) + b"1", challenge, NOON),
        (SECRET, challenge[:-1], NOON),
        (SECRET, b"", NOON),
    ):
        with pytest.raises(BadInput):
            rules.must_be_fresh(secret, given, moment)


def test_a_token_names_its_session_only_under_our_secret() -> None:
    session = uuid4()
    token = rules.new_token(SECRET, session)
    assert rules.session_of_token(SECRET, token) == session
    assert rules.session_of_token(bytes(31) + b"1", token) is None


def test_each_problem_of_people_and_devices_has_its_two_sentences() -> None:
    for module, sentences in ((rules, identity.SENTENCES), (device_rules, devices.SENTENCES)):
        codes = {
            one.code for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Problem) and one.__module__ == module.__name__
        }  # fmt: skip
        assert codes == sentences.keys()
        assert all(len(set(two)) == 2 for two in sentences.values())
