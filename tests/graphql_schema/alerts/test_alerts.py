"""Tests of duty, alerts and deliveries in GraphQL: each field, who sees what, and a constant number of statements."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from notifications.sending import Sender
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.changes import GONE
from tests.counting import statements_of
from tests.factories.alerts import OFFICE, Watch, watch_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, PANZHOU, Site

STANDING = "id accountId order passedOver silent account { name }"
DUTY = f"""query ($county: String, $office: String) {{ duty(county: $county, office: $office) {{
  id chain now {{ {STANDING} }} plans {{ id uuid beginsAt endsAt accountIds plannedAt }}
  untaken {{ uuid fromId toId words giver {{ name }} }} }} }}"""
SEND = "id uuid channel state dueAt settledAt deliveries { id uuid attempt outcome detail begunAt endedAt }"
INCIDENT = """id uuid kind subjectId urgent drill article happenedAt raisedAt joined endedAt mine { uuid }
  climbs { id uuid chain round rung nextAt takenBy takenAt taker { uuid } }
  told { id uuid accountId chain rung raisedAt readAt }"""
WHY = f"query ($id: ID!) {{ node(id: $id) {{ ... on Incident {{ uuid told {{ accountId sends {{ {SEND} }} }} }} }} }}"
INCIDENTS = f"query ($first: Int = 5) {{ incidents(first: $first) {{ edges {{ node {{ {INCIDENT} }} }} }} }}"
ALERTS = "{ alerts(first: 10) { edges { node { uuid incident { kind } sends { channel } } } } }"
ADDRESSES = "{ alertAddresses { id uuid channel service target keptAt closedAt } }"


async def acts(site: Site, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code message }} }} }}"
    payload: dict[str, Any] = (await ask(site.database, actor, text, input=input))[name]
    return payload


@pytest.fixture
async def watch(site: Site, workers: Database) -> Watch:
    return await watch_of(site, workers, planned=False)


async def test_duty_is_planned_handed_over_taken_and_told(watch: Watch) -> None:
    site, first, second = watch.site, watch.first, watch.second
    given = {"id": str(uuid4()), "county": PANZHOU, "beginsAt": NOW.isoformat(),
             "endsAt": (NOW + timedelta(days=1)).isoformat(), "accountIds": [str(first.account_id)]}  # fmt: skip
    planned = await acts(site, watch.head, "planDuty", "plan { uuid accountIds }", **given)
    assert planned["plan"] == {"uuid": given["id"], "accountIds": [str(first.account_id)]}
    over = {"id": str(uuid4()), "county": PANZHOU, "toId": str(second.account_id), "words": "无"}
    given_on = await acts(site, first, "handOverDuty", "handover { id uuid toId words givenAt takenAt }", **over)
    assert given_on["handover"]["takenAt"] is None
    (waits,) = (await ask(site.database, watch.head, DUTY, county=PANZHOU))["duty"]["untaken"]
    assert (waits["uuid"], waits["fromId"], waits["words"]) == (over["id"], str(first.account_id), "无")
    assert waits["giver"]["name"]
    taken = await acts(site, second, "takeOverDuty", "handover { takenAt }", handoverId=over["id"])
    assert taken["handover"]["takenAt"]
    excused = await acts(site, first, "excuseFromDuty", "absence { id uuid accountId away since until endedAt }",
                         id=str(uuid4()), accountId=str(first.account_id), since=NOW.isoformat(),
                         until=(NOW + timedelta(hours=1)).isoformat(), reason="休息")  # fmt: skip
    assert excused["absence"]["away"] == "EXCUSED"
    await acts(site, second, "keepDeskAwake", "againIn", id=str(uuid4()))
    duty = (await ask(site.database, watch.head, DUTY, county=PANZHOU))["duty"]
    assert duty["chain"] == "DEPARTMENT"
    assert [(one["accountId"], one["passedOver"], one["silent"]) for one in duty["now"]] == [
        (str(second.account_id), None, False), (str(first.account_id), "EXCUSED", True),
    ]  # fmt: skip
    assert [one["uuid"] for one in duty["plans"]] == [given["id"]]
    assert duty["untaken"] == []


async def test_somebody_goes_down_and_comes_up(watch: Watch) -> None:
    down = await acts(
        watch.site, watch.first, "goUnderground", "absence { away }", id=str(uuid4()), since=NOW.isoformat()
    )
    assert down["absence"] == {"away": "UNDERGROUND"}
    up = await acts(watch.site, watch.first, "comeUp", "absence { endedAt }", id=str(uuid4()))
    assert up["absence"]["endedAt"]
    again = await acts(watch.site, watch.first, "comeUp", "absence { endedAt }", id=str(uuid4()))
    assert again["problem"]["code"] == "NOT_UNDERGROUND"


async def alarmed(site: Site, workers: Database) -> Watch:
    watch = await watch_of(site, workers)
    await watch.alarms()
    await watch.climbs()
    await Sender(workers, {}, lambda: watch.began).turn()
    return watch


async def test_the_desk_sees_what_happened_who_was_told_and_what_came_of_it(site: Site, workers: Database) -> None:
    watch = await alarmed(site, workers)
    (edge,) = (await ask(site.database, watch.second, INCIDENTS))["incidents"]["edges"]
    found = edge["node"]
    assert (found["kind"], found["urgent"], found["drill"], found["mine"]) == (
        "WITHDRAWAL_ORDERED", True, False, {"uuid": str(site.mine)},
    )  # fmt: skip
    assert {one["chain"] for one in found["climbs"]} == {"DEPARTMENT", "OFFICE"}
    assert {one["rung"] for one in found["told"]} == {0}
    node = (await ask(site.database, watch.second, WHY, id=found["id"]))["node"]
    assert node["uuid"] == found["uuid"]
    first = next(one for one in node["told"] if one["accountId"] == str(watch.first.account_id))
    outcomes = {one["channel"]: [each["outcome"] for each in one["deliveries"]] for one in first["sends"]}
    assert outcomes == {"PAGE": ["SILENT"], "PUSH": ["NO_ADDRESS"], "SMS": ["NO_ADDRESS"], "CALL": ["NO_ADDRESS"]}
    taken = await acts(site, watch.second, "takeAlert", f"incident {{ {INCIDENT} }}", incidentId=found["uuid"])
    takers = {one["chain"]: one["taker"] for one in taken["incident"]["climbs"]}
    assert takers == {"DEPARTMENT": {"uuid": str(watch.second.account_id)}, "OFFICE": None}
    climbs = {one["chain"]: one["takenBy"] for one in taken["incident"]["climbs"]}
    assert climbs == {"DEPARTMENT": str(watch.second.account_id), "OFFICE": None}
    other = await acts(site, watch.first, "takeAlert", "incident { uuid }", incidentId=found["uuid"])
    assert other["problem"]["code"] == "ALERT_TAKEN"


async def test_the_principal_reads_what_he_was_told_and_no_desk(site: Site, workers: Database) -> None:
    watch = await alarmed(site, workers)
    (edge,) = (await ask(site.database, watch.principal, ALERTS))["alerts"]["edges"]
    assert edge["node"]["incident"] == {"kind": "WITHDRAWAL_ORDERED"}
    assert await codes(site.database, watch.principal, INCIDENTS) == {"NOT_ALLOWED"}
    read = await acts(site, watch.principal, "readAlert", "read", alertId=edge["node"]["uuid"])
    assert read["read"]
    assert await site.rows.fetchval("SELECT count(*) FROM alerts WHERE read_at IS NOT NULL") == 1
    await acts(site, watch.first, "readAlert", "read", alertId=edge["node"]["uuid"])
    assert await site.rows.fetchval("SELECT count(*) FROM alerts WHERE read_at IS NOT NULL") == 1


async def test_another_county_sees_nothing_of_it(site: Site, workers: Database) -> None:
    watch = await alarmed(site, workers)
    far = await site.person(Role.DUTY_OFFICER, county="520201")
    assert (await ask(site.database, far, INCIDENTS))["incidents"]["edges"] == []
    assert (await ask(site.database, far, DUTY, office=OFFICE.office))["duty"]["now"] == []
    refused = await acts(site, far, "takeAlert", "incident { uuid }", incidentId=str(await watch.incident()))
    assert refused["problem"]["code"] == "NOT_FOUND"


async def test_addresses_are_kept_told_to_their_owner_alone_and_closed(watch: Watch) -> None:
    site, first = watch.site, watch.first
    given = {"id": str(uuid4()), "channel": "SMS", "target": "+8613800000000"}
    kept = await acts(site, first, "keepAddress", "address { uuid channel target }", **given)
    assert kept["address"] == {"uuid": given["id"], "channel": "SMS", "target": "+8613800000000"}
    assert [one["uuid"] for one in (await ask(site.database, first, ADDRESSES))["alertAddresses"]] == [given["id"]]
    assert (await ask(site.database, watch.head, ADDRESSES))["alertAddresses"] == []
    foreign = await acts(site, watch.head, "closeAddress", "address { uuid }", addressId=given["id"])
    assert foreign["problem"]["code"] == "NOT_FOUND"
    closed = await acts(site, first, "closeAddress", "address { closedAt }", addressId=given["id"])
    assert closed["address"]["closedAt"]
    private = await acts(site, first, "keepAddress", "address { uuid }", id=str(uuid4()), channel="WEBHOOK",
                         target="https://10.0.0.1/", secret="s" * 32)  # fmt: skip
    assert private["problem"]["code"] == "ADDRESS_NOT_REACHABLE"


async def test_the_desk_costs_as_many_statements_for_many_incidents_as_for_one(
    site: Site, workers: Database, database: DatabaseAddresses
) -> None:
    watch = await alarmed(site, workers)
    opened = Database(database.api, pool_size=4)
    heard = statements_of(opened)
    await ask(opened, watch.second, INCIDENTS)  # What a connection asks once stays out of the count.
    counts = []
    for more in (0, 4):
        for _ in range(more):
            await watch.alarms()
            await watch.climbs()
        heard.clear()
        found = await ask(opened, watch.second, INCIDENTS)
        counts.append((len(found["incidents"]["edges"]), len(heard)))
    await opened.close()
    assert [edges for edges, _ in counts] == [1, 5]
    assert counts[0][1] == counts[1][1]


async def test_a_seat_is_drilled_and_what_is_urgent_is_not_silenced(watch: Watch) -> None:
    site, given = watch.site, {"id": str(uuid4()), "kind": "REFUSAL", "county": PANZHOU}
    drilled = await acts(site, watch.head, "drillAlert", "drill { id uuid kind county office drilledAt }", **given)
    assert (drilled["drill"]["uuid"], drilled["drill"]["kind"]) == (given["id"], "REFUSAL")
    silence = "silence { id kind channels keptAt }"
    kept = await acts(site, watch.first, "silenceAlerts", silence, kind="CLOCK_OVERRUN", channels=["SMS", "PUSH"])
    assert kept["silence"]["channels"] == ["PUSH", "SMS"]
    own = await ask(site.database, watch.first, "{ alertSilences { kind channels } webPushKey }")
    assert own == {"alertSilences": [{"kind": "CLOCK_OVERRUN", "channels": ["PUSH", "SMS"]}], "webPushKey": None}
    assert (await ask(site.database, watch.head, "{ alertSilences { kind } }"))["alertSilences"] == []
    urgent = await acts(site, watch.first, "silenceAlerts", silence, kind="DRILL", channels=["SMS"])
    assert urgent["problem"]["code"] == "URGENT_CANNOT_BE_SILENCED"


async def test_the_desk_reads_in_words_why_nobody_was_told(site: Site, workers: Database) -> None:
    watch = await alarmed(site, workers)
    text = "query ($id: UUID!) { toldInWords(incidentId: $id) }"
    told = (await ask(site.database, watch.second, text, id=str(await watch.incident())))["toldInWords"]
    assert any("没有登记联系方式" in one for one in told)
    far = await site.person(Role.DUTY_OFFICER, county="520201")
    assert await codes(site.database, far, text, id=str(await watch.incident())) == {"NOT_FOUND"}
    assert await codes(site.database, watch.principal, text, id=str(await watch.incident())) == {"NOT_ALLOWED"}


LOST = "query ($after: String) { lostRights(after: $after) { id uuid role division office mineId lostAt } }"


async def test_a_phone_learns_by_the_cursor_which_of_its_roles_ended_taken_back_or_run_out(site: Site) -> None:
    head, officer = await site.person(Role.AGENCY_HEAD), await site.person(Role.DUTY_OFFICER)
    assert (await ask(site.database, officer, LOST))["lostRights"] == []
    for column, hours in (("valid_to", 1), ("withdrawn_at", 2)):
        await site.put(
            "role_grants", id=uuid4(), account_id=officer.account_id, role="INSPECTOR", division=PANZHOU,
            granted_at=NOW - timedelta(days=9), **{column: NOW - timedelta(hours=hours)},
        )  # fmt: skip
    found = (await ask(site.database, officer, LOST))["lostRights"]
    assert [(one["role"], one["division"], one["mineId"]) for one in found] == [("INSPECTOR", PANZHOU, None)] * 2
    assert (await ask(site.database, head, LOST))["lostRights"] == [], "another's roles are nobody else's business"


async def test_what_ended_before_the_cursor_is_not_told_again(site: Site, workers: Database) -> None:
    watch = await watch_of(site, workers)
    await watch.follows()
    ended = NOW - timedelta(hours=2)
    await site.put(
        "role_grants", id=uuid4(), account_id=watch.first.account_id, role="INSPECTOR", division=PANZHOU,
        granted_at=NOW - timedelta(days=9), withdrawn_at=ended,
    )  # fmt: skip
    head = (await ask(site.database, watch.first, "{ logHead { cursor } }"))["logHead"]["cursor"]
    assert len((await ask(site.database, watch.first, LOST))["lostRights"]) == 1
    assert (await ask(site.database, watch.first, LOST, after=head))["lostRights"] == []


async def test_a_change_says_whether_its_subject_was_deleted(site: Site, workers: Database) -> None:
    watch = await watch_of(site, workers)
    await watch.follows()
    edges = (await ask(site.database, watch.head, "{ changes { edges { node { kind gone } } } }"))["changes"]["edges"]
    assert edges
    assert {edge["node"]["gone"] for edge in edges} == {False}
    assert {"evidence.erased"} == GONE
