"""Tests of matters of conduct and of the record of duty in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.casework.conduct.tables import ConductOutcome, ConductTurn, MatterKind
from storage.record.actor import Actor, Role
from tests.counting import statements_of
from tests.factories.conduct import WHO, Agency, make_agency
from tests.graphql_schema.asking import ask, codes
from tests.sites import ZHONGSHAN, Site

STEP = "id uuid kind at recordedAt recordedBy words outcome grounds organ subjectId evidenceIds"
MATTER = f"""id uuid kind officerId mineId about subjectId reference asOf state granted decidedAt openedBy openedAt
  steps {{ {STEP} }} deadlines {{ id key article ends alarm settled note metAt }}"""
LIST = f"""query ($kind: ConductMatterKind, $officer: UUID, $open: Boolean = false) {{
  conductMatters(first: 20, kind: $kind, officerId: $officer, openOnly: $open) {{ edges {{ node {{ {MATTER} }} }} }}
}}"""
DEED = "id entryId kind at subjectId mineId position"
RECORD = f"""query ($account: UUID!) {{
  dutyRecord(accountId: $account, from: "2026-11-01", to: "2026-12-31") {{
    id accountId firstDay lastDay inspectionsNamed itemsAllotted itemsAnswered measuresFollowed
    counts {{ id kind count }} undone {{ id code subjectId article key since dueAt }}
  }}
  deeds(accountId: $account, from: "2026-11-01", to: "2026-12-31", first: 5) {{ edges {{ node {{ {DEED} }} }} }}
}}"""
ON_RECORD = f"query ($id: UUID!) {{ conductOnRecord(matterId: $id) {{ edges {{ node {{ {DEED} }} }} }} }}"
GROUNDS = "{ conductGrounds(of: EXEMPTION) { id key of title article inForceFrom settled note } }"


async def acts(agency: Agency, by: Actor, name: str, fields: str = f"matter {{ {MATTER} }}", **input: Any) -> Any:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code message }} }} }}"
    return (await ask(agency.site.database, by, text, input=input))[name]


async def takes(agency: Agency, by: Actor, matter: str, kind: str, **given: Any) -> Any:
    usual = {"id": str(uuid4()), "matterId": matter, "kind": kind, "words": "说明情况如下"}
    return await acts(agency, by, "takeConductStep", **(usual | given))


async def test_an_exemption_is_asked_accounted_for_and_found_by_two(site: Site) -> None:
    agency = await make_agency(site)
    officer, second = agency.officer, await site.person(Role.AGENCY_HEAD)
    piece = str(await agency.check.piece())
    opened = await acts(
        agency, officer, "openExemption", id=str(uuid4()), officerId=str(officer.account_id), about="ACCIDENT",
        words="甲煤矿瓦斯事故", mineId=str(site.mine), reference="“11·20”事故",
    )  # fmt: skip
    matter = opened["matter"]
    assert (matter["kind"], matter["state"], matter["asOf"], matter["reference"]) == (
        "EXEMPTION", "OPEN", None, "“11·20”事故",
    )  # fmt: skip
    assert [(one["key"], one["settled"]) for one in matter["deadlines"]] == [
        ("exemption_account", False),
        ("exemption_finding", False),
    ]
    id = matter["uuid"]
    await takes(agency, officer, id, "ACCOUNT_GIVEN", evidenceIds=[piece])
    refused = await takes(agency, agency.head, id, "FOUND", outcome="EXEMPT")
    assert refused["problem"]["code"] == "CONDUCT_GROUND_MISSING"
    assert "三（十七）" in refused["problem"]["message"]
    await takes(agency, agency.head, id, "FOUND", outcome="EXEMPT", grounds=["DUTY_DONE"])
    done = (await takes(agency, second, id, "CONFIRMED"))["matter"]
    assert (done["state"], [one["kind"] for one in done["steps"]]) == (
        "SETTLED", ["OPENED", "ACCOUNT_GIVEN", "FOUND", "CONFIRMED"],
    )  # fmt: skip
    assert done["steps"][1]["evidenceIds"] == [piece]
    assert done["steps"][3]["subjectId"] == done["steps"][2]["uuid"]
    assert all(one["metAt"] for one in done["deadlines"])
    node = "query ($id: ID!) { node(id: $id) { ... on ConductMatter { uuid state } } }"
    assert (await ask(site.database, officer, node, id=done["id"]))["node"] == {"uuid": id, "state": "SETTLED"}
    assert (await ask(site.database, agency.check.lead, node, id=done["id"]))["node"] is None


async def test_what_stood_on_record_is_read_by_him_and_his_head_and_only_of_an_exemption(site: Site) -> None:
    agency = await make_agency(site)
    await agency.check.finds(by=agency.officer)
    matter = await agency.opens(agency.officer, MatterKind.EXEMPTION, mine_id=site.mine)
    for reader in (agency.officer, agency.head, agency.auditor):
        edges = (await ask(site.database, reader, ON_RECORD, id=str(matter.id)))["conductOnRecord"]["edges"]
        assert [edge["node"]["kind"] for edge in edges] == ["finding.recorded"]
    assert await codes(site.database, agency.check.lead, ON_RECORD, id=str(matter.id)) == {"NOT_FOUND"}


async def test_a_proposal_and_a_recusal_are_told_whole(site: Site) -> None:
    agency = await make_agency(site)
    officer = str(agency.officer.account_id)
    proposed = await acts(
        agency, agency.auditor, "proposeAccountability", id=str(uuid4()), officerId=officer, words="发现重大隐患未处理",
        grounds=["MAJOR_HAZARD_LEFT"], mineId=str(site.mine), about="INSPECTION", subjectId=str(agency.check.id),
    )  # fmt: skip
    assert proposed["matter"]["steps"][0]["grounds"] == ["MAJOR_HAZARD_LEFT"]
    told = await takes(agency, agency.head, proposed["matter"]["uuid"], "TOLD", at="2026-11-24T07:00:00.000Z")
    assert (told["matter"]["state"], told["matter"]["steps"][1]["at"]) == ("TOLD", "2026-11-24T07:00:00.000Z")
    asked = await acts(
        agency, agency.principal, "requestRecusal", id=str(uuid4()), officerId=officer, about="INSPECTION",
        subjectId=str(agency.check.id), words="系我矿股东的近亲属", grounds=["KIN"],
    )  # fmt: skip
    refused = await takes(agency, agency.officer, asked["matter"]["uuid"], "DECIDED", outcome="REFUSED")
    assert refused["problem"]["code"] == "NOT_ALLOWED"
    decided = await takes(agency, agency.head, asked["matter"]["uuid"], "DECIDED", outcome="GRANTED")
    assert (decided["matter"]["granted"], decided["matter"]["decidedAt"]) == (True, "2026-11-24T08:00:00.000Z")
    listed = (await ask(site.database, agency.principal, LIST))["conductMatters"]["edges"]
    assert [edge["node"]["kind"] for edge in listed] == ["RECUSAL"]
    listed = await ask(site.database, agency.head, LIST, kind="PROPOSAL", officer=officer, open=True)
    assert [edge["node"]["state"] for edge in listed["conductMatters"]["edges"]] == ["TOLD"]


async def test_a_complaint_hides_who_complained_until_it_is_opened_with_a_trace(site: Site) -> None:
    agency = await make_agency(site)
    made = await acts(
        agency, agency.check.lead, "complainAboutOfficer", id=str(uuid4()), officerId=str(agency.officer.account_id),
        words="检查时收受礼品", mineId=str(site.mine), complainant={"name": WHO.name, "contact": WHO.contact},
    )  # fmt: skip
    id = made["matter"]["uuid"]
    fields = "complainant { id name contact }"
    found = await acts(agency, agency.head, "openComplainant", fields, matterId=id)
    assert (found["complainant"]["name"], found["complainant"]["contact"]) == (WHO.name, WHO.contact)
    assert "conduct.complainant_opened" in await site.entries()
    hidden = await acts(agency, agency.officer, "openComplainant", fields, matterId=id)
    assert (hidden["complainant"], hidden["problem"]["code"]) == (None, "NOT_FOUND")
    assert (await ask(site.database, agency.officer, LIST))["conductMatters"]["edges"] == []
    accepted = await takes(agency, agency.head, id, "ACCEPTED")
    assert [one["key"] for one in accepted["matter"]["deadlines"]] == ["complaint_acceptance", "complaint_answer"]


async def test_the_record_of_duty_is_told_to_himself_and_his_head(site: Site) -> None:
    agency = await make_agency(site)
    finding = await agency.check.finds()
    account = str(agency.check.lead.account_id)
    found = await ask(site.database, agency.head, RECORD, account=account)
    record = found["dutyRecord"]
    assert (record["inspectionsNamed"], record["itemsAllotted"], record["itemsAnswered"]) == (1, 0, 0)
    assert [(one["kind"], one["count"]) for one in record["counts"]] == [
        ("finding.recorded", 1),
        ("inspection.opened", 1),
    ]
    assert {edge["node"]["kind"] for edge in found["deeds"]["edges"]} == {"finding.recorded", "inspection.opened"}
    assert record["undone"] == []
    own = (await ask(site.database, agency.officer, RECORD, account=str(agency.officer.account_id)))["dutyRecord"]
    assert [(one["code"], one["article"]) for one in own["undone"]] == [
        ("INSPECTION_NOT_JOINED", "行政处罚法第四十二条")
    ]
    assert finding.id
    assert await codes(site.database, agency.officer, RECORD, account=account) == {"NOT_ALLOWED"}
    far = await site.person(Role.AGENCY_HEAD, county=ZHONGSHAN)
    assert await codes(site.database, far, RECORD, account=account) == {"NOT_FOUND"}
    wrong = RECORD.replace("2026-11-01", "2025-11-01")
    assert await codes(site.database, agency.head, wrong, account=account) == {"BAD_INPUT"}


async def test_the_grounds_of_a_day_are_told_with_their_articles(site: Site) -> None:
    agency = await make_agency(site)
    found = (await ask(site.database, agency.officer, GROUNDS))["conductGrounds"]
    assert {one["of"] for one in found} == {"EXEMPTION"}
    assert next(one for one in found if one["key"] == "ORDER_FROM_ABOVE")["article"] == "公务员法第六十条"
    assert await codes(site.database, None, GROUNDS) == {"UNAUTHENTICATED"}
    early = '{ conductGrounds(on: "2019-01-01") { key } }'
    assert (await ask(site.database, agency.officer, early))["conductGrounds"] == []


async def test_the_number_of_statements_does_not_grow_with_the_list(site: Site) -> None:
    heard = statements_of(site.database)
    agency = await make_agency(site)
    counts = []
    for many in (1, 9):
        for _ in range(many):
            matter = await agency.recusal()
            await agency.takes(agency.head, matter.id, ConductTurn.DECIDED, outcome=ConductOutcome.REFUSED)
        await ask(site.database, agency.head, LIST)  # Opens the connections, which ask a few things of their own.
        heard.clear()
        found = (await ask(site.database, agency.head, LIST))["conductMatters"]["edges"]
        counts.append((len(found), len(heard)))
    assert [many for many, _ in counts] == [1, 10]
    assert counts[0][1] == counts[1][1], heard
