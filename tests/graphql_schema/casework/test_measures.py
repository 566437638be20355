"""Tests of measures in GraphQL: each field, each act by its name, and what others may not see or do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from storage.casework.measures.tables import StepOutcome, Turn
from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.factories.measures import Ordered, orders
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

FIELDS = """id uuid inspectionId kind title article paper danger urgent reason days decision approverId enforces state
  orderedAt orderedBy recordedAt closedAt findingIds mine { name } dailyPenaltyDays enforceableFrom
  steps { uuid kind hand at recordedAt recordedBy certified subjectId until number outcome words placeId underground
          evidenceIds }
  deadlines { key article start ends endsAt alarm provisional note metAt } lacking { code article hand dueAt }"""
ORDER = f"""mutation ($input: OrderMeasureInput!) {{ orderMeasure(input: $input) {{
  measure {{ {FIELDS} }} problem {{ code }} }} }}"""
LIST = f"""query ($first: Int = 10, $mine: UUID, $inspection: UUID, $open: Boolean! = false) {{
  measures(first: $first, mineId: $mine, inspectionId: $inspection, openOnly: $open) {{
    edges {{ node {{ {FIELDS} }} }} }} }}"""
KINDS = "{ measureKinds { key title article paper approval protects recorded mineState } }"
LEVELS = "{ supervisionLevels { key title who standards article settled note } }"
DUE = "{ withdrawalsDue { uuid kind } }"


async def act(check: Check, actor: Actor, name: str, **given: Any) -> dict[str, Any]:
    """One act by its name; what it answered."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ measure {{ state }} problem {{ code }} }} }}"
    answer: dict[str, Any] = (await ask(check.site.database, actor, text, input={"id": str(uuid4())} | given))[name]
    return answer


async def test_a_withdrawal_is_told_with_article_paper_steps_deadlines_and_what_it_lacks(site: Site) -> None:
    check = await make_check(site)
    finding = await check.finds(kind="GAS_OVER_LIMIT", unsafe=True)
    assert (await ask(site.database, check.lead, DUE))["withdrawalsDue"] == [
        {"uuid": str(finding.id), "kind": "GAS_OVER_LIMIT"}
    ]
    given = {
        "id": str(uuid4()), "inspectionId": str(check.id), "kind": "WITHDRAW_PEOPLE", "reason": "回风流甲烷超限",
        "orderedAt": "2026-11-24T07:50:00Z", "findingIds": [str(finding.id)], "danger": True,
    }  # fmt: skip
    answer = (await ask(site.database, check.lead, ORDER, input=given))["orderMeasure"]
    told = answer["measure"]
    assert answer["problem"] is None
    assert (told["title"], told["paper"]) == ("责令从危险区域内撤出作业人员", "现场处理措施决定书")
    assert "第四十四条" in told["article"]
    assert (told["state"], told["findingIds"], told["mine"]) == ("OPEN", [str(finding.id)], {"name": "甲煤矿"})
    (ordered,) = told["steps"]
    assert (ordered["kind"], ordered["hand"], ordered["certified"]) == ("ORDERED", "DEPARTMENT", True)
    assert [one["key"] for one in told["deadlines"]] == ["defect_made_good"]
    missing = {one["code"]: one for one in told["lacking"]}
    assert {"PEOPLE_NOT_TOLD", "HEAD_COUNT_NOT_ZERO", "MEASURE_NOT_CONFIRMED", "NOT_SUPERVISED"} <= set(missing)
    assert missing["PEOPLE_NOT_TOLD"]["article"] == "煤矿安全生产条例第四十四条"
    assert (await ask(site.database, check.lead, DUE))["withdrawalsDue"] == []
    node = await ask(site.database, check.lead, "query ($id: ID!) { node(id: $id) { ... on Measure { reason } } }",
                     id=told["id"])  # fmt: skip
    assert node == {"node": {"reason": given["reason"]}}


