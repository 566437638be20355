"""Tests of papers in GraphQL: forms, the whole way of a paper, who sees what, and opening its PDF."""

import base64
import urllib.request
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.embedded.postgres import DatabaseAddresses
from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from graphql_schema.pages import global_id
from storage.record.actor import Actor, Reach, Role
from storage.record.database import Database
from storage.record.ledger.proofs.signatures import signer
from storage.record.objects import Objects
from storage.record.printing.typesetting import Typesetter
from tests.counting import statements_of
from tests.factories.field import ELSEWHERE, Scene, make_scene
from tests.factories.papers import FOUND, INTERNAL_FORM, RECORD_FORM, STROKES, by_hand, by_key, issued, sign
from tests.graphql_schema.asking import EXECUTOR, ask, codes

STAMP = signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), id="stamp:0001")
TYPESETTER = Typesetter()
PARTY = "被检查单位现场负责人"
PAPER = """uuid form version subjectKind subjectId internal state number digest draftedAt issuedAt remedies body
  mine { name } fields { name text rows { cells } }
  places { name capacity opinion
    signature { uuid way name accountId evidenceId statement publicKey signature recordedBy signedAt }
    refusal { uuid name reason witness evidenceId recordedBy refusedAt } }
  print { sha256 stampedSha256 size madeAt }"""
PAPERS = f"""query ($kind: PaperSubject!, $id: UUID!) {{ papers(subjectKind: $kind, subjectId: $id) {{ {PAPER} }} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Paper {{ {PAPER} }} }} }}"
DRAFT = (
    f"mutation ($input: DraftPaperInput!) {{ draftPaper(input: $input) {{ paper {{ {PAPER} }} problem {{ code }} }} }}"
)
ISSUE = (
    f"mutation ($input: IssuePaperInput!) {{ issuePaper(input: $input) {{ paper {{ {PAPER} }} problem {{ code }} }} }}"
)
SIGN = f"mutation ($input: SignPaperInput!) {{ signPaper(input: $input) {{ paper {{ {PAPER} }} problem {{ code }} }} }}"
REFUSE = """mutation ($input: RecordPaperRefusalInput!) { recordPaperRefusal(input: $input) { paper { uuid }
  problem { code message } } }"""
OPEN = "mutation ($input: OpenPaperInput!) { openPaper(input: $input) { url problem { code message } } }"
FORMS = """query ($name: String) { paperForms(name: $name) { name version internal note
  fields { name kind must options columns } places { name capacity opinion } } }"""


@pytest.fixture
async def scene(database: DatabaseAddresses) -> Scene:
    return await make_scene(database.superuser)


def of_inspection(scene: Scene) -> dict[str, str]:
    return {"kind": "INSPECTION", "id": str(scene.inspection_id)}


async def asked(record: Database, actor: Actor, objects: Objects, text: str, **variables: Any) -> Any:
    means = Means(objects=objects, typesetter=TYPESETTER, stamp=STAMP)
    answer = await EXECUTOR.answer(
        Request(text, variables), Context(actor, record, lambda: datetime.now(UTC), means=means)
    )
    assert answer.errors == [], answer.errors
    return answer.data


async def test_the_forms_are_told_with_their_fields_and_places(record: Database, scene: Scene) -> None:
    assert len((await ask(record, scene.actor(), FORMS))["paperForms"]) == 49
    (one,) = (await ask(record, scene.actor(), FORMS, name="文书送达回执"))["paperForms"]
    assert one["fields"][2]["columns"][0] == "送达文书名称、文号"
    (sheet,) = (await ask(record, scene.actor(), FORMS, name=INTERNAL_FORM))["paperForms"]
    assert sheet["internal"] is True
    assert sheet["places"][3] == {"name": "审批人", "capacity": "APPROVER", "opinion": "审批意见"}
    assert (await ask(record, scene.actor(), FORMS, name="没有"))["paperForms"] == []


async def test_a_paper_goes_its_whole_way(record: Database, objects: Objects, scene: Scene) -> None:
    actor, id = scene.actor(), str(uuid4())
    given = {"id": id, "form": RECORD_FORM, "subjectKind": "INSPECTION", "subjectId": str(scene.inspection_id),
             "fields": [{"name": "检查情况", "text": FOUND}]}  # fmt: skip
    draft = (await ask(record, actor, DRAFT, input=given))["draftPaper"]["paper"]
    assert (draft["state"], draft["number"], draft["digest"], draft["body"]) == ("DRAFT", None, None, None)
    assert draft["fields"] == [{"name": "检查情况", "text": FOUND, "rows": []}]
    paper = (await ask(record, actor, ISSUE, input={"id": id}))["issuePaper"]["paper"]
    assert paper["digest"] == sha256(paper["body"].encode()).hexdigest()
    assert paper["mine"] == {"name": "样例煤矿"}
    async with record.reading(actor) as sql:
        row = await sql.fetchrow("SELECT id, digest FROM papers")
    signed = by_key(scene, row, "检查人员1")
    key = {"id": id, "place": signed.place, "way": "KEY", "at": str(signed.at), "signature": _base64(signed.signature)}
    await ask(record, actor, SIGN, input=key)
    glass = {"id": id, "place": PARTY, "way": "HAND", "at": "1", "name": "李四", "strokes": STROKES}
    places = (await ask(record, actor, SIGN, input=glass))["signPaper"]["paper"]["places"]
    assert [one["signature"] and one["signature"]["way"] for one in places] == ["KEY", None, "HAND"]
    url = (await asked(record, actor, objects, OPEN, input={"id": id}))["openPaper"]["url"]
    kind, pdf = fetched(url)
    assert kind == "application/pdf"
    (told,) = (await ask(record, actor, PAPERS, **of_inspection(scene)))["papers"]
    assert told["print"]["stampedSha256"] == sha256(pdf).hexdigest()
    assert told["print"]["size"] == str(len(pdf))


def fetched(url: str) -> tuple[str, bytes]:
    """The type and the bytes behind an address."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 # Our own store.
        return answer.headers["Content-Type"], answer.read()


