"""Tests of what an alert on the desk says of its matter: the refused place, the deadline, at a constant cost."""

from typing import Any
from uuid import UUID, uuid4

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Role, keeper
from storage.record.database import Database
from storage.record.work import Work, perform
from tests.counting import statements_of
from tests.factories.alerts import Watch, watch_of
from tests.factories.refusals import Ground, condition_of, ground_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, PANZHOU, Site

REFUSED = "kind subjectId refused { id uuid mineId place day shift clause clauseKey danger since madeAt liftedAt }"
INCIDENTS = f"{{ incidents(first: 20) {{ edges {{ node {{ {REFUSED} mine {{ name }} }} }} }} }}"
OVERRUNS = "{ incidents(first: 20) { edges { node { kind subjectId overruns { id uuid matter key article ends } } } } }"


async def refused(site: Site, workers: Database) -> tuple[Watch, Ground]:
    """One place is refused, and the ledger is followed."""
    watch, ground = await watch_of(site, workers), await ground_of(site, workers)
    await ground.refuses()
    await watch.follows()
    return watch, ground


async def test_an_alert_of_a_refusal_says_mine_place_shift_danger_and_clause(site: Site, workers: Database) -> None:
    _, ground = await refused(site, workers)
    (edge,) = (await ask(site.database, ground.duty, INCIDENTS))["incidents"]["edges"]
    found, condition = edge["node"], condition_of(site.mine)
    assert (found["kind"], found["mine"]) == ("REFUSAL", {"name": "甲煤矿"})
    told = found["refused"]
    assert (told["uuid"], told["mineId"]) == (found["subjectId"], str(site.mine))
    assert (told["place"], told["shift"], told["danger"]) == ("1201综采工作面", "MIDDLE", "GAS")
    assert (told["clause"], told["day"]) == (condition.clause, condition.day.isoformat())


async def test_no_words_of_the_report_and_no_way_to_it_hang_on_the_alert(site: Site, workers: Database) -> None:
    _, ground = await refused(site, workers)
    for field in ("reports", "reportId", "steps { words }", "reporter"):
        text = f"{{ incidents(first: 1) {{ edges {{ node {{ refused {{ {field} }} }} }} }} }}"
        assert await codes(site.database, ground.duty, text) == {"GRAPHQL_VALIDATION_FAILED"}
    (edge,) = (await ask(site.database, ground.duty, INCIDENTS))["incidents"]["edges"]
    assert str(ground.reports[0]) not in str(edge)


async def test_another_county_reads_nothing_of_the_place(site: Site, workers: Database) -> None:
    _, ground = await refused(site, workers)
    far = await site.person(Role.DUTY_OFFICER, county="520201")
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on Incident {{ {REFUSED} }} }} }}"
    ids = "{ incidents(first: 1) { edges { node { id } } } }"
    (edge,) = (await ask(site.database, ground.duty, ids))["incidents"]["edges"]
    assert (await ask(site.database, ground.duty, text, id=edge["node"]["id"]))["node"]["refused"]
    assert (await ask(site.database, far, text, id=edge["node"]["id"]))["node"] is None
    assert ground.duty.reach.counties == {PANZHOU}


async def test_five_refused_places_cost_as_many_statements_as_one(
    site: Site, workers: Database, database: DatabaseAddresses
) -> None:
    watch, ground = await refused(site, workers)
    opened = Database(database.api, pool_size=4)
    heard = statements_of(opened)
    await ask(opened, ground.duty, INCIDENTS)  # What a connection asks once stays out of the count.
    counts = []
    for more in (0, 4):
        for number in range(more):
            await ground.refuses(place=f"{number}号回风巷")
        await watch.follows()
        heard.clear()
        edges = (await ask(opened, ground.duty, INCIDENTS))["incidents"]["edges"]
        assert all(edge["node"]["refused"] for edge in edges)
        counts.append((len(edges), len(heard)))
    await opened.close()
    assert [edges for edges, _ in counts] == [1, 5]
    assert counts[0][1] == counts[1][1]


async def runs_out(watch: Watch, matter: UUID, key: str, *, noun: str = "report", **more: Any) -> None:
    """The sweep tells that a deadline ran out."""

    async def tell(work: Work) -> None:
        said = {"key": key, "article": "信访工作条例第二十二条", "ends": "2026-08-24", **more}
        work.record(f"{noun}.clock_overrun", matter, data=said, county=PANZHOU)

    await perform(watch.workers, keeper(), NOW, tell)


async def test_a_deadline_that_ran_out_says_which_it_is_in_what_and_a_second_one_joins(
    site: Site, workers: Database
) -> None:
    watch, report, case = await watch_of(site, workers), uuid4(), uuid4()
    await runs_out(watch, report, "petition_told")
    await runs_out(watch, report, "report_decided")
    await runs_out(watch, case, "recheck", noun="case", lapsed=False)
    await runs_out(watch, case, "defence", noun="case", lapsed=True)
    await watch.follows()
    edges = (await ask(site.database, watch.first, OVERRUNS))["incidents"]["edges"]
    found = {edge["node"]["subjectId"]: edge["node"]["overruns"] for edge in edges}
    assert {one["key"] for one in found[str(report)]} == {"petition_told", "report_decided"}
    assert [(one["matter"], one["key"]) for one in found[str(case)]] == [("case", "recheck")], "a right binds nobody"
    assert {(one["article"], one["ends"]) for one in found[str(report)]} == {("信访工作条例第二十二条", "2026-08-24")}


async def test_five_deadlines_cost_as_many_statements_as_one(
    site: Site, workers: Database, database: DatabaseAddresses
) -> None:
    watch = await watch_of(site, workers)
    await runs_out(watch, uuid4(), "petition_told")
    await watch.follows()
    opened = Database(database.api, pool_size=4)
    heard = statements_of(opened)
    await ask(opened, watch.first, OVERRUNS)  # What a connection asks once stays out of the count.
    counts = []
    for more in (0, 4):
        for _ in range(more):
            await runs_out(watch, uuid4(), "petition_told")
        await watch.follows()
        heard.clear()
        edges = (await ask(opened, watch.first, OVERRUNS))["incidents"]["edges"]
        assert all(edge["node"]["overruns"] for edge in edges)
        counts.append((len(edges), len(heard)))
    await opened.close()
    assert [edges for edges, _ in counts] == [1, 5]
    assert counts[0][1] == counts[1][1]