async def test_the_closed_list_and_the_levels_of_supervision_are_open_to_all_who_sign_in(site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    kinds = {one["key"]: one for one in (await ask(site.database, miner, KINDS))["measureKinds"]}
    assert len(kinds) == 11
    assert kinds["SEAL"]["approval"] == "HEAD_OR_URGENT"
    assert kinds["STOP_TO_RECTIFY"]["mineState"] == "SUSPENDED"
    levels = (await ask(site.database, miner, LEVELS))["supervisionLevels"]
    assert [one["key"] for one in levels] == ["COUNTY", "CITY", "PROVINCE"]
    assert not any(one["settled"] for one in levels)
    assert await codes(site.database, None, KINDS) == {NotSignedIn.code}


async def test_each_act_is_asked_for_by_its_name_and_answered_with_where_the_measure_stands(site: Site) -> None:
    check = await make_check(site)
    head, clerk = (
        await site.person(Role.AGENCY_HEAD),
        await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine),
    )
    office = await site.person(Role.LEAD, county=None, office="GZ-1")
    finding, piece = await check.finds(kind="GAS_OVER_LIMIT"), str(await check.piece())
    measure = await orders(check, "CORRECT_BY_TERM", finding.id, days=10)
    on = {"measureId": str(measure.id)}
    recheck, look = str(uuid4()), str(uuid4())
    for actor, name, given in (
        (check.inspector, "confirmMeasure", {}),
        (check.lead, "nameFinding", {"findingId": str((await check.finds()).id)}),
        (check.lead, "recordPeopleTold", {"words": "调度电话"}),
        (check.lead, "recordHeadCount", {"number": 0}),
        (check.lead, "nameFollower", {"accountId": str(check.inspector.account_id)}),
        (clerk, "askExtension", {"until": "2026-12-09", "words": "设备未到"}),
        (head, "grantExtension", {"until": "2026-12-09", "words": "同意"}),
        (clerk, "askExtension", {"until": "2026-12-19", "words": "设备还是未到"}),
        (head, "refuseExtension", {"words": "不同意"}),
        (head, "superviseHazard", {"words": "CITY"}),
        (office, "handOverHazard", {"words": "盘州市能源局"}),
        (check.lead, "receiveHazard", {}),
        (office, "trackHazard", {"words": "整改过半"}),
        (clerk, "reportCorrection", {"words": "已更换"}),
        (check.lead, "recheckMeasure", {"id": recheck, "outcome": "CORRECTED", "evidenceIds": [piece]}),
        (check.inspector, "signRecheck", {"recheckId": recheck}),
        (check.lead, "verifyOnSite", {"id": look, "outcome": "CORRECTED", "words": "属实", "evidenceIds": [piece],
                                      "placeId": str(check.underground)}),
        (check.inspector, "signVerification", {"verificationId": look}),
        (check.lead, "closeOutMeasure", {}),
    ):  # fmt: skip
        answer = await act(check, actor, name, **on, **given)
        assert answer["problem"] is None, (name, answer)
    assert answer["measure"] == {"state": "CLOSED_OUT"}
    (node,) = [edge["node"] for edge in (await ask(site.database, clerk, LIST))["measures"]["edges"]]
    assert len(node["steps"]) == 20
    assert (node["lacking"], node["dailyPenaltyDays"]) == (None, None), "what it lacks is the agency's"
    assert node["closedAt"] == NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_a_restart_is_asked_accepted_signed_agreed_to_approved_and_announced(site: Site) -> None:
    check = await make_check(site)
    head = await site.person(Role.AGENCY_HEAD)
    office = await site.person(Role.AGENCY_HEAD, county=None, office="GZ-1")
    mayor = await site.person(Role.GOVERNMENT_HEAD)
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine)
    finding = (await check.finds(kind="GAS_OVER_LIMIT", producing=True)).id
    measure = await orders(check, "STOP_TO_RECTIFY", finding, decision="一号", approver_id=head.account_id)
    on = {"measureId": str(measure.id)}
    answer = await act(check, mayor, "approveRestart", **on)
    assert answer == {"measure": None, "problem": {"code": "ACCEPTANCE_NOT_PASSED"}}
    for actor, name, given in (
        (head, "approveMeasure", {}),
        (clerk, "askRestart", {"words": "整改完毕"}),
        (check.lead, "holdAcceptance", {"outcome": "PASSED"}),
        (head, "signRestart", {}),
        (office, "agreeToRestart", {}),
        (mayor, "approveRestart", {}),
        (head, "announceMeasure", {"outcome": "RESTART", "words": "贵州日报"}),
    ):
        answer = await act(check, actor, name, **on, **given)
        assert answer == {"measure": answer["measure"], "problem": None}, name
    assert answer["measure"] == {"state": "RESTARTED"}
    assert (await ask(site.database, check.lead, LIST, open=True))["measures"]["edges"] == []


