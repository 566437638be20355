"""Tests of the PDFs of papers: the same record gives the same bytes, stamped apart, kept and made again."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from api.embedded.postgres import DatabaseAddresses
from storage.casework.papers import printing, rendering, rules
from storage.casework.papers.laying import Mark
from storage.record.actor import Actor, Reach, Role
from storage.record.database import Database
from storage.record.law import forms
from storage.record.ledger.proofs.signatures import signer
from storage.record.objects import Objects
from storage.record.printing import stamping
from storage.record.printing.typesetting import Typesetter
from storage.record.problems import NotAllowed, NotFound, TryAgain
from storage.record.work import perform
from tests.factories.field import ELSEWHERE, Scene, make_scene
from tests.factories.ledger import looking
from tests.factories.papers import FOUND, INTERNAL_FORM, RECORD_FORM, by_hand, drafted, issued, sample_body, sign

AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
KEY = signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), id="stamp:0001")
TYPESETTER = Typesetter()
AGENCY = "国家矿山安全监察局贵州局"


@pytest.fixture
async def scene(database: DatabaseAddresses) -> Scene:
    return await make_scene(database.superuser)


async def planned(record: Database, actor: Actor, id: UUID) -> printing.Plan:
    async with record.reading(actor) as sql:
        return await printing.plan_print(sql, actor, paper_id=id)


async def opened(record: Database, objects: Objects, scene: Scene, id: UUID) -> bytes:
    """Opens a paper as the API does, and reads what the store has."""
    plan = await planned(record, scene.actor(), id)
    made = await printing.make_print(objects, TYPESETTER, KEY, plan) if plan.made is None else None
    name, version = await perform(record, scene.actor(), scene.now, printing.open_paper, paper_id=id, made=made)
    return b"".join(objects.read(name, version))


@pytest.mark.quick
@pytest.mark.parametrize("name", forms.form_sets()[0].forms)
def test_every_form_is_typeset(name: str) -> None:
    assert rendering.render(TYPESETTER, sample_body(name), at=AT).startswith(b"%PDF-1.7")


@pytest.mark.quick
def test_the_same_record_gives_the_same_bytes_in_any_typesetter_and_another_record_others() -> None:
    marks = [Mark(place="检查人员1", name="张三", way="HAND", at=AT, strokes=[[[0, 0], [900, 900]]])]
    first = rendering.render(TYPESETTER, sample_body(RECORD_FORM), marks, at=AT)
    assert rendering.render(Typesetter(), sample_body(RECORD_FORM), marks, at=AT) == first
    assert rendering.render(TYPESETTER, sample_body(RECORD_FORM), at=AT) != first
    assert rendering.render(TYPESETTER, sample_body(RECORD_FORM, text=f"{FOUND}。"), marks, at=AT) != first


@pytest.mark.quick
def test_a_paper_says_that_it_is_pdf_a_and_brings_its_fonts() -> None:
    pdf = rendering.render(TYPESETTER, sample_body(RECORD_FORM), at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert pdf.count(b"/FontFile3") >= 2


@pytest.mark.quick
def test_no_text_is_ever_markup() -> None:
    wild = '#panic("x") $x^2$ *粗* _斜_ `码` @ref <label> \\ // 注 #import "a.typ": * [[' + "]] {{}} \"'"
    assert rendering.render(TYPESETTER, sample_body(RECORD_FORM, text=wild), at=AT).startswith(b"%PDF")


@pytest.mark.quick
def test_long_text_breaks_over_pages() -> None:
    reader = PdfFileReader(BytesIO(rendering.render(TYPESETTER, sample_body(RECORD_FORM, text=FOUND * 200), at=AT)))
    assert reader.root["/Pages"]["/Count"] > 5


@pytest.mark.quick
async def test_the_stamp_stands_behind_the_rendered_bytes_and_holds() -> None:
    pdf = rendering.render(TYPESETTER, sample_body(RECORD_FORM), at=AT)
    stamped = await stamping.stamp(pdf, KEY, agency=AGENCY)
    assert stamped.startswith(pdf)
    signature = PdfFileReader(BytesIO(stamped)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[stamping.certificate_of(KEY, AGENCY)], allow_fetching=False)
    status = await async_validate_pdf_signature(signature, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert signature.signer_cert.public_key.dump() == KEY.public


async def test_a_paper_is_made_once_kept_and_made_again_to_the_byte(
    record: Database, database: DatabaseAddresses, objects: Objects, scene: Scene
) -> None:
    paper = await issued(record, scene)
    stored = await opened(record, objects, scene, paper["id"])
    assert await opened(record, objects, scene, paper["id"]) == stored
    plan = await planned(record, scene.actor(), paper["id"])
    assert plan.made is not None
    assert plan.made["stamped_sha256"] == sha256(stored).digest()
    again = rendering.render(Typesetter(), plan.body, plan.marks, at=plan.issued_at, law=plan.law)
    assert sha256(again).digest() == plan.made["sha256"]
    assert stored.startswith(again), "the stamp stands behind what the record makes of it"
    async with looking(database.superuser) as sql:
        told = [row[0] for row in await sql.fetch("SELECT kind FROM entries WHERE kind IN ('paper.printed',"
                                                  " 'paper.opened') ORDER BY kind")]  # fmt: skip
    assert told == ["paper.opened", "paper.opened", "paper.printed"]


async def test_what_is_signed_makes_another_print_and_the_old_one_is_not_handed_out(
    record: Database, objects: Objects, scene: Scene
) -> None:
    paper = await issued(record, scene)
    first = await opened(record, objects, scene, paper["id"])
    plan = await planned(record, scene.actor(), paper["id"])
    made = await printing.make_print(objects, TYPESETTER, KEY, plan)
    await sign(record, scene, paper["id"], by_hand(scene, "被检查单位现场负责人"))
    with pytest.raises(TryAgain):
        await perform(record, scene.actor(), scene.now, printing.open_paper, paper_id=paper["id"], made=made)
    assert await opened(record, objects, scene, paper["id"]) != first


async def test_two_who_open_at_once_get_one_print(record: Database, objects: Objects, scene: Scene) -> None:
    paper = await issued(record, scene)
    both = await asyncio.gather(*(opened(record, objects, scene, paper["id"]) for _ in range(2)))
    assert both[0] == both[1]


async def test_nobody_opens_a_draft_or_what_he_does_not_see(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    id = await drafted(record, scene)
    with pytest.raises(rules.PaperNotIssued):
        await planned(record, scene.actor(), id)
    inside = await issued(record, scene, INTERNAL_FORM)
    mine = Reach(mines=frozenset({scene.mine_id}))
    principal = scene.actor(scene.phones[1], role=Role.MINE_PRINCIPAL, reach=mine)
    far = await make_scene(database.superuser, county=ELSEWHERE)
    for actor in (principal, far.actor()):
        with pytest.raises(NotFound):
            await planned(record, actor, inside["id"])
    with pytest.raises(NotAllowed):
        await planned(record, scene.actor(role=Role.DUTY_OFFICER), inside["id"])
