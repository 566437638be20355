"""Tests of the year in GraphQL: overview, overdue list, what anybody reads, and how the next one begins."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.promises.commitments.tables import AnswerOutcome
from storage.record.actor import Role
from storage.record.clock import day_of
from storage.record.problems import BadInput, NotAllowed, NotFound, NotSignedIn
from tests.factories.breaches import GAS, YEAR, approve_template, broken_of
from tests.factories.templates import TIGHTER, clause, clauses
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

SIGNED = "signed { id uuid way byInk digest signedAt }"
ROW = f"id mineId uuid name county office state status cause {SIGNED} kept notYet late notMet broken undecided"
PAGE = f"edges {{ cursor node {{ {ROW} }} }} pageInfo {{ hasNextPage endCursor }}"
OVERVIEW = f"""query ($year: Int!, $first: Int, $after: String, $county: String) {{
  commitmentOverview(year: $year, first: $first, after: $after, county: $county) {{ {PAGE} }} }}"""
OVERDUE = f"query ($year: Int!) {{ commitmentsOverdue(year: $year, first: 1000) {{ {PAGE} }} }}"
PUBLISHED = f"""query ($mine: UUID!, $year: Int!) {{ publishedCommitment(mineId: $mine, year: $year) {{
  id mineId mineName year status cause due {SIGNED} pdfSha256 sealed stampLevels
  clauses {{ id clause {{ key title {{ zh }} }} own outcome byDay measure standing
    breaches {{ id uuid day since correctedAt }} }} }} }}"""
RENEWAL = """query ($mine: UUID!, $year: Int!) { commitmentRenewal(mineId: $mine, year: $year) {
  id change begins clause { key } before { key } said { id outcome words measure evidenceIds } } }"""
LATER = day_of(NOW) + timedelta(days=7)


async def test_anybody_reads_what_a_mine_promised_and_what_it_broke(site: Site) -> None:
    broken = await broken_of(site, said={GAS: (AnswerOutcome.NOT_YET, LATER)})
    await broken.stands(key="CLAUSE_SYSTEM")
    where = {"mine": str(site.mine), "year": YEAR}
    shown = (await ask(site.database, None, PUBLISHED, **where))["publishedCommitment"]
    assert (shown["mineName"], shown["status"], shown["cause"], shown["due"]) == (
        "甲煤矿", "SIGNED", None, f"{YEAR}-01-31",
    )  # fmt: skip
    assert (shown["signed"]["way"], shown["signed"]["byInk"], len(shown["signed"]["digest"])) == ("INK", True, 64)
    by_key = {one["clause"]["key"]: one for one in shown["clauses"]}
    assert (by_key[GAS]["standing"], by_key[GAS]["byDay"]) == ("NOT_YET", LATER.isoformat())
    assert [one["correctedAt"] for one in by_key["CLAUSE_SYSTEM"]["breaches"]] == [None]
    assert by_key["CLAUSE_SYSTEM"]["standing"] == "BROKEN"
    assert by_key["CLAUSE_PEOPLE"]["standing"] == "KEPT"
    unsigned = await ask(site.database, None, PUBLISHED, mine=str(site.far_mine), year=YEAR)
    assert (unsigned["publishedCommitment"]["status"], unsigned["publishedCommitment"]["signed"]) == ("OVERDUE", None)
    unknown = await ask(site.database, None, PUBLISHED, mine=str(uuid4()), year=YEAR)
    assert unknown["publishedCommitment"] is None
    assert await codes(site.database, None, PUBLISHED, mine=str(site.mine), year=1) == {BadInput.code}


async def test_the_agency_overlooks_its_mines_page_by_page(site: Site) -> None:
    await broken_of(site)
    reader = await site.person(Role.AUDITOR, division="52")
    found: list[Any] = []
    after = None
    while True:
        page = (await ask(site.database, reader, OVERVIEW, year=YEAR, first=1, after=after))["commitmentOverview"]
        found += [one["node"] for one in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert sorted((one["name"], one["status"]) for one in found) == sorted(
        [("甲煤矿", "SIGNED"), ("乙煤矿", "NOT_ASKED"), ("丙煤矿", "OVERDUE")]
    )
    whole = (await ask(site.database, reader, OVERVIEW, year=YEAR, first=1_000))["commitmentOverview"]["edges"]
    assert [one["node"] for one in whole] == found
    late = (await ask(site.database, reader, OVERDUE, year=YEAR))["commitmentsOverdue"]["edges"]
    assert [one["node"]["name"] for one in late] == ["丙煤矿"]
    one_county = await ask(site.database, reader, OVERVIEW, year=YEAR, county="520201")
    assert [one["node"]["name"] for one in one_county["commitmentOverview"]["edges"]] == ["丙煤矿"]


@pytest.mark.parametrize("asked", [{"year": 1}, {"year": YEAR, "first": 1_001}, {"year": YEAR, "first": -1}])
async def test_a_page_or_year_that_cannot_be_is_bad_input(site: Site, asked: dict[str, Any]) -> None:
    reader = await site.person(Role.AUDITOR, division="52")
    assert await codes(site.database, reader, OVERVIEW, **asked) == {BadInput.code}


async def test_a_cursor_of_another_list_is_refused(site: Site) -> None:
    reader = await site.person(Role.AUDITOR, division="52")
    assert await codes(site.database, reader, OVERVIEW, year=YEAR, first=1, after="AAAA") == {"BAD_CURSOR"}


async def test_a_year_begins_from_the_one_before_with_the_differences_shown(site: Site) -> None:
    await broken_of(site, said={"CLAUSE_PEOPLE": (AnswerOutcome.NOT_MET, None)})
    where = {"mine": str(site.mine), "year": YEAR + 1}
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine)
    assert (await ask(site.database, clerk, RENEWAL, **where))["commitmentRenewal"] is None
    kept = [one for one in clauses()[1:] if one.key != "CLAUSE_INVESTMENT"]
    now = (clause(condition=TIGHTER), *kept, clause("NEW_ONE"))
    await approve_template(site, now, year=YEAR + 1)
    found = (await ask(site.database, clerk, RENEWAL, **where))["commitmentRenewal"]
    assert [(one["change"], (one["clause"] or one["before"])["key"], one["begins"]) for one in found] == [
        ("STRICTER", GAS, None), ("SAME", "CLAUSE_SYSTEM", "MET"), ("SAME", "CLAUSE_PEOPLE", None),
        ("SAME", "CLAUSE_MAIN_SYSTEM", "MET"), ("NEW", "NEW_ONE", None), ("GONE", "CLAUSE_INVESTMENT", None),
    ]  # fmt: skip
    assert found[2]["said"]["outcome"] == "NOT_MET"


async def test_who_may_not_read_is_told_so(site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    far = await site.person(Role.MINE_CLERK, county=None, mine_id=site.far_mine)
    where = {"mine": str(site.mine), "year": YEAR}
    for text, given in ((OVERVIEW, {"year": YEAR}), (OVERDUE, {"year": YEAR}), (RENEWAL, where)):
        assert await codes(site.database, None, text, **given) == {NotSignedIn.code}
        assert await codes(site.database, miner, text, **given) == {NotAllowed.code}
    assert await codes(site.database, far, RENEWAL, **where) == {NotFound.code}
