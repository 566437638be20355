"""Tests of drafting and issuing papers: numbers without gaps, bodies from the record, and who may."""

import asyncio
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.casework.papers import operations, queries, rules
from storage.casework.papers.bodies import Body
from storage.casework.papers.tables import PaperSubject
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import ROLE_VERBS, Reach, Role, Verb
from storage.record.database import Database
from storage.record.law.items import content_of
from storage.record.ledger.proofs.canonical import canonical
from storage.record.problems import NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.factories.field import ELSEWHERE, Scene, make_phone, make_scene
from tests.factories.ledger import looking
from tests.factories.papers import (
    FILLED,
    FOUND,
    INTERNAL_FORM,
    ORDER_FORM,
    RECORD_FORM,
    by_hand,
    draft,
    drafted,
    form_of,
    issue,
    issued,
    sign,
)

WITHOUT_ISSUING = [role for role in Role if Verb.PAPER_ISSUE not in ROLE_VERBS[role]]


@pytest.fixture
async def scene(database: DatabaseAddresses) -> Scene:
    return await make_scene(database.superuser)


async def drafts(record: Database, scene: Scene, asked: operations.Draft, **given: Any) -> "asyncpg.Record":
    return await perform(record, given.get("actor") or scene.actor(), scene.now, operations.draft_paper, draft=asked)


async def kinds(database: DatabaseAddresses) -> list[str]:
    async with looking(database.superuser) as sql:
        return [row[0] for row in await sql.fetch("SELECT kind FROM entries WHERE kind LIKE 'paper.%' ORDER BY id")]


