"""Tests of signing papers in three ways, and of recording that somebody would not sign."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.casework.papers import queries, rules, signing
from storage.casework.papers.signing import Refusing
from storage.casework.papers.tables import SignedWay
from storage.record.actor import ROLE_VERBS, Actor, Reach, Role, Verb
from storage.record.database import Database
from storage.record.law import forms
from storage.record.law.forms import Capacity
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.register.devices.rules import DeviceNeeded, DeviceNotValid
from tests.factories.evidence import received
from tests.factories.field import ELSEWHERE, Scene, make_phone, make_scene
from tests.factories.ledger import looking
from tests.factories.papers import INTERNAL_FORM, RECORD_FORM, STROKES, by_hand, by_key, drafted, issued, sign

FIRST, SECOND, PARTY = "检查人员1", "检查人员2", "被检查单位现场负责人"


@pytest.fixture
async def scene(database: DatabaseAddresses) -> Scene:
    return await make_scene(database.superuser)


async def refuse(record: Database, scene: Scene, id: Any, *, actor: Actor | None = None, **given: Any) -> Any:
    said = {"place": PARTY, "name": "李四", "reason": "对检查记录有异议", **given}
    return await perform(
        record, actor or scene.actor(), scene.now, signing.record_refusal, paper_id=id, refusing=Refusing(**said)
    )


async def kinds(database: DatabaseAddresses) -> list[str]:
    async with looking(database.superuser) as sql:
        return [
            row[0]
            for row in await sql.fetch("SELECT kind FROM entries WHERE kind IN ('paper.signed', 'paper.refused')")
        ]


async def signed(record: Database, scene: Scene, id: Any) -> dict[str, Any]:
    async with record.reading(scene.actor()) as sql:
        return {row["place"]: row for row in await queries.signatures_of(sql, [id])}


async def test_two_officers_sign_by_key_and_the_party_by_hand_on_the_glass(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper, other = await issued(record, scene), scene.phones[1]
    await sign(record, scene, paper["id"], by_key(scene, paper, FIRST))
    await sign(record, scene, paper["id"], by_key(scene, paper, SECOND, phone=other), actor=scene.actor(other))
    await sign(record, scene, paper["id"], by_hand(scene, PARTY))
    found = await signed(record, scene, paper["id"])
    assert {place: (row["way"], row["name"]) for place, row in found.items()} == {
        FIRST: ("KEY", "检查员"), SECOND: ("KEY", "检查员"), PARTY: ("HAND", "李四"),
    }  # fmt: skip
    said = json.loads(found[PARTY]["statement"])
    assert (said["digest"], said["strokes"]) == (paper["digest"].hex(), STROKES)
    assert await kinds(database) == ["paper.signed"] * 3


async def test_ink_on_the_printed_paper_is_bound_to_the_digest_by_its_photo(record: Database, scene: Scene) -> None:
    paper = await issued(record, scene)
    (photo,) = await received(record, scene)
    asked = by_hand(scene, PARTY, way=SignedWay.INK, strokes=None, evidence_id=photo.id)
    await sign(record, scene, paper["id"], asked)
    row = (await signed(record, scene, paper["id"]))[PARTY]
    said = json.loads(row["statement"])
    assert (row["way"], row["evidence_id"], said["evidence"]) == ("INK", photo.id, str(photo.id))
    assert (said["digest"], len(said["sha256"])) == (paper["digest"].hex(), 64)


async def test_a_photo_of_another_mine_or_none_stands_for_no_paper(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    neighbour = await make_scene(database.superuser)
    (photo,) = await received(record, neighbour)
    for evidence_id in (photo.id, uuid4()):
        asked = by_hand(scene, PARTY, way=SignedWay.INK, strokes=None, evidence_id=evidence_id)
        with pytest.raises(rules.PhotoOfPaperUnfit):
            await sign(record, scene, paper["id"], asked)
    assert await kinds(database) == []


async def test_the_same_signature_again_answers_as_before_and_another_is_refused(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    for _ in range(2):
        await sign(record, scene, paper["id"], by_hand(scene, PARTY))
    with pytest.raises(rules.PaperAlreadySigned):
        await sign(record, scene, paper["id"], by_hand(scene, PARTY, name="王五"))
    assert await kinds(database) == ["paper.signed"]


async def test_one_officer_never_signs_for_two(record: Database, database: DatabaseAddresses, scene: Scene) -> None:
    paper = await issued(record, scene)
    await sign(record, scene, paper["id"], by_key(scene, paper, FIRST))
    for asked in (by_key(scene, paper, SECOND), by_hand(scene, SECOND)):
        with pytest.raises(rules.SignerSignedBefore, match=SECOND):
            await sign(record, scene, paper["id"], asked)
    assert await kinds(database) == ["paper.signed"]


async def test_a_key_signs_this_place_of_this_paper_and_nothing_else(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper, other = await issued(record, scene), await issued(record, scene)
    good = by_key(scene, paper, FIRST)
    wrong = [
        by_key(scene, other, FIRST),
        replace(by_key(scene, paper, SECOND), place=FIRST),
        by_key(scene, paper, FIRST, phone=scene.phones[1]),
        by_key(scene, paper, FIRST, at=good.at + 1),
        by_key(scene, paper, FIRST, signature=bytes(64)),
    ]
    for asked in wrong:
        with pytest.raises(rules.SignatureOfPaperWrong):
            await sign(record, scene, paper["id"], asked)
    assert await kinds(database) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"place": "没有的签名处"}, rules.SignaturePlaceUnknown),
        ({"strokes": None}, rules.SignatureIncomplete),
        ({"way": SignedWay.KEY}, rules.SignatureIncomplete),
        ({"signature": bytes(64)}, rules.SignatureIncomplete),
        ({"strokes": [[[0, 0]]]}, BadInput),
        ({"strokes": [[[0, 0], [1001, 0]]]}, BadInput),
        ({"name": " "}, BadInput),
        ({"opinion": "第一行\n第二行"}, BadInput),
    ],
)
async def test_each_problem_of_a_signature_leaves_nothing_behind(
    record: Database, database: DatabaseAddresses, scene: Scene, changes: dict[str, Any], problem: type[Problem]
) -> None:
    paper = await issued(record, scene)
    with pytest.raises(problem):
        await sign(record, scene, paper["id"], by_hand(scene, **{"place": PARTY, **changes}))
    assert await kinds(database) == []


async def test_a_draft_is_signed_by_nobody(record: Database, scene: Scene) -> None:
    id = await drafted(record, scene)
    with pytest.raises(rules.PaperNotIssued):
        await sign(record, scene, id, by_hand(scene, PARTY))
    with pytest.raises(rules.PaperNotIssued):
        await refuse(record, scene, id)


async def test_without_a_device_or_with_a_lost_one_nobody_signs_by_key(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    actor = scene.actor()
    with pytest.raises(DeviceNeeded):
        await sign(record, scene, paper["id"], by_key(scene, paper, FIRST),
                   actor=Actor(actor.account_id, None, None, actor.grants, actor.reach))  # fmt: skip
    async with looking(database.superuser) as sql:
        lost = await make_phone(sql, scene, lost_at=scene.now - timedelta(hours=1))
    with pytest.raises(DeviceNotValid):
        await sign(record, scene, paper["id"], by_key(scene, paper, FIRST, phone=lost), actor=scene.actor(lost))


async def test_the_principal_of_the_mine_signs_by_his_own_key_and_never_for_the_officers(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    async with looking(database.superuser) as sql:
        phone = await make_phone(sql, scene)
    principal = scene.actor(phone, role=Role.MINE_PRINCIPAL, reach=Reach(mines=frozenset({scene.mine_id})))
    with pytest.raises(rules.SignerWithoutCapacity, match=FIRST):
        await sign(record, scene, paper["id"], by_key(scene, paper, FIRST, phone=phone), actor=principal)
    with pytest.raises(NotAllowed):
        await sign(record, scene, paper["id"], by_hand(scene, PARTY), actor=principal)
    await sign(record, scene, paper["id"], by_key(scene, paper, PARTY, phone=phone), actor=principal)
    with pytest.raises(rules.SignerWithoutCapacity):
        await sign(record, scene, paper["id"], by_key(scene, paper, PARTY))
    assert await kinds(database) == ["paper.signed"]


async def test_a_head_writes_his_opinion_with_his_signature(record: Database, scene: Scene) -> None:
    paper = await issued(record, scene, INTERNAL_FORM)
    head = scene.actor(scene.phones[1], role=Role.AGENCY_HEAD)
    asked = by_key(scene, paper, "审批人", phone=scene.phones[1], opinion="同意立案。")
    with pytest.raises(rules.SignatureOfPaperWrong):
        await sign(record, scene, paper["id"], replace(asked, opinion="不同意立案。"), actor=head)
    await sign(record, scene, paper["id"], asked, actor=head)
    assert json.loads((await signed(record, scene, paper["id"]))["审批人"]["statement"])["opinion"] == "同意立案。"


async def test_a_refusal_is_recorded_with_its_reason_and_its_witness_and_without_one_too(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    first, second = await issued(record, scene), await issued(record, scene)
    (film,) = await received(record, scene)
    for _ in range(2):
        await refuse(record, scene, first["id"], witness="王五（红果街道办事处）", evidence_id=film.id)
    await refuse(record, scene, second["id"])
    async with record.reading(scene.actor()) as sql:
        rows = {row["paper_id"]: row for row in await queries.refusals_of(sql, [first["id"], second["id"]])}
    assert (rows[first["id"]]["witness"], rows[first["id"]]["evidence_id"]) == ("王五（红果街道办事处）", film.id)
    assert rows[second["id"]]["witness"] is None
    assert await kinds(database) == ["paper.refused", "paper.refused"]


async def test_a_refusal_without_a_reason_or_with_another_one_is_refused(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    with pytest.raises(rules.RefusalReasonNotStated):
        await refuse(record, scene, paper["id"], reason=" ")
    await refuse(record, scene, paper["id"])
    with pytest.raises(rules.PaperAlreadySigned):
        await refuse(record, scene, paper["id"], reason="别的原因")
    await sign(record, scene, paper["id"], by_hand(scene, PARTY))  # Whoever refused may still sign.
    assert await kinds(database) == ["paper.refused", "paper.signed"]


async def test_no_other_role_signs_or_records_a_refusal(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    for role in Role:
        actor = scene.actor(role=role)
        if Verb.PAPER_SIGN not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await sign(record, scene, paper["id"], by_key(scene, paper, FIRST), actor=actor)
        if Verb.PAPER_ISSUE not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await refuse(record, scene, paper["id"], actor=actor)
            with pytest.raises(NotAllowed):
                await sign(record, scene, paper["id"], by_hand(scene, PARTY), actor=actor)
    far = await make_scene(database.superuser, county=ELSEWHERE)
    with pytest.raises(NotFound):
        await sign(record, far, paper["id"], by_hand(far, PARTY))
    assert await kinds(database) == []


def test_every_place_of_every_form_may_be_signed_by_somebody() -> None:
    assert all(rules.WHO_SIGNS[capacity] for capacity in Capacity)
    assert RECORD_FORM in forms.form_sets()[0].forms
