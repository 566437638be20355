"""Tests of credit in GraphQL: every field and act of repairs, entries of the blacklist, removals and sanctions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.work import perform
from storage.trust.credit import removals
from storage.trust.disclosures.operations import Wording
from tests.factories.credit import LATER, PLEDGE, Credit, credit_of
from tests.graphql_schema.asking import EXECUTOR
from tests.sites import NOW, Site

REPAIR = """id uuid mineId disclosureUuid caseId grade article words proofIds measureIds pledge pledgeId received
  askedBy askedAt dueOn favoured examination examinedBy examinedAt granted decision decidedBy decidedAt
  restoredFor restoration restoredBy restoredAt"""
REMOVAL = """id uuid blacklistingId words proofIds received askedBy askedAt dueOn granted decision decidedBy decidedAt
  restoredFor restoration restoredBy restoredAt"""
SANCTION = (
    "id uuid blacklistingId mineId agency named asked basis dueOn askedBy askedAt done answer answeredOn answeredBy"
)
ENTRY = f"""id uuid mineId subject personId caseId decisionId consequenceId ground article words state proposedBy
  proposedAt telling toldAt answerEnds answer evidenceIds heard answeredAt dueOn entered decision decidedBy decidedAt
  disclosureUuid until endedAt withdrawnFor withdrawal removals {{ {REMOVAL} }} sanctions {{ {SANCTION} }}"""
PREVIEW = """query ($id: UUID!) { blacklistingPreview(blacklistingId: $id) { id content digest
  takenOut { id member why } } }"""


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def ask(credit: Credit, actor: Actor, text: str, at: datetime = NOW, **variables: Any) -> dict[str, Any]:
    answer = await EXECUTOR.answer(Request(text, variables), Context(actor, credit.site.database, lambda: at))
    assert answer.errors == [], answer.errors
    data: dict[str, Any] = answer.data
    return data


async def codes(credit: Credit, actor: Actor, text: str, **variables: Any) -> set[str]:
    context = Context(actor, credit.site.database, lambda: NOW)
    return set((await EXECUTOR.answer(Request(text, variables), context)).codes)


async def acts(credit: Credit, actor: Actor, name: str, fields: str, *, at: datetime = NOW, **input: Any) -> Any:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload = (await ask(credit, actor, text, at, input=given))[name]
    if payload["problem"] is None:
        assert payload == (await ask(credit, actor, text, at, input=given))[name]  # A replay answers as before.
    return payload


async def test_令36_a_mine_asks_an_officer_examines_and_the_head_decides(credit: Credit) -> None:
    outlook = """query ($id: UUID!) { repairOutlook(disclosureId: $id) { id disclosureUuid grade article shortestUntil
      obstacles excluded } }"""
    found = (await ask(credit, credit.clerk, outlook, id=str(credit.shown)))["repairOutlook"]
    assert (found["grade"], found["shortestUntil"], found["obstacles"], found["excluded"]) == (
        "ORDINARY", "2027-02-24", ["FINE_UNPAID"], None,
    )  # fmt: skip
    given: dict[str, Any] = {
        "disclosureId": str(credit.shown), "words": "已整改到位", "proofIds": [str(credit.piece)], "pledge": PLEDGE,
    }  # fmt: skip
    early = await acts(credit, credit.principal, "askRepair", "repair { uuid }", **given)
    assert early == {"repair": None, "problem": {"code": "REPAIR_TOO_EARLY"}}
    await credit.pays()
    asked = (await acts(credit, credit.principal, "askRepair", f"repair {{ {REPAIR} }}", at=LATER, **given))["repair"]
    id = asked["uuid"]
    examined = await acts(
        credit, credit.officer, "examineRepair", f"repair {{ {REPAIR} }}", at=LATER, repairId=id, favoured=True,
        words="整改属实",
    )  # fmt: skip
    assert (examined["repair"]["favoured"], examined["repair"]["examination"]) == (True, "整改属实")
    own = f"{{ ownCreditRepairs {{ edges {{ node {{ {REPAIR} }} }} }} }}"
    (edge,) = (await ask(credit, credit.principal, own))["ownCreditRepairs"]["edges"]
    assert (edge["node"]["uuid"], edge["node"]["examination"], edge["node"]["examinedBy"]) == (id, None, None)
    decided = await acts(
        credit, credit.head, "decideRepair", f"repair {{ {REPAIR} }}", at=LATER, repairId=id, grant=True,
        words="准予修复",
    )  # fmt: skip
    assert decided["repair"]["granted"] is True
    restored = await acts(
        credit, credit.other_head, "restoreRepair", f"repair {{ {REPAIR} }}", at=LATER, repairId=id,
        ground="FALSE_PROOF", words="照片系伪造",
    )  # fmt: skip
    assert restored["repair"]["restoredFor"] == "FALSE_PROOF"
    listed = f"{{ creditRepairs(first: 5, undecided: false) {{ edges {{ node {{ {REPAIR} }} }} }} }}"
    assert len((await ask(credit, credit.officer, listed))["creditRepairs"]["edges"]) == 1
    node = f"query ($id: ID!) {{ node(id: $id) {{ ... on CreditRepair {{ {REPAIR} }} }} }}"
    assert (await ask(credit, credit.officer, node, id=asked["id"]))["node"]["uuid"] == id
    rival = await credit.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=credit.site.far_mine)
    assert (await ask(credit, rival, node, id=asked["id"]))["node"] is None
    assert await codes(credit, rival, outlook, id=str(credit.shown)) == {"NOT_FOUND"}
    miner = await credit.site.person(Role.MINER, county=None, mine_id=credit.site.mine)
    assert await codes(credit, miner, outlook, id=str(credit.shown)) == {"NOT_ALLOWED"}


async def proposed(credit: Credit, **changes: Any) -> str:
    given = {
        "decisionId": str(credit.made.decision),
        "ground": "OTHER_GRAVE",
        "words": "瓦斯超限仍组织生产。",
    } | changes
    told = await acts(credit, credit.officer, "proposeBlacklisting", f"blacklisting {{ {ENTRY} }}", **given)
    id: str = told["blacklisting"]["uuid"]
    await acts(credit, credit.officer, "tellBlacklisting", f"blacklisting {{ {ENTRY} }}", blacklistingId=id,
               how="直接送达，当事人签收", evidenceId=str(credit.piece))  # fmt: skip
    return id


async def entered(credit: Credit, id: str) -> dict[str, Any]:
    digest = (await ask(credit, credit.head, PREVIEW, id=id))["blacklistingPreview"]["digest"]
    told = await acts(credit, credit.head, "decideBlacklisting", f"blacklisting {{ {ENTRY} }}", blacklistingId=id,
                      enter=True, words="决定列入", digest=digest)  # fmt: skip
    entry: dict[str, Any] = told["blacklisting"]
    return entry


async def test_令11_a_mine_is_proposed_told_heard_listed_sanctioned_and_leaves(credit: Credit) -> None:
    id = await proposed(credit)
    own = f"{{ ownBlacklistings {{ {ENTRY} }} }}"
    (seen,) = (await ask(credit, credit.principal, own))["ownBlacklistings"]
    assert (seen["uuid"], seen["state"], seen["answerEnds"]) == (id, "TOLD", "2026-12-01")
    await acts(credit, credit.principal, "answerBlacklisting", f"blacklisting {{ {ENTRY} }}", blacklistingId=id,
               words="已停产整改", evidenceIds=[str(credit.piece)])  # fmt: skip
    preview = (await ask(credit, credit.head, PREVIEW, id=id))["blacklistingPreview"]
    assert {one["member"] for one in preview["takenOut"]} == {"answer", "officers"}
    entry = await entered(credit, id)
    assert (entry["state"], entry["until"], entry["decidedBy"] is None) == ("LISTED", "2029-11-24", False)
    asked = await acts(credit, credit.officer, "askSanction", f"sanction {{ {SANCTION} }}", blacklistingId=id,
                       agency="TAXES", asked="取消优惠", basis="失信惩戒备忘录", dueOn="2026-12-31")  # fmt: skip
    overdue = f"query ($is: Boolean!) {{ jointSanctions(overdue: $is) {{ edges {{ node {{ {SANCTION} }} }} }} }}"
    only: dict[str, Any] = {"is": True}
    assert (await ask(credit, credit.officer, overdue, **only))["jointSanctions"]["edges"] == []
    late = NOW + timedelta(days=60)
    assert len((await ask(credit, credit.officer, overdue, late, **only))["jointSanctions"]["edges"]) == 1
    await acts(credit, credit.officer, "answerSanction", f"sanction {{ {SANCTION} }}", words="已限制授信", done=True,
               sanctionId=asked["sanction"]["uuid"], answeredOn="2026-11-24")  # fmt: skip
    later = NOW + timedelta(days=370)
    removal = await acts(credit, credit.principal, "askBlacklistRemoval", f"removal {{ {REMOVAL} }}", at=later,
                         blacklistingId=id, words="一年未再违法", proofIds=[str(credit.piece)])  # fmt: skip
    which = removal["removal"]["uuid"]
    await acts(credit, credit.head, "decideBlacklistRemoval", f"removal {{ {REMOVAL} }}", at=later, removalId=which,
               grant=True, words="准予移出")  # fmt: skip
    undone = await acts(credit, credit.other_head, "restoreBlacklisting", f"removal {{ {REMOVAL} }}", at=later,
                        removalId=which, ground="FACTS_HIDDEN", words="隐瞒事故")  # fmt: skip
    assert undone["removal"]["restoredFor"] == "FACTS_HIDDEN"
    every = f"""query ($state: BlacklistingState) {{ blacklistings(state: $state, first: 5) {{
      edges {{ node {{ {ENTRY} }} }} }} }}"""
    (edge,) = (await ask(credit, credit.officer, every, state="LISTED"))["blacklistings"]["edges"]
    assert (len(edge["node"]["removals"]), edge["node"]["sanctions"][0]["done"]) == (1, True)
    (seen,) = (await ask(credit, credit.principal, own))["ownBlacklistings"]
    assert (len(seen["removals"]), seen["sanctions"]) == (1, []), "what others were asked is not the party's to read"
    for kind, fields, node in (
        ("Blacklisting", ENTRY, entry["id"]), ("BlacklistRemoval", REMOVAL, removal["removal"]["id"]),
        ("JointSanction", SANCTION, asked["sanction"]["id"]),
    ):  # fmt: skip
        text = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}"
        assert (await ask(credit, credit.officer, text, id=node))["node"]["id"] == node
    withdrawn = await acts(credit, credit.head, "withdrawBlacklisting", f"blacklisting {{ {ENTRY} }}", at=later,
                           blacklistingId=id, fault="LISTED_IN_ERROR", words="列入有误")  # fmt: skip
    assert withdrawn["blacklisting"]["withdrawnFor"] == "LISTED_IN_ERROR"


async def test_a_person_is_read_by_the_supervisors_of_his_next_mine_and_counted_for_the_public(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    number = uuid4().bytes * 2
    person = await credit.person(mine=credit.site.mine, post="DEPUTY_SAFETY", number=number)
    there = await credit.person(mine=credit.site.far_mine, post="MINE_MANAGER", number=number)
    await credit.listed(person=person, wording=Wording(of_age=True))
    text = """query ($mine: UUID!) { listedAtMine(mineId: $mine) { id blacklistingUuid personId name post ground article
      since until listedAtMine county } }"""
    supervisor = await credit.site.person(Role.INSPECTOR, county="520201")
    mine = str(credit.site.far_mine)
    (found,) = (await ask(credit, supervisor, text, credit.now, mine=mine))["listedAtMine"]
    assert (found["name"], found["post"], found["listedAtMine"]) == ("赵铁柱", "MINE_MANAGER", "甲煤矿")
    assert (await ask(credit, credit.officer, text, credit.now, mine=mine))["listedAtMine"] == []
    assert await codes(credit, credit.principal, text, mine=mine) == {"NOT_ALLOWED"}
    await perform(workers, keeper(), credit.now, removals.count_listed)
    means = Means(published=public_database)
    nowhere = Database("postgresql://pithead_api:a@127.0.0.1:9/none", pool_size=1)
    count = "query ($mine: UUID!) { publicListedPeople(mineUuid: $mine) }"
    context = Context(None, nowhere, lambda: NOW, means=means)
    answer = await EXECUTOR.answer(Request(count, {"mine": mine}), context)
    assert (answer.errors, answer.data) == ([], {"publicListedPeople": 1})
    assert there != person


async def test_what_waits_is_listed_and_a_refusal_is_a_problem_in_the_payload(credit: Credit) -> None:
    assert (await ask(credit, credit.officer, "{ blacklistWaiting { id } }"))["blacklistWaiting"] == []
    id = await proposed(credit)
    for name, actor, given, code in (
        ("tellBlacklisting", credit.officer, {"blacklistingId": id, "how": "再次送达"}, "PARTY_TOLD"),
        ("decideBlacklisting", credit.head, {"blacklistingId": id, "enter": True, "words": "决定列入",
                                             "digest": "00" * 32}, "PARTY_NOT_TOLD"),
        ("decideBlacklisting", credit.head, {"blacklistingId": id, "enter": True, "words": "决定列入",
                                             "digest": "zz"}, "BAD_INPUT"),
        ("answerBlacklisting", credit.clerk, {"blacklistingId": id, "words": "不同意列入"}, "NOT_THE_PARTY"),
        ("withdrawBlacklisting", credit.head, {"blacklistingId": id, "fault": "LISTED_IN_ERROR", "words": "列入有误"},
         "NOT_LISTED"),
        ("askBlacklistRemoval", credit.principal, {"blacklistingId": id, "words": "申请移出"}, "NOT_LISTED"),
        ("askSanction", credit.officer, {"blacklistingId": id, "agency": "TAXES", "asked": "取消优惠", "dueOn":
                                         "2026-12-31", "basis": "失信惩戒备忘录"}, "NOT_LISTED"),
    ):  # fmt: skip
        told = await acts(credit, actor, name, "__typename", **given)
        assert told["problem"] == {"code": code}, name
    for text in ("{ creditRepairs { edges { cursor } } }", "{ blacklistings { edges { cursor } } }",
                 "{ jointSanctions { edges { cursor } } }", "{ blacklistWaiting { id } }"):  # fmt: skip
        assert await codes(credit, credit.principal, text) == {"NOT_ALLOWED"}
