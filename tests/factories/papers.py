"""Drafts, issues and signs papers of a scene by the product's own acts."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from storage.casework.papers import operations, rules, signing
from storage.casework.papers.bodies import Body, Value
from storage.casework.papers.operations import Draft
from storage.casework.papers.signing import Signing
from storage.casework.papers.tables import PaperSubject, SignedWay
from storage.record.actor import Actor
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.law import forms
from storage.record.law.forms import FieldKind, Form
from storage.record.ledger.proofs import signatures
from storage.record.work import perform
from tests.factories.field import Phone, Scene

RECORD_FORM, ORDER_FORM, INTERNAL_FORM = "现场检查记录", "责令限期整改指令书", "立案审批表"
FOUND = "1201综采工作面回风巷T2甲烷传感器距顶板420mm，不符合规定。\n一采区轨道上山第14号躲避硐内堆放杂物。"
FILLED: dict[str, dict[str, Value]] = {
    RECORD_FORM: {"检查情况": FOUND},
    ORDER_FORM: {
        "存在问题": FOUND,
        "责令整改的项目": "上述两项。",
        "可申请行政复议的人民政府": "贵州省人民政府",
        "可提起行政诉讼的人民法院": "贵阳市观山湖区人民法院",
    },
    INTERNAL_FORM: {"案件名称": "甲煤矿瓦斯传感器安装不合规案", "案件基本情况": FOUND},
}
STROKES = [[[100, 200], [300, 800], [500, 200]], [[600, 100], [900, 500]]]


def form_of(name: str) -> Form:
    """A form of the newest set."""
    return forms.form_sets()[-1].forms[name]


def draft(scene: Scene, form: str = RECORD_FORM, **changes: Any) -> Draft:
    """A draft about the scene's inspection, with what its form must say."""
    plain = Draft(
        id=uuid4(), form=form, subject_kind=PaperSubject.INSPECTION, subject_id=scene.inspection_id,
        fields=FILLED.get(form, {}),
    )  # fmt: skip
    return replace(plain, **changes)


async def drafted(record: Database, scene: Scene, *, actor: Actor | None = None, **given: Any) -> UUID:
    """A paper that was drafted."""
    asked = draft(scene, **given)
    await perform(record, actor or scene.actor(), scene.now, operations.draft_paper, draft=asked)
    return asked.id


async def issue(record: Database, scene: Scene, id: UUID, *, actor: Actor | None = None) -> "asyncpg.Record":
    """Issues a drafted paper."""
    return await perform(record, actor or scene.actor(), scene.now, operations.issue_paper, paper_id=id)


async def issued(record: Database, scene: Scene, form: str = RECORD_FORM, **given: Any) -> "asyncpg.Record":
    """A paper that was drafted and issued."""
    return await issue(record, scene, await drafted(record, scene, form=form, **given))


def by_key(
    scene: Scene, paper: "asyncpg.Record", place: str, *, phone: Phone | None = None, opinion: str = "", **changes: Any
) -> Signing:
    """A signature by a phone's own key; `changes` are made after it signed."""
    held, at = phone or scene.phone, to_ms(scene.now)
    statement = rules.statement_of(
        paper_id=paper["id"], digest=paper["digest"], place=place, way=SignedWay.KEY, at=at, opinion=opinion,
        account=str(held.owner_id), device=str(held.id),
    )  # fmt: skip
    signature = held.key.sign(signatures.signing_input("paper", statement))
    plain = Signing(place=place, way=SignedWay.KEY, at=at, opinion=opinion, signature=signature)
    return replace(plain, **changes)


def by_hand(scene: Scene, place: str, name: str = "李四", **changes: Any) -> Signing:
    """A signature drawn on the glass."""
    plain = Signing(place=place, way=SignedWay.HAND, at=to_ms(scene.now), name=name, strokes=STROKES)
    return replace(plain, **changes)


async def sign(
    record: Database, scene: Scene, id: UUID, asked: Signing, *, actor: Actor | None = None, now: datetime | None = None
) -> "asyncpg.Record":
    """Signs a paper."""
    who = actor or scene.actor()
    return await perform(record, who, now or scene.now, signing.sign_paper, paper_id=id, signing=asked)


def sample_body(name: str, *, text: str = FOUND, number: int = 17) -> bytes:
    """A body of any form, with something in each of its fields, for whoever only typesets."""
    held = forms.form_sets()[-1]
    form = held.forms[name]
    agency = held.agency_of("")
    return Body(
        paper=UUID(int=number), form=name, version=held.version,
        number=held.number(form, agency, year=2026, ordinal=number) if form.word else "", agency=agency.name,
        day="2026-11-24", mine=(UUID(int=1), "甲煤矿"), subject=("INSPECTION", UUID(int=2)),
        fields={one.name: _something(one.kind, one.options, one.columns, text) for one in form.fields},
        remedies="如不服，可以依法申请行政复议或者提起行政诉讼。" if any(one.remedy for one in form.fields) else "",
    ).encode()  # fmt: skip


def _something(kind: FieldKind, options: tuple[str, ...], columns: tuple[str, ...], text: str) -> Value:
    if kind is FieldKind.TABLE:
        return [[f"第{row}件" for _ in columns] for row in range(1, 4)]
    if kind is FieldKind.CHOICE:
        return options[0]
    return {
        FieldKind.TEXT: text,
        FieldKind.DAY: "2026-11-24",
        FieldKind.MOMENT: "2026-11-24T16:05",
        FieldKind.LINE: "盘州市甲煤业有限公司甲煤矿",
    }[kind]
