"""Tests of refusals in GraphQL: each field and step, what the mine reads, what waits, and revenge."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.record.actor import Actor, Role
from storage.record.database import Database
from tests.factories.desk import Desk
from tests.factories.measures import orders
from tests.factories.refusals import Ground, condition_of, ground_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

PLACE = "id uuid mineId workplaceId place day shift clause clauseKey danger since madeAt liftedAt"
STEP = "id uuid ordinal kind at byId words officerIds inspectionId schemeId findingIds measureId"
REFUSAL = f"id uuid condition {{ {PLACE} }} mine {{ name }} state reports steps {{ {STEP} }}"
LIST = f"""query ($mine: UUID, $day: Date) {{ refusals(first: 10, mineId: $mine, standingOn: $day) {{
  edges {{ node {{ {REFUSAL} }} }} }} }}"""
AT = f"query ($day: Date!) {{ refusalsAt(day: $day) {{ {PLACE} }} }}"
RETALIATION = """id uuid mineId state reportedAt steps { id uuid kind at byId words caseId }
  clocks { id key article start ends alarm metAt }"""


@pytest.fixture
async def ground(site: Site, workers: Database) -> Ground:
    return await ground_of(site, workers)


def mutation(name: str, what: str = REFUSAL, shown: str = "refusal") -> str:
    input_type = name[0].upper() + name[1:] + "Input"
    return (
        f"mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {shown} {{ {what} }}"
        " problem { code message } } }"
    )


async def acts(ground: Ground, by: Actor, name: str, refusal: UUID, **given: Any) -> dict[str, Any]:
    asked = {"id": str(uuid4()), "refusalId": str(refusal)} | given
    told: dict[str, Any] = (await ask(ground.site.database, by, mutation(name), input=asked))[name]
    return told


async def test_20_a_refusal_goes_from_its_mark_to_its_lifting_and_officers_read_each_step(ground: Ground) -> None:
    row, check = await ground.refuses(), ground.check
    officers = [str(check.lead.account_id), str(check.inspector.account_id)]
    inspection = str(uuid4())
    given = {"words": "立即到1201工作面核查", "officerIds": officers, "inspectionId": inspection}
    sent = await acts(ground, check.lead, "orderRefusalCheck", row.id, **given)
    assert (sent["problem"], sent["refusal"]["state"]) == (None, "CHECK_ORDERED")
    for officer in (check.lead, check.inspector):
        await acts(ground, officer, "recordRefusalCheck", row.id, words="传感器断线属实", inspectionId=str(check.id))
    early = await acts(ground, ground.head, "liftRefusal", row.id, words="可以下井了")
    assert early["problem"]["code"] == "NOT_YET_CHECKED"
    assert "实施意见三（六）2" in early["problem"]["message"]
    finding = (await check.finds()).id
    await acts(ground, check.lead, "concludeRefusalCheck", row.id, findingIds=[str(finding)])
    measure = (await orders(check, "CORRECT_ON_SITE", finding)).id
    named = (await acts(ground, check.lead, "nameRefusalOrder", row.id, measureId=str(measure)))["refusal"]
    assert [one["kind"] for one in named["steps"]] == [
        "MADE", "CHECK_ORDERED", "CHECKED", "CHECKED", "SUBSTANTIATED", "ORDERED",
    ]  # fmt: skip
    assert named["steps"][0]["byId"] is None
    assert named["steps"][1]["officerIds"] == officers
    assert (named["steps"][1]["inspectionId"], named["steps"][5]["measureId"]) == (inspection, str(measure))
    still = (await acts(ground, ground.head, "liftRefusal", row.id, words="可以下井了"))["problem"]
    assert still["code"] == "ORDER_STILL_OPEN"
    listed = await ask(ground.site.database, ground.duty, LIST, mine=str(ground.site.mine))
    (edge,) = listed["refusals"]["edges"]
    assert edge["node"] == named
    assert (edge["node"]["mine"]["name"], edge["node"]["reports"]) == ("甲煤矿", 1)


async def test_what_is_unsubstantiated_says_why_and_is_lifted_by_the_head(ground: Ground) -> None:
    row = await ground.refuses()
    await ground.checked(row.id)
    told = await acts(ground, ground.check.lead, "concludeRefusalCheck", row.id, words="传感器工作正常")
    assert told["refusal"]["state"] == "UNSUBSTANTIATED"
    lifted = await acts(ground, ground.head, "liftRefusal", row.id, words="经核查解除")
    assert lifted["refusal"]["condition"]["liftedAt"] is not None


async def test_the_mine_reads_the_condition_and_has_no_way_to_the_rest(ground: Ground) -> None:
    row = await ground.refuses()
    await ground.refuses()
    day = row.day.isoformat()
    (read,) = (await ask(ground.site.database, ground.principal, AT, day=day))["refusalsAt"]
    assert (read["uuid"], read["clause"], read["danger"]) == (str(row.id), "瓦斯传感器断线时不入井", "GAS")
    assert (await ask(ground.site.database, ground.miner, AT, day=day))["refusalsAt"] == [read]
    lists = [f"{{ {name} {{ edges {{ node {{ uuid }} }} }} }}" for name in ("checkTasks", "retaliations", "rewards")]
    for text in (LIST, "{ waitingRefusals { reportId } }", *lists):
        assert await codes(ground.site.database, ground.principal, text) == {"NOT_ALLOWED"}
    assert await codes(ground.site.database, None, AT, day=day) == {"UNAUTHENTICATED"}


async def test_what_waits_becomes_a_task_or_a_refusal_for_danger_to_life(ground: Ground) -> None:
    reports = [await ground.waits(), await ground.waits()]
    waiting = "query ($behind: UUID) { waitingRefusals(behind: $behind) { id reportId mineId refusalId } }"
    listed = (await ask(ground.site.database, ground.verification, waiting))["waitingRefusals"]
    assert [one["reportId"] for one in listed] == sorted(str(one) for one in reports)
    (rest,) = (await ask(ground.site.database, ground.verification, waiting, behind=listed[0]["reportId"]))[
        "waitingRefusals"
    ]
    assert rest == listed[1]
    text = mutation("orderLaterCheck", "id reportId mineId refusalId", "waiting")

    async def does(report: UUID, **given: Any) -> dict[str, Any]:
        asked = {"id": str(uuid4()), "reportId": str(report)} | given
        done: dict[str, Any] = (await ask(ground.site.database, ground.verification, text, input=asked))[
            "orderLaterCheck"
        ]
        return done

    assert (await does(reports[0], words="例行检查时看回风巷"))["waiting"]["refusalId"] is None
    assert (await does(reports[1], sooner=True))["problem"]["code"] == "SOONER_THAN_CHOSEN"
    condition = condition_of(ground.site.mine)
    plain = {"mineId": str(condition.mine_id), "day": condition.day.isoformat(), "shift": "MIDDLE",
             "place": condition.place, "danger": "GAS"}  # fmt: skip
    sooner = await does(reports[1], sooner=True, danger="瓦斯正在积聚", condition=plain)
    assert sooner["waiting"]["refusalId"] is not None
    tasks = "{ checkTasks(first: 5) { edges { node { id uuid mineId words orderedAt } } } }"
    (task,) = (await ask(ground.site.database, ground.check.lead, tasks))["checkTasks"]["edges"]
    assert task["node"]["words"] == "例行检查时看回风巷"


async def test_verification_reads_changes_of_posts_at_a_mine_of_which_somebody_reported(ground: Ground) -> None:
    await ground.refuses()
    text = """query ($mine: UUID!) { postChanges(mineId: $mine) {
      id personId name what began ended recordedAt } }"""
    found = await ask(ground.site.database, ground.verification, text, mine=str(ground.site.mine))
    assert found == {"postChanges": []}
    assert await codes(ground.site.database, ground.head, text, mine=str(ground.site.mine)) == {"NOT_ALLOWED"}


async def test_20_revenge_shows_its_steps_and_clocks_and_ends_in_a_case(ground: Ground) -> None:
    row = await ground.suffers()
    text = mutation("examineRetaliation", RETALIATION, "retaliation")

    async def examines(kind: str, **given: Any) -> dict[str, Any]:
        asked = {"id": str(uuid4()), "retaliationId": str(row.id), "kind": kind, "words": "调取考勤工资"} | given
        done: dict[str, Any] = (await ask(ground.site.database, ground.verification, text, input=asked))[
            "examineRetaliation"
        ]
        return done

    assert (await examines("NOT_ESTABLISHED"))["problem"]["code"] == "RETALIATION_NOT_LOOKED_INTO"
    looked = (await examines("LOOKED_INTO"))["retaliation"]
    assert [one["metAt"] is None for one in looked["clocks"]] == [False, True]
    assert all("条例" in one["article"] and one["ends"] for one in looked["clocks"])
    desk = Desk(ground.check, ground.head, await ground.site.person(Role.LEGAL_REVIEWER))
    await desk.file()
    ended = (await examines("ESTABLISHED", caseId=str(desk.id)))["retaliation"]
    assert (ended["state"], ended["steps"][2]["caseId"]) == ("ESTABLISHED", str(desk.id))
    listing = f"{{ retaliations(first: 5) {{ edges {{ node {{ {RETALIATION} }} }} }} }}"
    city = await ground.site.person(Role.DUTY_OFFICER, county=None, division="5202")
    for reader, count in ((ground.verification, 1), (city, 1), (ground.duty, 0)):
        edges = (await ask(ground.site.database, reader, listing))["retaliations"]["edges"]
        assert len(edges) == count
