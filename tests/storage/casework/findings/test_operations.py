"""Tests of recording, evidencing and confirming findings: what they keep and refuse, who may, and their traces."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.casework.findings import operations, queries, rules
from storage.casework.findings.queries import DefectRow
from storage.field.inspections.rules import CertificateNotValid, NotAnOfficer
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.sites import NOW, ZHONGSHAN, Site

TABLES = ("findings", "finding_evidence", "finding_confirmations", "finding_defects", "entries")


@pytest.fixture
async def check(site: Site) -> Check:
    return await make_check(site)


async def lacking(check: Check, id: Any) -> dict[str, DefectRow]:
    async with check.site.database.reading(check.lead) as sql:
        return {row.code: row for row in await queries.defects_of(sql, [id]) if row.made_good_at is None}


async def refused(check: Check, problem: type[Problem], act: Any) -> None:
    before = [await check.site.counted(table) for table in TABLES]
    with pytest.raises(problem):
        await act
    assert before == [await check.site.counted(table) for table in TABLES]


async def test_a_fact_of_one_officer_without_evidence_is_kept_with_what_it_lacks_and_until_when(check: Check) -> None:
    row = await check.finds()
    assert (row.kind, row.severity, row.clause) == (
        "SYSTEMS_BELOW_STANDARD",
        "GENERAL",
        "煤矿安全生产条例第六十三条第三项",
    )
    found = await lacking(check, row.id)
    assert set(found) == {"NO_EVIDENCE", "NOT_CONFIRMED"}
    assert {one.due_at for one in found.values()} == {NOW + timedelta(hours=24)}
    assert (await check.site.entries())[-1] == "finding.recorded"


async def test_evidence_and_a_second_officer_make_it_good_each_with_its_trace(check: Check) -> None:
    row, piece = await check.finds(), await check.piece()
    await check.acts(check.lead, operations.attach_evidence, finding_id=row.id, evidence=[piece])
    assert set(await lacking(check, row.id)) == {"NOT_CONFIRMED"}
    await check.acts(check.inspector, operations.confirm_finding, finding_id=row.id)
    assert await lacking(check, row.id) == {}
    assert (await check.site.entries())[-4:] == [
        "finding.evidenced", "finding.made_good", "finding.confirmed", "finding.made_good",
    ]  # fmt: skip


async def test_either_act_again_changes_nothing_and_leaves_no_second_trace(check: Check) -> None:
    fact, piece = check.fact(), await check.piece()
    for _ in range(2):
        await check.acts(check.lead, operations.record_finding, fact=fact)
        await check.acts(check.lead, operations.attach_evidence, finding_id=fact.id, evidence=[piece])
        await check.acts(check.inspector, operations.confirm_finding, finding_id=fact.id)
    assert [await check.site.counted(table) for table in TABLES[:4]] == [1, 1, 2, 2]
    assert len(await check.site.entries()) == 1 + 5


async def test_a_withdrawal_seen_with_a_lapsed_certificate_is_kept_and_a_second_and_third_hand_make_it_good(
    site: Site,
) -> None:
    check = await make_check(site, certificate=(date(2025, 1, 1), NOW.date() - timedelta(days=1)))
    row = await check.finds(by=check.inspector, kind="GAS_OVER_LIMIT", unsafe=True, producing=True)
    assert row.flags == ["WITHDRAWAL_DUE"]
    assert set(await lacking(check, row.id)) == {"NO_EVIDENCE", "NOT_CONFIRMED"}
    await check.acts(check.lead, operations.confirm_finding, finding_id=row.id)
    assert "NOT_CONFIRMED" in await lacking(check, row.id)  # One certified officer is too few.
    await refused(
        check, CertificateNotValid, check.acts(check.inspector, operations.confirm_finding, finding_id=row.id)
    )
    await site.put("certificates", id=uuid4(), account_id=check.inspector.account_id, number="GZ-NEW",
                   valid_from=NOW.date(), valid_to=date(2028, 1, 1), issued_at=NOW)  # fmt: skip
    await check.acts(check.inspector, operations.confirm_finding, finding_id=row.id)
    assert "NOT_CONFIRMED" not in await lacking(check, row.id)


async def test_twice_producing_with_a_major_hazard_flags_closure_and_the_repeat(check: Check) -> None:
    first = await check.finds(kind="GAS_OVER_LIMIT", producing=True, seen_at=NOW - timedelta(days=60))
    second = await check.finds(kind="GAS_OVER_LIMIT", producing=True)
    assert (first.flags, first.repeats) == ([], None)
    assert (second.flags, second.repeats) == (["REPEATED", "CLOSURE_TO_BE_PROPOSED"], first.id)


async def test_what_is_no_finding_is_refused_and_nothing_is_recorded(check: Check) -> None:
    other = await make_check(check.site)
    foreign = await other.piece()
    for problem, changes in (
        (BadInput, {"fact": ""}),
        (rules.FindingKindUnknown, {"kind": "BAD_LUCK"}),
        (rules.PlaceOfAnotherInspection, {"place_id": other.surface}),
        (rules.EvidenceOfAnotherInspection, {"evidence": (foreign,)}),
        (rules.EvidenceOfAnotherInspection, {"evidence": (uuid4(),)}),
        (NotFound, {"inspection_id": uuid4()}),
        (NotAnOfficer, {"inspection_id": other.id}),
    ):
        await refused(check, problem, check.finds(**changes))
    row = await check.finds()
    await refused(check, rules.FindingConflict, check.finds(id=row.id, fact="另一件事实，另一件"))
    attach = check.acts(check.lead, operations.attach_evidence, finding_id=row.id, evidence=[foreign])
    await refused(check, rules.EvidenceOfAnotherInspection, attach)
    for operation, given in ((operations.attach_evidence, {"evidence": []}), (operations.confirm_finding, {})):
        await refused(check, NotFound, check.acts(check.lead, operation, finding_id=uuid4(), **given))
        stranger = await check.site.person(Role.INSPECTOR)
        await refused(check, NotAnOfficer, check.acts(stranger, operation, finding_id=row.id, **given))


@pytest.mark.parametrize("role", [role for role in Role if Verb.FINDING_RECORD not in ROLE_VERBS[role]])
async def test_no_other_role_records_attaches_or_confirms(check: Check, role: Role) -> None:
    row = await check.finds()
    actor = await check.site.person(role)
    for operation, given in (
        (operations.record_finding, {"fact": check.fact()}),
        (operations.attach_evidence, {"finding_id": row.id, "evidence": []}),
        (operations.confirm_finding, {"finding_id": row.id}),
    ):
        await refused(check, NotAllowed, check.acts(actor, operation, **given))


async def test_an_officer_of_another_county_sees_no_finding(check: Check) -> None:
    row = await check.finds()
    far: Actor = await check.site.person(Role.INSPECTOR, county=ZHONGSHAN)
    async with check.site.database.reading(far) as sql:
        assert await queries.findings_by_ids(sql, [row.id]) == []
        assert await queries.defects_of(sql, [row.id]) == []
        assert await queries.confirmations_of(sql, [row.id]) == []
    await refused(check, NotFound, check.acts(far, operations.confirm_finding, finding_id=row.id))


async def test_a_recorded_finding_is_changed_by_no_hand(check: Check) -> None:
    row = await check.finds()
    async with check.site.database.transaction(check.lead) as (_, sql):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute("UPDATE findings SET fact = 'nothing' WHERE id = $1", row.id)
    async with check.site.database.transaction(check.lead) as (_, sql):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute("DELETE FROM findings")


async def test_recording_takes_as_many_statements_for_forty_pieces_as_for_one(check: Check) -> None:
    heard = statements_of(check.site.database)
    await check.site.database.engine.dispose()  # Whatever is open was opened before anybody listened.
    pieces = [await check.piece() for _ in range(40)]
    await check.finds(evidence=(pieces[0],))
    counts = []
    for evidence in (pieces[:1], pieces):
        heard.clear()
        await perform(check.site.database, check.lead, NOW, operations.record_finding,
                      fact=check.fact(evidence=tuple(evidence)))  # fmt: skip
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 16, heard
