"""Tests of discretion in GraphQL: what is suggested for a fine, what was chosen, which cases new law touches."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.notice import DiscretionSuggested
from storage.casework.cases.bodies.opening import Registered
from storage.casework.cases.problems import BreachNotStanding
from storage.record.actor import Role
from storage.record.law.discretion import Circumstance, DiscretionGround
from storage.record.problems import NotAllowed
from tests.factories.breaches import Broken, lead_mine, sign
from tests.factories.cases import WAN
from tests.factories.desk import Desk, make_desk
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, PANZHOU, Site

BASIS = "fine_major_hazard_unit"
SUGGESTED = """query ($of: DiscretionInput!) { discretionSuggestion(of: $of) { least most lawOf circumstances
  standard { key title settled note } tiers { ground article least most because } } }"""
CHOSEN = """query ($id: UUID!) { caseDiscretion(id: $id) { stepId partyId basis ground least most departs departure
  suggestion { tiers { ground least most } } } }"""
TOUCHED = "query ($by: UUID!) { cases(touchedBy: $by) { edges { node { uuid } } } }"


@pytest.fixture
async def desk(site: Site) -> Desk:
    made = await make_desk(site)
    await made.rest_on_a_sound_finding()
    made.conduct = replace(made.conduct, ended_on=date(2026, 11, 1))
    await made.file()
    await made.take(Registered(), by=made.head, party=None, officers=())
    return made


def weighed(**changes: Any) -> DiscretionSuggested:
    usual = DiscretionSuggested(
        standard="基准", basis=BASIS, ground=DiscretionGround.PLAIN, least=95 * WAN, most=155 * WAN, reason="一般情节"
    )
    return replace(usual, **changes)


async def test_what_the_standard_suggests_is_told_with_its_article_its_range_and_why(desk: Desk) -> None:
    of = {"caseId": str(desk.id), "basis": BASIS, "circumstances": ["MERIT"]}
    found = (await ask(desk.site.database, desk.check.lead, SUGGESTED, of=of))["discretionSuggestion"]
    assert (found["least"], found["most"], found["lawOf"]) == ("50000000", "200000000", "2026-11-01")
    assert found["circumstances"] == ["FIRST_TIME", "MERIT", "NO_HARM"]
    assert (found["standard"]["key"], found["standard"]["settled"]) == ("GENERAL", False)
    assert found["tiers"][0] == {
        "ground": "LIGHTER", "article": "行政处罚法第三十二条", "least": "50000000", "most": "95000000",
        "because": ["MERIT"],
    }  # fmt: skip
    none = await ask(desk.site.database, desk.check.lead, SUGGESTED, of={**of, "basis": "fine_nothing"})
    assert none["discretionSuggestion"] is None


async def test_what_was_chosen_stands_beside_what_was_suggested(desk: Desk) -> None:
    await desk.take(weighed())
    await desk.take(weighed(ground=DiscretionGround.HEAVIER, least=160 * WAN, most=WAN * 180, departure="影响恶劣"))
    plain, heavier = (await ask(desk.site.database, desk.head, CHOSEN, id=str(desk.id)))["caseDiscretion"]
    assert (plain["ground"], plain["departs"], plain["departure"]) == ("PLAIN", False, "")
    assert (heavier["ground"], heavier["departs"], heavier["departure"]) == ("HEAVIER", True, "影响恶劣")
    assert heavier["suggestion"]["tiers"] == [{"ground": "PLAIN", "least": "95000000", "most": "155000000"}]
    assert (heavier["basis"], heavier["partyId"], heavier["least"]) == (BASIS, str(desk.unit.id), "160000000")


async def test_三六2_a_breach_that_stands_arrives_as_a_heavier_ground_and_the_choice_can_name_it(desk: Desk) -> None:
    principal = await desk.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=desk.site.mine)
    await lead_mine(desk.site, desk.site.mine, principal)
    signed = await sign(desk.site, principal)
    broken = Broken(desk.site, desk.check, principal, desk.head, signed)
    of = {"caseId": str(desk.id), "basis": BASIS}
    text = SUGGESTED.replace("lawOf", "lawOf promisesBroken { breachId year key title }")
    breach = await broken.finds(finding=desk.conduct.finding)
    await broken.answers(breach.id)
    before = (await ask(desk.site.database, desk.check.lead, text, of=of))["discretionSuggestion"]
    assert (before["tiers"][0]["ground"], before["promisesBroken"]) == ("PLAIN", [])  # Nobody has decided it.
    named = weighed(
        ground=DiscretionGround.HEAVIER, least=160 * WAN, most=180 * WAN, circumstances=(Circumstance.PROMISE_BROKEN,)
    )
    await desk.refused(BreachNotStanding, desk.take(named))
    await broken.decides(breach.id)
    found = (await ask(desk.site.database, desk.check.lead, text, of=of))["discretionSuggestion"]
    assert (found["tiers"][0]["ground"], found["tiers"][0]["because"]) == ("HEAVIER", ["PROMISE_BROKEN"])
    assert found["promisesBroken"] == [
        {"breachId": str(breach.id), "year": breach.year, "key": breach.key, "title": breach.title}
    ]
    await desk.take(named, at=broken.now)
    (chosen,) = (await ask(desk.site.database, desk.head, CHOSEN, id=str(desk.id)))["caseDiscretion"]
    assert (chosen["ground"], chosen["departs"]) == ("HEAVIER", False)


async def test_nobody_else_reads_it(desk: Desk) -> None:
    miner = await desk.site.person(Role.MINER, county=None, mine_id=desk.site.mine)
    for document, given in (
        (CHOSEN, {"id": str(desk.id)}),
        (SUGGESTED, {"of": {"caseId": str(desk.id), "basis": "x"}}),
    ):
        assert await codes(desk.site.database, miner, document, **given) == {NotAllowed.code}
    stranger = await desk.site.person(Role.LEAD, county="520201")
    assert await ask(desk.site.database, stranger, CHOSEN, id=str(desk.id)) == {"caseDiscretion": None}


async def test_the_cases_that_a_new_kind_power_standard_or_form_touches_are_listed(desk: Desk) -> None:
    site = desk.site

    async def touches(kind: str, key: str) -> bool:
        id = uuid4()
        await site.put(
            "provisions", id=id, kind=kind, key=key, content="{}", article="新法", in_force_from=NOW.date(), note="",
            drafted_by=desk.head.account_id, drafted_at=NOW,
        )  # fmt: skip
        edges = (await ask(site.database, desk.head, TOUCHED, by=str(id)))["cases"]["edges"]
        return [edge["node"]["uuid"] for edge in edges] == [str(desk.id)]

    kind = await site.rows.fetchval("SELECT kind FROM findings")
    assert await touches("FINDING_KIND", kind)
    assert not await touches("FINDING_KIND", "NO_LICENCE")
    assert await touches("DISCRETION", "fine_listed")  # Nothing is weighed yet.
    assert await touches("DISCRETION", f"{kind}/fine_listed")
    assert not await touches("DISCRETION", "NO_LICENCE/fine_listed")
    await desk.take(weighed(circumstances=(Circumstance.SLIGHT,)))
    assert not await touches("DISCRETION", "fine_listed")
    assert await touches("DISCRETION", BASIS)
    assert await touches("DISCRETION", "GENERAL")
    assert await touches("DISCRETION", f"{kind}/{BASIS}")
    assert not await touches("DISCRETION", f"NO_LICENCE/{BASIS}")
    assert not await touches("POWER", "FUNDS")
    assert not await touches("FORM", "立案审批表")
    await site.put(
        "papers", id=uuid4(), subject_kind="CASE", subject_id=desk.id, mine_id=site.mine, county=PANZHOU,
        office="", form="立案审批表", version="2017", internal=True, state="DRAFT", written=b"{}",
        drafted_by=desk.head.account_id, drafted_at=NOW,
    )  # fmt: skip
    assert await touches("FORM", "立案审批表")
    await site.rows.execute("UPDATE cases SET state = 'PERFORMED'")
    assert not await touches("FINDING_KIND", kind)
    assert await touches("FORM", "立案审批表")
