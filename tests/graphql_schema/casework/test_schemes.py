"""Tests of inspection schemes in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.casework.schemes.rules import Draft
from storage.field.inspections import operations as inspections
from storage.record.actor import Role
from tests.counting import statements_of
from tests.factories.casework import make_check
from tests.factories.schemes import PLACES, Team, team_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import ZHONGSHAN, Site, opening

ITEM = "uuid power text side underground manner why officerId outcome answer answeredAt"
SCHEME = f"""id uuid cause reference scheduledFor leadId officerIds mineState disasters mineClass counted draftedBy
  draftedAt returnedAt returnedReason approvedAt mine {{ uuid }} items {{ {ITEM} }} inspection {{ uuid basis }}"""
LIST = f"""query ($first: Int = 10, $mine: UUID) {{
  schemes(first: $first, mineId: $mine) {{ edges {{ node {{ {SCHEME} }} }} }}
}}"""
PREPARATION = """query ($id: UUID!) { inspectionPreparation(inspectionId: $id) { inspection { uuid } scheme { uuid }
  lawTalks { uuid startsAt endsAt speaker listeners topics } defects { code article madeGoodBy until about } } }"""
BURDEN = """query ($mine: UUID!) { burdenMeter(mineId: $mine) { year total planned scheduled mineClass
  cap { most article settled note } classCap { most settled } checks { inspectionId openedAt planned cause } } }"""


async def acts(team: Team, name: str, fields: str, actor: Any = None, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code message }} }} }}"
    payload: dict[str, Any] = (await ask(team.site.database, actor or team.inspector, text, input=input))[name]
    return payload


def told(draft: Draft) -> dict[str, Any]:
    return {
        "id": str(draft.id), "mineId": str(draft.mine_id), "cause": draft.cause.value, "reference": draft.reference,
        "scheduledFor": draft.scheduled_for.isoformat(), "leadId": str(draft.lead_id),
        "officerIds": [str(one) for one in draft.officers],
        "items": [
            {"id": str(one.id), "power": one.power, "text": one.text, "side": one.side.value,
             "underground": one.underground, "manner": one.manner.value, "officerId": str(one.officer_id)}
            for one in draft.items
        ],
    }  # fmt: skip


def places() -> list[dict[str, Any]]:
    return [{"id": str(uuid4()), "name": one.name, "underground": one.underground} for one in PLACES]


async def test_a_scheme_goes_from_draft_to_inspection_and_is_told_whole(site: Site) -> None:
    team = await team_of(site)
    draft = team.draft()
    scheme = (await acts(team, "draftScheme", f"scheme {{ {SCHEME} }}", **told(draft)))["scheme"]
    assert (scheme["cause"], scheme["mineState"], scheme["disasters"]) == ("PLAN", "PRODUCING", ["HIGH_GAS"])
    assert [one["power"] for one in scheme["items"]] == ["RESPONSIBILITY", "VENTILATION"]
    given = {"operationId": str(uuid4()), "schemeId": scheme["uuid"]}
    refused = await acts(team, "approveScheme", "scheme { uuid }", **given)
    assert refused["problem"]["code"] == "NOT_ALLOWED"
    assert (await acts(team, "approveScheme", "scheme { approvedAt }", team.lead, **given))["scheme"]["approvedAt"]
    id = str(uuid4())
    opened = await acts(team, "openByScheme", f"scheme {{ {SCHEME} }}", schemeId=scheme["uuid"], inspectionId=id,
                        places=places())  # fmt: skip
    assert opened["scheme"]["inspection"] == {"uuid": id, "basis": "PLANNED"}
    own = next(one for one in scheme["items"] if one["officerId"] == str(team.inspector.account_id))
    answered = await acts(team, "answerSchemeItem", f"item {{ {ITEM} }}", itemId=own["uuid"], outcome="CHECKED",
                          answer="回风巷瓦斯0.4%")  # fmt: skip
    assert answered["item"]["answer"] == "回风巷瓦斯0.4%"
    talk = await acts(team, "recordLawTalk", "lawTalk { listeners }", id=str(uuid4()), inspectionId=id,
                      startsAt="2026-11-24T07:00:00.000Z", endsAt="2026-11-24T07:20:00.000Z", speaker="王某",
                      listeners=18, topics="煤矿安全生产条例")  # fmt: skip
    assert talk["lawTalk"] == {"listeners": 18}
    found = (await ask(site.database, team.lead, PREPARATION, id=id))["inspectionPreparation"]
    assert (found["scheme"], found["lawTalks"][0]["speaker"]) == ({"uuid": scheme["uuid"]}, "王某")
    assert [(one["code"], one["about"]) for one in found["defects"]] == [("LAW_TALK_SHORT", "20")]
    node = await ask(site.database, team.lead, "query ($id: ID!) { node(id: $id) { ... on Scheme { uuid } } }",
                     id=scheme["id"])  # fmt: skip
    assert node["node"] == {"uuid": scheme["uuid"]}


async def test_a_draft_is_sent_back_and_a_problem_names_its_article(site: Site) -> None:
    team = await team_of(site)
    draft = team.draft()
    await acts(team, "draftScheme", "scheme { uuid }", **told(draft))
    returned = await acts(team, "returnScheme", "scheme { returnedReason returnedAt }", team.lead,
                          operationId=str(uuid4()), schemeId=str(draft.id), reason="补充探放水内容")  # fmt: skip
    assert returned["scheme"]["returnedReason"] == "补充探放水内容"
    outside = told(team.draft())
    outside["items"][0]["power"] = "TAXES"
    refused = await acts(team, "draftScheme", "scheme { uuid }", **outside)
    assert refused["problem"]["code"] == "ITEM_OUTSIDE_POWERS"
    assert "实施意见三（十四）1" in refused["problem"]["message"]


async def test_an_inspection_without_a_scheme_is_kept_shown_and_linked(site: Site) -> None:
    team = await team_of(site)
    asked = opening(site, [team.lead, team.inspector])
    await team.acts(inspections.open_inspection, team.lead, opening=asked)
    text = "{ inspectionsWithoutScheme { edges { node { inspection { uuid } defects { code madeGoodBy } } } } }"
    edges = (await ask(site.database, team.lead, text))["inspectionsWithoutScheme"]["edges"]
    lead = str(team.lead.account_id)
    assert [edge["node"] for edge in edges] == [{
        "inspection": {"uuid": str(asked.id)},
        "defects": [{"code": "SCHEME_MISSING", "madeGoodBy": lead}, {"code": "LAW_TALK_MISSING", "madeGoodBy": lead}],
    }]  # fmt: skip
    scheme = await team.drafts()
    linked = await acts(team, "linkScheme", "scheme { inspection { uuid } }", schemeId=str(scheme.id),
                        inspectionId=str(asked.id))  # fmt: skip
    assert linked["scheme"]["inspection"] == {"uuid": str(asked.id)}
    assert (await ask(site.database, team.lead, text))["inspectionsWithoutScheme"]["edges"] == []
    found = (await ask(site.database, team.lead, PREPARATION, id=str(asked.id)))["inspectionPreparation"]
    assert [one["code"] for one in found["defects"]] == ["SCHEME_NOT_YET_APPROVED", "LAW_TALK_MISSING"]


async def test_the_burden_meter_shows_the_count_its_sources_and_the_caps(site: Site) -> None:
    team = await team_of(site)
    head = await site.person(Role.AGENCY_HEAD)
    classed = await acts(team, "classifyMine", "classed { mineId mineClass fromDay reason }", head,
                         operationId=str(uuid4()), mineId=str(site.mine), mineClass="A", fromDay="2026-01-01",
                         reason="四季度分类")  # fmt: skip
    assert classed["classed"]["mineClass"] == "A"
    await team.inspected(2)
    meter = (await ask(site.database, team.lead, BURDEN, mine=str(site.mine)))["burdenMeter"]
    assert (meter["year"], meter["total"], meter["planned"], meter["mineClass"]) == (2026, 2, 2, "A")
    assert (meter["cap"]["most"], meter["cap"]["article"], meter["classCap"]) == (
        12, "矿安〔2025〕14号一", {"most": 2, "settled": False},
    )  # fmt: skip
    assert len(meter["checks"]) == 2
    refused = await acts(team, "draftScheme", "scheme { uuid }", **told(team.draft()))
    assert refused["problem"]["code"] == "TOO_MANY_CHECKS"
    far = await site.person(Role.INSPECTOR, county=ZHONGSHAN)
    assert await codes(site.database, far, BURDEN, mine=str(site.mine)) == {"NOT_FOUND"}


async def test_powers_and_proposals_are_told(site: Site) -> None:
    team = await team_of(site)
    powers = "{ enforcementPowers { key name article ground handling inForceFrom } }"
    found = (await ask(site.database, team.lead, powers))["enforcementPowers"]
    assert "RECHECK" in {one["key"] for one in found}
    assert (await ask(site.database, team.lead, '{ enforcementPowers(on: "2024-01-01") { key } }')) == {
        "enforcementPowers": []
    }
    text = "query ($mine: UUID!) { schemeProposals(mineId: $mine) { power text side underground manner why } }"
    proposed = (await ask(site.database, team.lead, text, mine=str(site.mine)))["schemeProposals"]
    assert {one["why"] for one in proposed} == {"HIGH_GAS", "PRODUCING", ""}
    finding = await (await make_check(site)).finds()
    first = (await ask(site.database, team.lead, text, mine=str(site.mine)))["schemeProposals"][0]
    assert (first["power"], first["why"]) == ("RECHECK", str(finding.id))
    assert first["text"].endswith("1201综采工作面回风隅角甲烷传感器断线")


async def test_whoever_may_not_read_schemes_gets_none(site: Site) -> None:
    team = await team_of(site)
    await team.drafts()
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    assert await codes(site.database, principal, LIST) == {"NOT_ALLOWED"}
    far = await site.person(Role.INSPECTOR, county=ZHONGSHAN)
    assert (await ask(site.database, far, LIST))["schemes"]["edges"] == []


async def test_the_number_of_statements_does_not_grow_with_the_list_or_the_scheme(site: Site) -> None:
    heard = statements_of(site.database)  # Before the first use: open connections are not heard.
    team = await team_of(site)
    counts = []
    for many in (1, 9):
        for _ in range(many):
            await team.drafts()
        await ask(site.database, team.lead, LIST)  # Opens the connections, which ask a few things of their own.
        heard.clear()
        found = (await ask(site.database, team.lead, LIST))["schemes"]["edges"]
        counts.append((len(found), len(heard)))
    assert counts == [(1, 3), (10, 3)], heard
    acts_of = []
    for many in (1, 20):
        draft = team.draft()
        more = tuple(type(one)(**{**{name: getattr(one, name) for name in one.__slots__}, "id": uuid4()})
                     for one in draft.items for _ in range(many))  # fmt: skip
        heard.clear()
        await team.drafts(items=more)
        acts_of.append(len(heard))
    assert acts_of[0] == acts_of[1], heard