async def test_a_paper_is_drafted_and_issued_with_its_number_and_leaves_two_traces(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    assert (paper["state"], paper["number"]) == ("ISSUED", f"（黔）煤安监检记〔{scene.now.year}〕1号")
    assert paper["digest"] == sha256(paper["body"]).digest()
    assert sorted(await kinds(database)) == ["paper.drafted", "paper.issued"]
    async with looking(database.superuser) as sql:
        told = json.loads(await sql.fetchval("SELECT payload FROM payloads y JOIN entries e ON e.id = y.entry_id"
                                             " WHERE e.kind = 'paper.issued'"))  # fmt: skip
    assert (told["data"]["number"], told["data"]["digest"]) == (paper["number"], paper["digest"].hex())


async def test_a_paper_says_what_the_record_says(record: Database, scene: Scene) -> None:
    paper = await issued(record, scene)
    fields = Body.decode(paper["body"]).fields
    assert (fields["被检查单位"], fields["执法人员姓名1"], fields["检查情况"]) == ("样例煤矿", "检查员", FOUND)
    assert fields["执法人员证件号1"] != fields["执法人员证件号2"]
    asked = draft(scene, fields={**FILLED[RECORD_FORM], "被检查单位": "别的煤矿"})
    await drafts(record, scene, asked)
    with pytest.raises(rules.PaperContradictsRecord, match="被检查单位"):
        await issue(record, scene, asked.id)


async def test_a_paper_tells_its_remedies_with_the_numbers_of_the_law(record: Database, scene: Scene) -> None:
    said = Body.decode((await issued(record, scene, ORDER_FORM))["body"]).remedies
    assert "60日内依法向贵州省人民政府申请行政复议" in said
    assert "6个月内依法向贵阳市观山湖区人民法院提起行政诉讼" in said


async def test_numbers_have_no_gap_where_issuing_failed_or_ran_side_by_side(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    ids = [await drafted(record, scene) for _ in range(6)]
    bare = await drafted(record, scene, fields={})
    with pytest.raises(rules.PaperFieldMissing):
        await issue(record, scene, bare)

    async def failing(work: Any) -> None:
        await operations.issue_paper(work, paper_id=ids[0])
        raise RuntimeError("after the number was taken")

    with pytest.raises(RuntimeError, match="after the number"):
        await perform(record, scene.actor(), scene.now, failing)
    papers = await asyncio.gather(*(issue(record, scene, id) for id in ids))
    year = scene.now.year
    assert sorted(paper["number"] for paper in papers) == [f"（黔）煤安监检记〔{year}〕{n}号" for n in range(1, 7)]
    other = await issued(record, scene, ORDER_FORM)
    assert other["number"] == f"（黔）煤安监责改〔{year}〕1号"
    async with looking(database.superuser) as sql:
        with pytest.raises(asyncpg.RestrictViolationError, match="counts on by one"):
            await sql.execute("UPDATE paper_series SET last = last + 2")


async def test_issuing_again_answers_as_before(record: Database, database: DatabaseAddresses, scene: Scene) -> None:
    paper = await issued(record, scene)
    assert await issue(record, scene, paper["id"]) == paper
    assert len(await kinds(database)) == 2


async def test_a_draft_is_written_anew_by_its_drafter_until_it_is_issued(record: Database, scene: Scene) -> None:
    asked = draft(scene, fields={"检查情况": "一"})
    first = await drafts(record, scene, asked)
    assert await drafts(record, scene, asked) == first
    await drafts(record, scene, replace(asked, fields={"检查情况": "二"}))
    with pytest.raises(rules.PaperConflict):
        await drafts(record, scene, asked, actor=scene.actor(scene.phones[1]))
    paper = await issue(record, scene, asked.id)
    assert Body.decode(paper["body"]).fields["检查情况"] == "二"
    with pytest.raises(rules.PaperConflict):
        await drafts(record, scene, asked)
    with pytest.raises(rules.PaperConflict):
        await drafts(record, scene, replace(asked, form=ORDER_FORM, fields={}))


async def test_what_was_issued_is_changed_by_nobody(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    paper = await issued(record, scene)
    await sign(record, scene, paper["id"], by_hand(scene, "被检查单位现场负责人"))
    async with looking(database.superuser) as sql:
        for statement in ("UPDATE papers SET number = 'x'", "DELETE FROM papers", "TRUNCATE papers CASCADE",
                          "UPDATE paper_signatures SET name = 'x'", "DELETE FROM paper_signatures",
                          "DELETE FROM paper_series"):  # fmt: skip
            with pytest.raises(asyncpg.PostgresError):
                await sql.execute(statement)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"form": "没有的文书"}, rules.FormUnknown),
        ({"fields": {"没有的栏目": "x"}}, rules.PaperFieldUnknown),
        ({"fields": {"检查时间结束": "昨天"}}, rules.PaperFieldUnfit),
        ({"subject_id": uuid4()}, NotFound),
        ({"subject_kind": PaperSubject.CASE}, NotFound),
    ],
)
async def test_each_problem_leaves_nothing_behind(
    record: Database, database: DatabaseAddresses, scene: Scene, changes: dict[str, Any], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        await drafts(record, scene, draft(scene, **changes))
    assert await kinds(database) == []


async def test_no_other_role_drafts_or_issues_a_paper_and_nothing_is_recorded(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    id = await drafted(record, scene)
    for role in WITHOUT_ISSUING:
        with pytest.raises(NotAllowed):
            await drafts(record, scene, draft(scene), actor=scene.actor(role=role))
        with pytest.raises(NotAllowed):
            await issue(record, scene, id, actor=scene.actor(role=role))
    assert await kinds(database) == ["paper.drafted"]


async def test_only_officers_of_the_inspection_issue_its_papers(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    id = await drafted(record, scene)
    async with looking(database.superuser) as sql:
        third = await make_phone(sql, scene)
    with pytest.raises(NotAnOfficer):
        await issue(record, scene, id, actor=scene.actor(third))
    far = await make_scene(database.superuser, county=ELSEWHERE)
    with pytest.raises(NotFound):
        await issue(record, scene, id, actor=far.actor())


async def test_a_paper_about_a_mine_takes_its_scope_from_the_mine(record: Database, scene: Scene) -> None:
    paper = await issued(record, scene, subject_kind=PaperSubject.MINE, subject_id=scene.mine_id)
    assert (paper["mine_id"], paper["county"]) == (scene.mine_id, scene.county)
    async with record.reading(scene.actor()) as sql:
        found = await queries.papers_of(sql, PaperSubject.MINE, [scene.mine_id])
    assert [row["id"] for row in found] == [paper["id"]]


async def test_the_mine_sees_what_is_for_it_and_never_a_draft_or_what_stays_within_the_agency(
    record: Database, scene: Scene
) -> None:
    shown = await issued(record, scene)
    await issued(record, scene, INTERNAL_FORM)
    await drafted(record, scene)
    principal = scene.actor(scene.phones[1], role=Role.MINE_PRINCIPAL, reach=Reach(mines=frozenset({scene.mine_id})))
    seen = {}
    for actor in (principal, scene.actor()):
        async with record.reading(actor) as sql:
            rows = await queries.papers_of(sql, PaperSubject.INSPECTION, [scene.inspection_id])
        seen[actor] = [row["id"] for row in rows]
    assert seen[principal] == [shown["id"]]
    async with record.reading(principal) as sql:
        traces = await sql.fetch("SELECT e.kind, y.subject FROM payloads y JOIN entries e ON e.id = y.entry_id")
    assert {tuple(row) for row in traces if row["kind"].startswith("paper.")} == {("paper.issued", shown["id"])}
    assert len(seen[scene.actor()]) == 3


async def test_a_paper_keeps_the_form_by_which_it_was_drafted_and_the_next_one_has_the_new(
    record: Database, database: DatabaseAddresses, scene: Scene
) -> None:
    old, form = await drafted(record, scene), form_of(RECORD_FORM)
    content = content_of(form)
    content["fields"] = [*content["fields"], {"name": "带队负责人电话", "kind": "LINE", "must": True}]
    id, decider = uuid4(), uuid4()
    async with looking(database.superuser) as sql:
        await sql.execute("SET session_replication_role = replica")  # Nobody's accounts: only the text counts here.
        await sql.execute(
            "INSERT INTO provisions (id, kind, key, content, article, in_force_from, note, drafted_by, drafted_at,"
            " approved, decided_by, decided_at, decision_note)"
            " VALUES ($1, 'FORM', $2, $3, '新式样', '2026-01-01', '', $1, $4, true, $5, $4, '')",
            id, RECORD_FORM, canonical(content).decode(), scene.now, decider,
        )  # fmt: skip
    new = await drafted(record, scene)
    async with record.reading(scene.actor()) as sql:
        versions = [row["version"] for one in (old, new) if (row := await queries.paper_of_id(sql, one))]
    assert versions == ["2017", str(id)]
    assert (await issue(record, scene, old))["number"]
    with pytest.raises(rules.PaperFieldMissing):
        await issue(record, scene, new)
