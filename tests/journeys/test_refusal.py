"""The stories of reporters over HTTP: an anonymous refusal to its reward, one that waits, and revenge."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Role
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import StoreAddress
from tests.factories import desk as case_desk
from tests.factories.case_papers import serve
from tests.factories.measures import orders
from tests.factories.refusals import told
from tests.journeys.refusing import County, county_of
from tests.sites import NOW, Site

AT = "query ($day: Date!) { refusalsAt(day: $day) { uuid place clause danger madeAt liftedAt } }"
STANDING = """query ($day: Date) { refusals(standingOn: $day) { edges { node { uuid state reports
  steps { kind byId words } } } } }"""
TAKE = "refusal { uuid state condition { liftedAt } }"
COUNTER = "盘州市政务大厅举报窗口，现金"


@pytest.fixture
async def county(
    site: Site, workers: Database, database: DatabaseAddresses, bucket: StoreAddress, keys: KeyFolder
) -> AsyncIterator[County]:
    async with county_of(site, workers, database, bucket, keys) as found:
        yield found


async def does(county: County, actor: Any, name: str, shown: str = TAKE, **given: Any) -> dict[str, Any]:
    answer = await county.acts(actor, name, shown, **given)
    assert answer["problem"] is None, answer["problem"]
    return answer


async def test_an_anonymous_refusal_alarms_is_checked_found_true_lifted_and_rewarded(county: County) -> None:
    ground, check = county.ground, county.ground.check
    county.passes(seconds=41)
    receipt = await county.files("REFUSAL", "NOW", condition=told(county.site.mine))
    await county.batch(urgent=True)
    day = day_of(NOW).isoformat()
    (place,) = (await county.asks(ground.principal, AT, day=day))["refusalsAt"]
    assert (place["clause"], place["madeAt"]) == ("瓦斯传感器断线时不入井", "2026-11-24T08:00:00.000Z")
    assert (await county.asks(ground.miner, AT, day=day))["refusalsAt"] == [place]

    await it_climbs_past_two_silent_officers(county)
    refusal = place["uuid"]
    officers = [str(one.account_id) for one in (check.lead, check.inspector)]
    await does(county, check.lead, "orderRefusalCheck", id=str(uuid4()), refusalId=refusal, officerIds=officers,
               words="立即到1201工作面核查传感器", inspectionId=str(uuid4()))  # fmt: skip
    for officer in (check.lead, check.inspector):
        await does(county, officer, "recordRefusalCheck", id=str(uuid4()), refusalId=refusal,
                   inspectionId=str(check.id), words="到现场看过，传感器断线")  # fmt: skip
    early = await county.acts(ground.head, "liftRefusal", TAKE, id=str(uuid4()), refusalId=refusal, words="恢复生产")
    assert early["problem"]["code"] == "NOT_YET_CHECKED"
    finding = await a_sound_finding(county)
    await does(county, check.lead, "concludeRefusalCheck", id=str(uuid4()), refusalId=refusal, findingIds=[finding])
    measure = await orders(check, "CORRECT_ON_SITE", *(await findings_of(county)))
    await does(county, check.lead, "nameRefusalOrder", id=str(uuid4()), refusalId=refusal, measureId=str(measure.id))
    still = await county.acts(ground.head, "liftRefusal", TAKE, id=str(uuid4()), refusalId=refusal, words="恢复生产")
    assert still["problem"]["code"] == "ORDER_STILL_OPEN"
    await ground.put_right(measure)
    lifted = await does(county, ground.head, "liftRefusal", id=str(uuid4()), refusalId=refusal, words="整改合格，解除")
    assert lifted["refusal"]["state"] == "LIFTED"
    await county.follows()
    assert await county.site.rows.fetchval("SELECT ended_at IS NOT NULL FROM incidents")

    seen = await county.matters(receipt)
    assert [one["kind"] for one in seen["steps"]] == [
        "MADE", "CHECK_ORDERED", "CHECKED", "CHECKED", "SUBSTANTIATED", "ORDERED", "LIFTED",
    ]  # fmt: skip
    assert len(seen["askedOn"]) == 4
    await it_is_rewarded_without_a_telephone_number(county, receipt)


async def it_climbs_past_two_silent_officers(county: County) -> None:
    """Neither says a word; the head of the county takes it, and the branch office its own alarm."""
    ground = county.ground
    await county.follows()
    await county.climbs()
    assert ground.duty.account_id in await county.told()
    assert county.second.account_id not in await county.told()
    county.passes(minutes=3)
    await county.climbs()
    assert county.second.account_id in await county.told()
    assert ground.head.account_id not in await county.told()
    county.passes(minutes=4)
    await county.climbs()
    assert ground.head.account_id in await county.told()
    assert ground.principal.account_id not in await county.told()
    incident = str(await county.site.rows.fetchval("SELECT id FROM incidents WHERE kind = 'REFUSAL'"))
    for actor in (ground.head, county.office):
        await does(county, actor, "takeAlert", "incident { uuid kind }", incidentId=incident)
    county.passes(minutes=30)
    before = await county.site.counted("sends")
    await county.climbs()
    assert await county.site.counted("sends") == before


async def a_sound_finding(county: County) -> str:
    check = county.ground.check
    finding = await check.finds(evidence=(await check.piece(),))
    shown = "finding { uuid }"
    await does(county, check.inspector, "confirmFinding", shown, findingId=str(finding.id))
    return str(finding.id)


async def findings_of(county: County) -> list[Any]:
    return [row["id"] for row in await county.site.rows.fetch("SELECT id FROM findings")]


async def it_is_rewarded_without_a_telephone_number(county: County, receipt: Any) -> None:
    """受理, 核查 and 奖励 are three hands; the reporter signs with what his receipt gives."""
    (finding,), report = await findings_of(county), str(await county.report_of())
    case = case_desk.Desk(county.ground.check, county.decider, await county.site.person(Role.LEGAL_REVIEWER))
    case.conduct = replace(case.conduct, finding=finding)
    await case.decide()
    decision = await county.site.rows.fetchval("SELECT id FROM case_steps WHERE kind = 'DECIDED'")
    await serve(case, decision)
    for actor, kind in (
        (county.desk.intake, "ACCEPTED"), (county.desk.verification, "VERIFYING"),
        (county.desk.verification, "SUBSTANTIATED"),
    ):  # fmt: skip
        await does(county, actor, "takeReportStep", "report { id }", reportId=report, kind=kind)
    proposed = await does(county, county.reward, "proposeReward", "reward { uuid amount fine percent }",
                          id=str(uuid4()), reportId=report, caseId=str(case.id), grade="FIRST")  # fmt: skip
    reward = proposed["reward"]
    assert reward["amount"] == "300000"
    await does(county, county.decider, "decideReward", "reward { state }", rewardId=reward["uuid"], granted=True,
               words="查实，同意奖励")  # fmt: skip
    (own,) = (await county.matters(receipt))["rewards"]
    stranger = await county.files("REPORT", "LATER")
    forged = await county.claims(replace(receipt, claim=stranger.claim), own, COUNTER)
    assert forged["problem"]["code"] == "CLAIM_NOT_SIGNED"
    claimed = await county.claims(receipt, own, COUNTER)
    assert (claimed["problem"], claimed["reward"]["state"]) == (None, "CLAIMED")
    paid = await does(county, county.reward, "payReward", "reward { state payee }", rewardId=reward["uuid"],
                      how="窗口现金，收据0017号")  # fmt: skip
    assert paid["reward"] == {"state": "PAID", "payee": COUNTER}
    assert (await county.matters(receipt))["rewards"][0]["state"] == "PAID"


async def test_a_refusal_by_telephone_waits_for_a_routine_check_and_alarms_nobody(county: County) -> None:
    ground = county.ground
    county.passes(minutes=7)
    receipt = await county.files("REFUSAL", "LATER", officer=ground.duty, channel="TELEPHONE")
    county.passes(hours=1)
    await county.batch(urgent=False)
    await county.follows()
    assert await county.site.counted("incidents") == 0
    day = day_of(NOW).isoformat()
    assert (await county.asks(ground.principal, AT, day=day))["refusalsAt"] == []
    (waiting,) = (await county.asks(county.desk.verification, "{ waitingRefusals { reportId refusalId } }"))[
        "waitingRefusals"
    ]
    shown = "waiting { refusalId }"
    given = {"id": str(uuid4()), "reportId": waiting["reportId"]}
    sooner = await county.acts(county.desk.verification, "orderLaterCheck", shown, **given, sooner=True)
    assert sooner["problem"]["code"] == "SOONER_THAN_CHOSEN"
    await does(county, county.desk.verification, "orderLaterCheck", shown, **given, words="例行检查时测回风巷瓦斯")
    tasks = "{ checkTasks { edges { node { words mineId } } } }"
    (task,) = (await county.asks(ground.check.lead, tasks))["checkTasks"]["edges"]
    assert task["node"] == {"words": "例行检查时测回风巷瓦斯", "mineId": str(county.site.mine)}
    seen = await county.matters(receipt)
    assert [(one["of"], one["kind"]) for one in seen["steps"]] == [("LATER", "TASK_GIVEN")]
    assert seen["askedOn"] == []


async def test_revenge_is_told_one_level_up_and_ends_in_a_case(county: County) -> None:
    ground = county.ground
    city = await county.site.person(Role.AGENCY_HEAD, county=None, division="5202")
    receipt = await county.files("RETALIATION", "NOW")
    await county.batch(urgent=True)
    await county.follows()
    county.passes(minutes=8)
    await county.climbs()
    assert city.account_id in await county.told()
    assert not {ground.duty.account_id, ground.head.account_id, ground.principal.account_id} & await county.told()
    listing = "{ retaliations { edges { node { uuid state clocks { key ends metAt } } } } }"
    (edge,) = (await county.asks(city, listing))["retaliations"]["edges"]
    assert (await county.asks(ground.head, listing))["retaliations"]["edges"] == []
    matter, shown = edge["node"]["uuid"], "retaliation { state }"
    await does(county, county.desk.verification, "examineRetaliation", shown, id=str(uuid4()), retaliationId=matter,
               kind="LOOKED_INTO", words="调取考勤、工资和调岗记录")  # fmt: skip
    case = case_desk.Desk(ground.check, county.decider, await county.site.person(Role.LEGAL_REVIEWER))
    await case.file()
    given = {"id": str(uuid4()), "retaliationId": matter, "kind": "ESTABLISHED", "caseId": str(case.id)}
    done = await does(county, county.desk.verification, "examineRetaliation", shown, words="查实停工降薪", **given)
    assert done["retaliation"]["state"] == "ESTABLISHED"
    seen = await county.matters(receipt)
    assert [one["kind"] for one in seen["steps"]] == ["REPORTED", "LOOKED_INTO", "ESTABLISHED"]
    assert len(seen["askedOn"]) == 4
    await county.follows()
    assert await county.site.rows.fetchval("SELECT ended_at IS NOT NULL FROM incidents")
