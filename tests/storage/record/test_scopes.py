"""Tests of the statement by which a list is read within a reach."""

from uuid import UUID

import pytest

from storage.record.actor import Reach
from storage.record.scopes import LARGEST_LIMIT, Listed, page_within

pytestmark = pytest.mark.quick

LIST = Listed(table="things", columns=("id", "at", "county", "office", "mine_id"), key="at")
MINE = UUID(int=7)


def test_whoever_sees_everything_reads_along_the_time_alone() -> None:
    statement = page_within(LIST, Reach(everything=True, counties=frozenset({"520281"})), limit=51)
    assert "county =" not in statement.text
    assert statement.text.endswith("ORDER BY at DESC, id DESC LIMIT 51")
    assert statement.arguments == []


def test_each_kind_of_scope_is_read_along_its_own_index_and_merged() -> None:
    reach = Reach(counties=frozenset({"520281", "520201"}), offices=frozenset({"GZ-1"}), mines=frozenset({MINE}))
    statement = page_within(LIST, reach, limit=51)
    assert statement.text.count("UNION") == 2
    assert statement.arguments == [["520201", "520281"], ["GZ-1"], [MINE]]
    for column in ("county", "office", "mine_id"):
        assert f"ORDER BY {column} DESC, at DESC, id DESC LIMIT 51" in statement.text


def test_a_scope_is_never_an_equality_which_would_free_the_planner_to_walk_the_time() -> None:
    statement = page_within(LIST, Reach(counties=frozenset({"520281"})), limit=51)
    assert "county = ANY" in statement.text
    assert "county = $" not in statement.text


def test_nothing_is_asked_for_whoever_reaches_nothing() -> None:
    assert "WHERE false" in page_within(LIST, Reach(), limit=51, behind=(1, MINE)).text


def test_a_row_behind_which_to_read_is_compared_whole() -> None:
    statement = page_within(LIST, Reach(everything=True), limit=3, behind=(1, MINE))
    assert "(at, id) < ($1, $2)" in statement.text
    assert statement.arguments == [1, MINE]


def test_reading_backwards_turns_comparison_and_order() -> None:
    statement = page_within(LIST, Reach(everything=True), limit=3, behind=(1, MINE), backwards=True)
    assert "(at, id) > ($1, $2)" in statement.text
    assert statement.text.endswith("ORDER BY at, id LIMIT 3")


def test_a_list_along_one_mine_still_names_the_reach() -> None:
    statement = page_within(LIST, Reach(counties=frozenset({"520281"})), limit=3, along=("mine_id", MINE))
    assert "county = ANY ($1::text[])" in statement.text
    assert statement.arguments == [["520281"], [MINE]]


def test_a_list_along_one_mine_is_empty_for_whoever_reaches_nothing() -> None:
    assert "AND (false)" in page_within(LIST, Reach(), limit=3, along=("mine_id", MINE)).text


def test_a_list_is_read_along_scope_columns_only() -> None:
    with pytest.raises(ValueError, match="no index"):
        page_within(LIST, Reach(everything=True), limit=3, along=("name", "x"))


@pytest.mark.parametrize("limit", [-1, LARGEST_LIMIT + 1])
def test_a_page_has_a_ceiling(limit: int) -> None:
    with pytest.raises(ValueError, match="a page holds"):
        page_within(LIST, Reach(everything=True), limit=limit)
