"""Tests of the court pack of a case in GraphQL: what leaves, page by page, for whom, and the PDFs of its papers."""

import base64
import urllib.request
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.casework.cases.bodies.facts import EvidenceAdded
from storage.field.evidence import packing as evidence
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.proofs import casefiles, inventories
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.ledger.proofs.places import read_proven
from storage.record.objects import Objects
from tests.factories.desk import Desk, make_desk
from tests.graphql_schema.asking import EXECUTOR
from tests.graphql_schema.casework.test_papers import OPEN, STAMP, TYPESETTER
from tests.sites import NOW, Site
from tests.storage.casework.cases.test_packing import SERVER, decided, paper, principal, shown

PACK = """mutation($input: OpenCasePackInput!) { openCasePack(input: $input) {
  case contents inventory opening behind papers { id uuid name sha256 url } recordings { uuid closing proof }
  pieces { uuid state reason url } digest endCursor problem { code message } } }"""


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def answer(desk: Desk, text: str, by: Actor | None, objects: Objects | None = None, **asked: Any) -> Any:
    means = Means(objects=objects, keys=lambda: SERVER.keys, stamp=STAMP, typesetter=TYPESETTER)
    context = Context(by, desk.site.database, lambda: NOW, means=means)
    return await EXECUTOR.answer(Request(text, {"input": asked}), context)


async def opens(desk: Desk, objects: Objects, by: Actor | None = None, **asked: Any) -> dict[str, Any]:
    said = await answer(desk, PACK, by or desk.head, objects, **({"caseId": str(desk.id)} | asked))
    assert said.errors == [], said.errors
    found: dict[str, Any] = said.data["openCasePack"]
    return found


async def code(desk: Desk, by: Actor | None, **asked: Any) -> str | None:
    said = await answer(desk, PACK, by, **({"caseId": str(desk.id)} | asked))
    problem = (said.data or {}).get("openCasePack") or {}
    return problem["problem"]["code"] if problem.get("problem") else next(iter(said.codes), None)


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:  # noqa: S310 # The store of this test.
        return bytes(response.read())


async def test_the_pack_of_a_case_has_its_file_its_contents_its_papers_and_its_evidence(
    desk: Desk, workers: Database, objects: Objects
) -> None:
    await decided(desk)
    id = str(await paper(desk))
    await shown(desk, workers)
    before = await opens(desk, objects)
    assert (id, None) in [(one["uuid"], one["url"]) for one in before["papers"]], "beside the decision"
    assert (await answer(desk, OPEN, desk.head, objects, id=id)).data["openPaper"]["problem"] is None
    await shown(desk, workers)
    found = await opens(desk, objects)
    (printed,) = (one for one in found["papers"] if one["uuid"] == id)
    assert printed["name"] == f"{id}.pdf"
    assert sha256(fetched(printed["url"])).hexdigest() == printed["sha256"]
    told = parse_canonical(bytes_of(found["case"]), casefiles.LIMIT)
    assert (told["case"], told["volume"]) == (str(desk.id), "MAIN")
    assert {one["file"] for one in told["papers"]} == {"", printed["name"]}
    page = bytes_of(found["contents"]).decode()
    assert "案卷目录" in page
    assert f'href="data/{id}.pdf"' in page
    assert "作出决定" in page or "Decided" in page
    assert [one["uuid"] for one in found["recordings"]] == [str(desk.check.recording)]
    assert (found["behind"], found["endCursor"], found["problem"]) == (0, None, None)
    entry = await desk.site.rows.fetchval("SELECT payload FROM payloads WHERE entry_id = $1", UUID(found["opening"]))
    assert found["digest"].encode() in entry
    assert sha256(bytes_of(found["inventory"])).hexdigest().encode() in entry
    told = parse_canonical(bytes_of(found["inventory"]), inventories.LIMIT)
    assert told["page"] == sha256(bytes_of(found["contents"])).hexdigest()


async def test_whoever_opened_a_pack_is_given_the_proof_of_it_and_nobody_else(
    desk: Desk, workers: Database, objects: Objects
) -> None:
    await decided(desk)
    await shown(desk, workers)
    opening = (await opens(desk, objects))["opening"]
    assert await proof(desk, desk.head, opening) is None
    await shown(desk, workers)
    entry, _ = read_proven(bytes_of(await proof(desk, desk.head, opening)), SERVER.keys.document())
    assert (entry.kind, entry.subject, entry.data["volume"]) == ("pack.opened", str(desk.id), "MAIN")
    assert await proof(desk, desk.check.lead, opening) == "NOT_FOUND"
    assert await proof(desk, None, opening) == "UNAUTHENTICATED"


async def proof(desk: Desk, by: Actor | None, opening: str) -> Any:
    """The bytes of the proof, null, or the code by which it is refused."""
    means = Means(objects=None, keys=lambda: SERVER.keys, stamp=STAMP, typesetter=TYPESETTER)
    context = Context(by, desk.site.database, lambda: NOW, means=means)
    said = await EXECUTOR.answer(
        Request("query($id: UUID!) { packOpening(id: $id) }", {"id": opening}), context
    )  # fmt: skip
    return next(iter(said.codes), None) or (said.data or {}).get("packOpening")


async def test_evidence_comes_page_by_page_and_the_file_with_the_first(
    desk: Desk, workers: Database, objects: Objects
) -> None:
    await desk.file()
    pieces = tuple([await desk.check.piece() for _ in range(3)])
    for one in pieces:
        await desk.site.put("statements", evidence_id=one, statement=b"{}", signature=b"")
    await desk.take(EvidenceAdded(name="照片", proves="超限", evidence=pieces), party=None)
    await shown(desk, workers)
    first = await opens(desk, objects, first=2)
    rest = await opens(desk, objects, first=2, after=first["endCursor"])
    assert (len(first["pieces"]), len(rest["pieces"])) == (2, 1)
    assert all(one["reason"] and one["url"] is None for one in (*first["pieces"], *rest["pieces"])), "not arrived"
    assert first["case"] is not None
    assert (rest["case"], rest["contents"], rest["papers"], rest["recordings"]) == (None, None, [], [])


async def test_each_refusal_is_told_by_its_code(desk: Desk, workers: Database) -> None:
    await decided(desk, served=False)
    await shown(desk, workers)
    own = await principal(desk)
    assert await code(desk, None) == "UNAUTHENTICATED"
    assert await code(desk, own) == "DECISION_NOT_SERVED"
    assert await code(desk, own, volume="WHOLE") == "NOT_ALLOWED"
    assert await code(desk, await principal(desk, role=Role.MINE_CLERK)) == "NOT_ALLOWED"
    assert await code(desk, desk.head, caseId=str(UUID(int=1))) == "NOT_FOUND"
    assert await code(desk, desk.head, first=evidence.LARGEST_PAGE + 1) == "BAD_INPUT"
    assert await code(desk, desk.head, after="garbage") == "BAD_CURSOR"
    assert await code(desk, desk.head, caseId=str(uuid4())) == "NOT_FOUND"
    assert "pack.opened" not in await desk.site.entries()