def _base64(data: bytes | None) -> str:
    return base64.urlsafe_b64encode(data or b"").rstrip(b"=").decode()


async def test_a_refusal_to_sign_is_told_with_its_witness(record: Database, scene: Scene) -> None:
    paper = await issued(record, scene)
    said = {"id": str(paper["id"]), "place": PARTY, "name": "李四", "reason": "有异议", "witness": "王五"}
    assert (await ask(record, scene.actor(), REFUSE, input=said))["recordPaperRefusal"]["problem"] is None
    (told,) = (await ask(record, scene.actor(), PAPERS, **of_inspection(scene)))["papers"]
    refusal = next(one["refusal"] for one in told["places"] if one["name"] == PARTY)
    assert (refusal["name"], refusal["reason"], refusal["witness"]) == ("李四", "有异议", "王五")
    again = (await ask(record, scene.actor(), REFUSE, input={**said, "reason": " "}))["recordPaperRefusal"]
    assert again["problem"]["code"] == "REFUSAL_REASON_NOT_STATED"
    assert "行政诉讼证据规定第十五条" in again["problem"]["message"]


async def test_the_papers_of_something_cost_as_many_statements_however_many_they_are(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    narrow = Database(database.api, pool_size=1)
    costs, heard = [], statements_of(narrow)
    await ask(narrow, scene.actor(), PAPERS, **of_inspection(scene))  # The connection opens, and learns the types.
    for more in (1, 4):
        for _ in range(more):
            paper = await issued(record, scene)
            await sign(record, scene, paper["id"], by_hand(scene, PARTY))
        heard.clear()
        assert (await ask(narrow, scene.actor(), PAPERS, **of_inspection(scene)))["papers"]
        costs.append(len(heard))
    await narrow.close()
    assert costs[0] == costs[1] <= 10, heard


async def test_issuing_and_signing_cost_as_many_statements_however_many_papers_there_are(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    narrow = Database(database.api, pool_size=1)
    heard, costs = statements_of(narrow), []
    for _ in range(3):
        heard.clear()
        paper = await issued(narrow, scene)
        await sign(narrow, scene, paper["id"], by_hand(scene, PARTY))
        costs.append(len(heard))
    await narrow.close()
    assert costs[1] == costs[2] <= 50, heard


async def test_the_mine_reads_its_papers_and_nothing_of_the_agencys_own(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    shown, inside = await issued(record, scene), await issued(record, scene, INTERNAL_FORM)
    mine = Reach(mines=frozenset({scene.mine_id}))
    for role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK):
        person = scene.actor(scene.phones[1], role=role, reach=mine)
        subject = {"kind": "INSPECTION", "id": str(scene.inspection_id)}
        told = (await ask(record, person, PAPERS, **subject))["papers"]
        assert [one["uuid"] for one in told] == [str(shown["id"])]
        for paper, seen in ((shown, True), (inside, False)):
            node = (await ask(record, person, NODE, id=global_id("Paper", paper["id"])))["node"]
            assert (node is not None) is seen
    far = await make_scene(database.superuser, county=ELSEWHERE)
    assert (await ask(record, far.actor(), PAPERS, **of_inspection(scene)))["papers"] == []
    assert await codes(record, scene.actor(role=Role.MINER), PAPERS, **of_inspection(scene)) == {"NOT_ALLOWED"}


async def test_a_draft_is_not_opened_and_a_press_without_fonts_says_so(
    record: Database, objects: Objects, scene: Scene, tmp_path: Any
) -> None:
    given = {"id": str(uuid4()), "form": RECORD_FORM, "subjectKind": "INSPECTION",
             "subjectId": str(scene.inspection_id), "fields": [{"name": "检查情况", "text": FOUND}]}  # fmt: skip
    await ask(record, scene.actor(), DRAFT, input=given)
    told = (await asked(record, scene.actor(), objects, OPEN, input={"id": given["id"]}))["openPaper"]
    assert (told["url"], told["problem"]["code"]) == (None, "PAPER_NOT_ISSUED")
    await ask(record, scene.actor(), ISSUE, input={"id": given["id"]})
    means = Means(objects=objects, typesetter=Typesetter(tmp_path), stamp=STAMP)
    context = Context(scene.actor(), record, lambda: datetime.now(UTC), means=means)
    answer = await EXECUTOR.answer(Request(OPEN, {"input": {"id": given["id"]}}), context)
    assert answer.data["openPaper"]["problem"]["code"] == "FONT_MISSING"
    assert "Noto Serif SC" in answer.data["openPaper"]["problem"]["message"]


async def test_a_table_is_written_by_its_rows(record: Database, scene: Scene) -> None:
    rows = [["立案审批表", "2026-11-24", "1", ""], ["现场检查记录", "2026-11-24", "2-3", ""]]
    given = {"id": str(uuid4()), "form": "卷内目录", "subjectKind": "MINE", "subjectId": str(scene.mine_id),
             "fields": [{"name": "卷内目录", "rows": rows}]}  # fmt: skip
    told = (await ask(record, scene.actor(), DRAFT, input=given))["draftPaper"]
    assert [row["cells"] for row in told["paper"]["fields"][0]["rows"]] == rows
    paper = (await ask(record, scene.actor(), ISSUE, input={"id": given["id"]}))["issuePaper"]["paper"]
    assert (paper["number"], paper["remedies"]) == (None, None)
