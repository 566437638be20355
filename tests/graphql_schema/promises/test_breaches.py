"""Tests of breaches in GraphQL: from the finding to what follows, and as a heavier ground in a case of the mine."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from graphql_schema.pages import global_id
from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed, NotSignedIn
from tests.factories.breaches import GAS, YEAR, Broken, broken_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

BREACH = """id uuid mineId commitmentId year key title clauseDigest source sourceId day findings state words foundBy
  foundAt accepted answer correctBy evidenceIds answeredBy answeredAt stands decision decidedBy decidedAt correction
  correctedBy correctedAt deadlines { id key article start ends metAt }"""
CONSEQUENCE = "id uuid mineId kind against breaches words proposedBy proposedAt approved decision decidedBy decidedAt"
LISTED = f"query ($mine: UUID, $undecided: Boolean!) {{ breaches(mineId: $mine, undecided: $undecided)" \
         f" {{ edges {{ cursor node {{ {BREACH} }} }} pageInfo {{ hasNextPage }} }} }}"  # fmt: skip
FOLLOWS = f"{{ breachConsequences(first: 5) {{ edges {{ node {{ {CONSEQUENCE} }} }} }} }}"
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"


@pytest.fixture
async def broken(site: Site) -> Broken:
    return await broken_of(site)


async def acts(broken: Broken, actor: Actor, name: str, **input: Any) -> dict[str, Any]:
    """What came of an act; asked twice, it is one act."""
    kind, database = name[0].upper() + name[1:], broken.site.database
    follows = "Consequence" in name
    fields = f"consequence {{ {CONSEQUENCE} }}" if follows else f"breach {{ {BREACH} }}"
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(database, actor, text, input=given))[name]
    assert (await ask(database, actor, text, input=given))[name] == payload
    if payload["problem"]:
        return {"code": payload["problem"]["code"]}
    told: dict[str, Any] = payload["consequence" if follows else "breach"]
    return told


async def found(broken: Broken, finding: UUID, **changes: Any) -> dict[str, Any]:
    given = {
        "mineId": str(broken.site.mine), "key": GAS, "source": "FINDING", "sourceId": str(finding),
        "words": "总回风瓦斯超过承诺限值",
    }  # fmt: skip
    return await acts(broken, broken.check.lead, "findBreach", **(given | changes))


async def test_a_breach_goes_from_its_finding_to_what_follows(broken: Broken) -> None:
    finding = await broken.check.finds()
    one = await found(broken, finding.id)
    assert (one["state"], one["key"], one["year"], one["title"]) == ("FOUND", GAS, YEAR, "总回风瓦斯浓度")
    assert [each["key"] for each in one["deadlines"]] == ["breach_answered_in"]
    id = one["uuid"]
    answered = await acts(broken, broken.principal, "answerBreach", breachId=id, accepts=False, words="正在校验传感器")
    assert (answered["state"], answered["accepted"]) == ("ANSWERED", False)
    stands = await acts(broken, broken.check.inspector, "decideBreach", breachId=id, stands=True, words="校验无记录")
    assert (stands["state"], stands["stands"]) == ("STANDS", True)
    assert all(each["metAt"] for each in stands["deadlines"])
    proposed = await acts(
        broken, broken.check.lead, "proposeBreachConsequence", mineId=str(broken.site.mine), kind="BLACKLIST_PROPOSAL",
        against="PRINCIPAL", breaches=[id], words="多次不履行承诺",
    )  # fmt: skip
    assert (proposed["kind"], proposed["approved"]) == ("BLACKLIST_PROPOSAL", None)
    decided = await acts(
        broken,
        broken.head,
        "decideBreachConsequence",
        consequenceId=proposed["uuid"],
        approve=True,
        words="同意提出建议",
    )
    assert decided["approved"] is True
    corrected = await acts(broken, broken.check.lead, "correctBreach", breachId=id, words="复查合格")
    assert corrected["state"] == "CORRECTED"
    for node, kind in ((one["id"], "Breach"), (proposed["id"], "BreachConsequence")):
        told = await ask(broken.site.database, broken.head, NODE, id=node)
        assert told["node"] == {"id": node, "__typename": kind}
    assert len((await ask(broken.site.database, broken.head, FOLLOWS))["breachConsequences"]["edges"]) == 1


async def test_lists_are_of_whoever_reads_them(broken: Broken) -> None:
    one = await broken.finds()
    await broken.stands(key="CLAUSE_SYSTEM")
    where = {"mine": str(broken.site.mine)}
    for undecided, count in ((True, 1), (False, 2)):
        listed = (await ask(broken.site.database, broken.head, LISTED, undecided=undecided, **where))["breaches"]
        assert len(listed["edges"]) == count
    assert listed["edges"][1]["node"]["uuid"] == str(one.id)
    miner = await broken.site.person(Role.MINER, county=None, mine_id=broken.site.mine)
    for actor, code in ((None, NotSignedIn.code), (miner, NotAllowed.code)):
        assert await codes(broken.site.database, actor, LISTED, undecided=False, **where) == {code}
        assert await codes(broken.site.database, actor, FOLLOWS) == {code}


async def test_what_a_mine_answered_is_no_other_mines_even_once_it_stands(broken: Broken) -> None:
    stands = await broken.stands()
    rival = await broken.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=broken.site.far_mine)
    told = await ask(broken.site.database, rival, NODE, id=global_id("Breach", stands.id))
    assert told == {"node": None}


async def test_a_refusal_is_a_problem_in_the_payload(broken: Broken) -> None:
    finding = await broken.check.finds()
    assert await found(broken, finding.id, key="OTHER_CLAUSE") == {"code": "CLAUSE_NOT_PROMISED"}
    assert await found(broken, finding.id, words="短") == {"code": "BAD_INPUT"}
    assert await found(broken, uuid4()) == {"code": "NOT_FOUND"}
    one = await found(broken, finding.id)
    assert await found(broken, finding.id) == {"code": "BREACH_FOUND_BEFORE"}
    deciding = {"breachId": one["uuid"], "stands": True, "words": "认定属实"}
    assert await acts(broken, broken.check.lead, "decideBreach", **deciding) == {"code": "BREACH_TAKES_TWO"}
    assert await acts(broken, broken.check.inspector, "decideBreach", **deciding) == {"code": "BREACH_ANSWER_DUE"}
    assert await acts(broken, broken.principal, "decideBreach", **deciding) == {"code": "NOT_ALLOWED"}