async def test_a_cut_says_from_when_it_may_be_enforced_and_refusal_which_days_may_be_added(site: Site) -> None:
    check = await make_check(site)
    head = await site.person(Role.AGENCY_HEAD)
    hazard = (await check.finds(kind="GAS_OVER_LIMIT", producing=True)).id
    order = await orders(check, "CORRECT_BY_TERM", hazard, days=3, ordered_at=NOW - timedelta(days=4))
    stop = await orders(check, "STOP_PRODUCTION", hazard)
    for one in (order, stop):
        await one.takes(check.inspector, Turn.CONFIRMED)
        await one.rechecked(StepOutcome.REFUSED)
    cut = await orders(check, "CUT_POWER", hazard, danger=True, safe=True, approver_id=head.account_id,
                       enforces=stop.id)  # fmt: skip
    on = {"measureId": str(cut.id)}
    await act(check, check.inspector, "confirmMeasure", **on)
    await act(check, head, "approveMeasure", **on)
    assert (await act(check, check.lead, "notifyMineOfCut", **on))["problem"] is None
    answer = await act(check, check.lead, "notifySupplierOfCut", **on, words="供电局")
    assert answer["problem"] == {"code": "CUT_TOO_EARLY"}
    found = {edge["node"]["kind"]: edge["node"] for edge in (await ask(site.database, head, LIST))["measures"]["edges"]}
    assert found["CUT_POWER"]["enforceableFrom"] == "2026-11-25T08:00:00.000Z"
    assert found["CORRECT_BY_TERM"]["dailyPenaltyDays"] == ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]
    seal = await orders(check, "SEAL", hazard, urgent=True)
    assert (await act(check, head, "disapproveMeasure", measureId=str(seal.id), words="没有根据"))["measure"] == {
        "state": "DISAPPROVED"
    }


async def test_lifting_a_withdrawal_with_people_below_is_a_problem_in_the_payload(site: Site) -> None:
    check = await make_check(site)
    head = await site.person(Role.AGENCY_HEAD)
    measure = await orders(check, "WITHDRAW_PEOPLE")
    answer = await act(check, head, "liftMeasure", measureId=str(measure.id))
    assert answer == {"measure": None, "problem": {"code": "HEAD_COUNT_NOT_ZERO"}}
    answer = await act(check, head, "approveRestart", measureId=str(measure.id))
    assert answer == {"measure": None, "problem": {"code": "NOT_ALLOWED"}}


async def test_strangers_and_other_mines_see_no_measure(site: Site) -> None:
    check = await make_check(site)
    await orders(check, "WITHDRAW_PEOPLE")
    far = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.far_mine)
    assert (await ask(site.database, far, LIST))["measures"]["edges"] == []
    assert await codes(site.database, await site.person(Role.MINER), LIST) == {NotAllowed.code}
    assert await codes(site.database, None, LIST) == {NotSignedIn.code}


async def test_the_list_takes_as_many_statements_for_thirty_measures_as_for_one(site: Site) -> None:
    heard = statements_of(site.database)
    check = await make_check(site)
    for _ in range(30):
        measure: Ordered = await orders(check, "CORRECT_BY_TERM", (await check.finds()).id, days=10)
        await measure.takes(check.lead, Turn.TOLD, words="电话")
    await ask(site.database, check.lead, LIST, first=1)
    counts = []
    for first in (1, 30):
        heard.clear()
        data = await ask(site.database, check.lead, LIST, first=first)
        assert len(data["measures"]["edges"]) == first
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 8, heard
