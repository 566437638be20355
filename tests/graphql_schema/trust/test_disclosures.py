"""Tests of disclosures in GraphQL: previewed and published at the desk, read by anybody through the public's role."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.disclosures import verify_bundle
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.problems import NotAllowed, NotFound, NotSignedIn
from storage.record.work import perform
from storage.trust.disclosures import ending
from tests.counting import statements_of
from tests.factories.breaches import broken_of
from tests.factories.disclosures import Publishing, served
from tests.graphql_schema.asking import EXECUTOR, ask, codes
from tests.sites import NOW, Site

PREVIEW = """query ($id: UUID!, $worded: [WordedInput!]) { disclosurePreview(sourceKind: DECISION, sourceId: $id,
  worded: $worded) { id kind content digest takenOut { id member article why } worded basis dueOn late shownUntil } }"""
DISCLOSURE = """id uuid kind sourceKind sourceId caseId mineId state edition publishedBy publishedAt dueOn late
  shownUntil events { id ordinal kind basis reason edition digest at entry }"""
LIST = f"query ($mine: UUID) {{ disclosures(mineId: $mine) {{ edges {{ node {{ {DISCLOSURE} }} }} }} }}"
COUNTS = """query ($since: DateTime!, $until: DateTime!) { disclosureCounts(since: $since, until: $until) { id year
  quarter kind due published publishedLate withheld { id article count } fell waiting overdue } }"""
DUTIES = "{ disclosureDuties { id sourceKind sourceId kind caseId mineId article startAt dueOn overdue } }"
SHOWN = """id uuid kind disputed edition county agency mineUuid mine party creditCode number title day amount
  publishedAt changedAt late dueOn shownUntil digest"""
GONE = "id uuid kind goneAs basis reason publishedAt goneAt"
PAGE = f"""query ($id: UUID!) {{ publicDisclosure(uuid: $id) {{ id uuid shown {{ {SHOWN} }} content
  takenOut {{ member why }} gone {{ {GONE} }} events {{ kind reason }} bundle }} }}"""
SEARCH = f"""query ($sought: SoughtInput, $first: Int, $after: String) {{ publicDisclosures(sought: $sought,
  first: $first, after: $after) {{ edges {{ cursor node {{ {SHOWN} }} }}
  pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"""
DELETIONS = f"{{ publicDeletions {{ edges {{ node {{ {GONE} }} }} }} }}"


@pytest.fixture
async def made(site: Site) -> Publishing:
    return await served(site)


async def acts(made: Publishing, actor: Actor, name: str, fields: str = DISCLOSURE, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
    if payload["problem"] is None:
        again: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
        assert payload == again  # A replay answers as before.
    return payload


async def anybody(means: Means, text: str, **variables: Any) -> dict[str, Any]:
    """Nobody is signed in, and the API's own database is out of reach."""
    nowhere = Database("postgresql://pithead_api:a@127.0.0.1:9/none", pool_size=1)
    answer = await EXECUTOR.answer(Request(text, variables), Context(None, nowhere, lambda: NOW, means=means))
    assert answer.errors == [], answer.errors
    data: dict[str, Any] = answer.data
    return data


async def published(made: Publishing) -> dict[str, Any]:
    found = (await ask(made.database, made.officer, PREVIEW, id=str(made.decision)))["disclosurePreview"]
    told = await acts(
        made, made.officer, "publishDisclosure", f"disclosure {{ {DISCLOSURE} }}", sourceKind="DECISION",
        sourceId=str(made.decision), digest=found["digest"],
    )  # fmt: skip
    disclosure: dict[str, Any] = told["disclosure"]
    return disclosure


async def test_what_is_previewed_is_published_and_read_by_anybody_with_its_proof(
    made: Publishing, public_database: Database, workers: Database, keys: KeyFolder, objects: Objects
) -> None:
    preview = (await ask(made.database, made.officer, PREVIEW, id=str(made.decision)))["disclosurePreview"]
    assert (preview["kind"], preview["late"], preview["worded"]) == ("PENALTY", False, [])
    assert {one["member"] for one in preview["takenOut"]} >= {"officers", "pay_to"}
    disclosure = await published(made)
    assert (disclosure["state"], disclosure["edition"], disclosure["caseId"]) == ("SHOWN", 1, str(made.desk.id))
    means = Means(published=public_database, keys=lambda: PublicKeys.parse(keys.public()))
    page = (await anybody(means, PAGE, id=disclosure["uuid"]))["publicDisclosure"]
    assert (page["content"], page["shown"]["digest"], page["bundle"]) == (preview["content"], preview["digest"], None)
    while await sequencer.sequence(workers):
        pass
    now = datetime.now(UTC)  # The store's own clock must not be past what is locked.
    await checkpoints.show_head(workers, objects, keys, now=now, keep_until=now + timedelta(minutes=1))
    page = (await anybody(means, PAGE, id=disclosure["uuid"]))["publicDisclosure"]
    assert verify_bundle(page["bundle"].encode(), keys.public()).status is Status.VERIFIED
    assert (await anybody(means, PAGE, id=str(made.decision))) == (await anybody(means, PAGE, id=str(uuid4())))


async def test_anybody_searches_goes_on_and_follows_what_was_taken_down(
    made: Publishing, public_database: Database
) -> None:
    disclosure, means = await published(made), Means(published=public_database)
    for sought, count in (
        (None, 1), ({"words": "瓦斯"}, 1), ({"words": "顶板"}, 0), ({"kind": "RESULT"}, 0), ({"least": "1000000"}, 1),
        ({"most": "999999"}, 0), ({"region": "520281", "year": 2026}, 1),
    ):  # fmt: skip
        found = (await anybody(means, SEARCH, sought=sought, first=1))["publicDisclosures"]
        assert len(found["edges"]) == count, sought
    found = (await anybody(means, SEARCH, first=1))["publicDisclosures"]
    assert found["pageInfo"]["hasNextPage"] is False
    behind = (await anybody(means, SEARCH, after=found["pageInfo"]["endCursor"]))["publicDisclosures"]
    assert (behind["edges"], behind["pageInfo"]["hasPreviousPage"]) == ([], True)
    withdrawn = await acts(
        made, made.officer, "withdrawDisclosure", f"disclosure {{ {DISCLOSURE} }}", disclosureId=disclosure["uuid"],
        ground="PUBLISHED_IN_ERROR", reason="重复公示",
    )  # fmt: skip
    assert withdrawn["disclosure"]["state"] == "WITHDRAWN"
    page = (await anybody(means, PAGE, id=disclosure["uuid"]))["publicDisclosure"]
    assert (page["shown"], page["content"], page["gone"]["reason"]) == (None, None, "重复公示")
    (gone,) = (await anybody(means, DELETIONS))["publicDeletions"]["edges"]
    assert gone["node"]["uuid"] == disclosure["uuid"]
    restored = await acts(
        made, made.officer, "restoreDisclosure", f"disclosure {{ {DISCLOSURE} }}", disclosureId=disclosure["uuid"],
        reason="误撤",
    )  # fmt: skip
    assert [one["kind"] for one in restored["disclosure"]["events"]] == ["PUBLISHED", "WITHDRAWN", "RESTORED"]


async def test_a_forged_cursor_is_refused(public_database: Database) -> None:
    nowhere = Context(None, None, lambda: NOW, means=Means(published=public_database))
    for forged in ("x", "AAAA", "", "/" * 50):
        answer = await EXECUTOR.answer(Request(SEARCH, {"after": forged}), nowhere)
        assert set(answer.codes) == {"BAD_CURSOR"}, forged


async def test_a_refusal_is_a_problem_in_the_payload(made: Publishing) -> None:
    source = {"sourceKind": "DECISION", "sourceId": str(made.decision)}
    for digest, code in (("00" * 32, "COPY_STALE"), ("zz", "BAD_INPUT"), ("00", "BAD_INPUT")):
        told = await acts(made, made.officer, "publishDisclosure", "disclosure { uuid }", digest=digest, **source)
        assert told == {"disclosure": None, "problem": {"code": code}}
    text = [{"member": "facts", "text": "请联系13800138000"}]
    assert await codes(made.database, made.officer, PREVIEW, id=str(made.decision), worded=text) == {
        "PERSONAL_DATA_FOUND"
    }
    disclosure = await published(made)
    for name, given, code in (
        ("correctDisclosure", {"digest": json.dumps(0) * 64, "reason": "更正"}, "COPY_STALE"),
        ("disputeDisclosure", {}, "NOTHING_DISPUTED"),
        ("withdrawDisclosure", {"ground": "DECISION_FELL", "reason": "撤销"}, "WITHDRAWAL_UNREASONED"),
        ("restoreDisclosure", {"reason": "误撤"}, "STILL_SHOWN"),
    ):
        told = await acts(
            made, made.officer, name, "disclosure { uuid }", disclosureId=disclosure["uuid"], **given
        )  # fmt: skip
        assert told == {"disclosure": None, "problem": {"code": code}}, name


async def test_a_duty_is_told_counted_and_withheld(made: Publishing, workers: Database) -> None:
    await perform(workers, keeper(), NOW, ending.derive_duties, limit=100)
    duties = (await ask(made.database, made.officer, DUTIES))["disclosureDuties"]
    assert [(one["kind"], one["overdue"]) for one in duties] == [("PENALTY", False), ("RESULT", False)]
    told = await acts(
        made, made.desk.head, "withholdDisclosure", "withheld { id uuid article reason withheldBy withheldAt }",
        sourceKind="DECISION", sourceId=str(made.decision), ground="NO_SOCIAL_IMPACT", reason="没有一定社会影响",
    )  # fmt: skip
    assert told["withheld"]["article"] == "行政处罚法第四十八条"
    span = {"since": "2026-10-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}
    counts = (await ask(made.database, made.officer, COUNTS, **span))["disclosureCounts"]
    penalties = next(one for one in counts if one["kind"] == "PENALTY")
    assert (penalties["year"], penalties["quarter"], penalties["due"], penalties["published"]) == (2026, 4, 1, 0)
    assert [(one["article"], one["count"]) for one in penalties["withheld"]] == [("行政处罚法第四十八条", 1)]


async def test_lists_take_one_statement_and_one_for_what_became_of_all(made: Publishing) -> None:
    disclosure = await published(made)
    fresh = Database(made.database.engine.url.render_as_string(hide_password=False).replace("+asyncpg", ""))
    heard = statements_of(fresh)
    found = (await ask(fresh, made.officer, LIST, mine=str(made.site.mine)))["disclosures"]["edges"]
    assert [one["node"]["uuid"] for one in found] == [disclosure["uuid"]]
    assert len([text for text in heard if "disclosure" in text]) == 2
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await ask(fresh, made.officer, node, id=disclosure["id"]))["node"] == {"id": disclosure["id"]}
    await fresh.close()


async def test_who_may_not_is_told_so(made: Publishing) -> None:
    miner = await made.site.person(Role.MINER, county=None, mine_id=made.site.mine)
    far = await made.site.person(Role.LEAD, county="520201")
    for text, given in ((PREVIEW, {"id": str(made.decision)}), (LIST, {}), (DUTIES, {})):
        assert await codes(made.database, None, text, **given) == {NotSignedIn.code}
        assert await codes(made.database, miner, text, **given) == {NotAllowed.code}
    assert await codes(made.database, far, PREVIEW, id=str(made.decision)) == {NotFound.code}


async def test_a_commitment_and_its_breach_are_published_with_proofs_that_hold_offline(
    site: Site, public_database: Database, workers: Database, keys: KeyFolder, objects: Objects
) -> None:
    broken, officer = await broken_of(site), await site.person(Role.INSPECTOR)
    breach = await broken.stands()
    given = f"""mutation ($input: PublishDisclosureInput!) {{ publishDisclosure(input: $input) {{
      disclosure {{ {DISCLOSURE} }} problem {{ code }} }} }}"""
    uuids = []
    for kind, id in (("COMMITMENT", broken.commitment), ("BREACH", breach.id)):
        found = (await ask(site.database, officer, PREVIEW.replace("DECISION", kind), id=str(id)))["disclosurePreview"]
        assert (found["kind"], found["dueOn"] is not None) == (kind, True)
        said = {"operationId": str(uuid4()), "sourceKind": kind, "sourceId": str(id), "digest": found["digest"]}
        told = (await ask(site.database, officer, given, input=said))["publishDisclosure"]
        assert (told["problem"], told["disclosure"]["kind"]) == (None, kind)
        uuids.append(told["disclosure"]["uuid"])
    while await sequencer.sequence(workers):
        pass
    now = datetime.now(UTC)  # The store's own clock must not be past what is locked.
    await checkpoints.show_head(workers, objects, keys, now=now, keep_until=now + timedelta(minutes=1))
    means = Means(published=public_database, keys=lambda: PublicKeys.parse(keys.public()))
    for uuid in uuids:
        page = (await anybody(means, PAGE, id=uuid))["publicDisclosure"]
        assert verify_bundle(page["bundle"].encode(), keys.public()).status is Status.VERIFIED
