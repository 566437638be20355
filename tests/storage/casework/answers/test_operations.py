"""Tests of giving answers and examining objections: what they keep and refuse, who may, and their traces."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.casework.answers import operations, queries, rules
from storage.casework.answers.comparing import ANSWERS, EXAMINATIONS
from storage.casework.answers.queries import AnswerRow
from storage.casework.answers.rules import Examined, Given
from storage.casework.answers.tables import AnsweredKind, Stance
from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.findings import operations as findings
from storage.casework.papers import operations as papers
from storage.casework.papers.operations import Draft
from storage.casework.papers.tables import PaperSubject
from storage.field.inspections.rules import CertificateNotValid
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.case_papers import serve
from tests.factories.cases import SMALL
from tests.factories.desk import Desk, make_desk
from tests.factories.measures import orders
from tests.factories.papers import FILLED, INTERNAL_FORM, RECORD_FORM
from tests.sites import NOW, ZHONGSHAN, Site

TABLES = ("answers", "answer_examinations", "entries")
K = AnsweredKind


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


@pytest.fixture
async def principal(site: Site) -> Actor:
    return await principal_of(site)


async def principal_of(site: Site, mine: UUID | None = None, role: Role = Role.MINE_PRINCIPAL) -> Actor:
    return await site.person(role, county=None, mine_id=mine or site.mine, certificate=None)


def said(kind: AnsweredKind, subject: UUID, **changes: Any) -> Given:
    usual: dict[str, Any] = {"id": uuid4(), "subject_kind": kind, "subject_id": subject, "stance": Stance.OBJECTED,
                             "words": "传感器当时没有断线"}  # fmt: skip
    return Given(**(usual | changes))


async def gives(desk: Desk, by: Actor, given: Given) -> AnswerRow:
    return await perform(desk.site.database, by, NOW, operations.give_answer, given=given)


async def examines(desk: Desk, answer: UUID, by: Actor | None = None, **changes: Any) -> AnswerRow:
    usual: dict[str, Any] = {"id": uuid4(), "answer_id": answer, "accepted": False, "words": "经复核，照片显示断线"}
    return await perform(
        desk.site.database, by or desk.check.inspector, NOW, operations.examine_answer,
        examined=Examined(**(usual | changes)),
    )  # fmt: skip


async def refused(desk: Desk, problem: type[Problem], act: Any) -> None:
    before = [await desk.site.counted(table) for table in TABLES]
    with pytest.raises(problem):
        await act
    assert before == [await desk.site.counted(table) for table in TABLES]


async def paper_of(desk: Desk, form: str = RECORD_FORM, *, issued: bool = True) -> UUID:
    found = await desk.site.rows.fetchval("SELECT true FROM findings WHERE inspection_id = $1 LIMIT 1", desk.check.id)
    fields = {} if found and form == RECORD_FORM else FILLED[form]  # What was found fills the record by itself.
    draft = Draft(id=uuid4(), form=form, subject_kind=PaperSubject.INSPECTION, subject_id=desk.check.id, fields=fields)
    await perform(desk.site.database, desk.check.lead, NOW, papers.draft_paper, draft=draft)
    if issued:
        await perform(desk.site.database, desk.check.lead, NOW, papers.issue_paper, paper_id=draft.id)
    return draft.id


async def sitting_of(desk: Desk) -> UUID:
    id = uuid4()
    await desk.site.rows.execute("SET session_replication_role = replica")  # Its exam and its person are not looked at.
    await desk.site.put(
        "exam_sittings", id=id, exam_id=uuid4(), mine_id=desk.site.mine, county="520281", office="GZ-1",
        person_id=uuid4(), category="WORKER", attempt=1, medium="PAPER", asked=[], chosen=[], correct=0, total=1,
        score=0, passed=False, flags=[], sat_at=NOW, recorded_by=desk.check.lead.account_id, recorded_at=NOW,
    )  # fmt: skip
    await desk.site.rows.execute("SET session_replication_role = origin")
    return id


async def notice_of(desk: Desk) -> UUID:
    id = await desk.site.rows.fetchval("SELECT id FROM case_steps WHERE kind = 'NOTICE_SERVED'")
    return UUID(str(id))


async def test_the_mine_answers_each_thing_that_it_was_told_and_the_ledger_says_so(
    desk: Desk, principal: Actor
) -> None:
    finding = (await desk.check.finds()).id
    await desk.up_to_the_decision()
    told = {
        K.FINDING: finding, K.MEASURE: (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id,
        K.SITTING: await sitting_of(desk), K.PAPER: await paper_of(desk), K.CASE_STEP: await notice_of(desk),
    }  # fmt: skip
    assert set(told) == set(AnsweredKind)
    for kind, subject in told.items():
        for stance in Stance:
            row = await gives(desk, principal, said(kind, subject, stance=stance))
            assert (row.subject_kind, row.subject_id, row.stance, row.late) == (kind, subject, stance, False)
            assert (row.mine_id, row.answered_by, row.examination) == (desk.site.mine, principal.account_id, None)
    assert (await desk.site.entries()).count("answer.given") == 2 * len(told)
    case = await desk.site.rows.fetchval("SELECT case_id FROM answers WHERE subject_kind = 'CASE_STEP' LIMIT 1")
    assert case == desk.id


async def test_68_a_paper_is_answered_item_by_item(desk: Desk, principal: Actor) -> None:
    paper = await paper_of(desk)
    for item in ("检查情况", "被检查单位现场负责人"):
        assert (await gives(desk, principal, said(K.PAPER, paper, item=item))).item == item
    unknown = said(K.PAPER, paper, item="没有这一项")
    await refused(desk, rules.PaperItemUnknown, gives(desk, principal, unknown))


async def test_the_same_again_answers_as_before_and_other_content_is_a_conflict(desk: Desk, principal: Actor) -> None:
    finding, piece = (await desk.check.finds()).id, await desk.check.piece()
    given = said(K.FINDING, finding, evidence=(piece,), words=" 传感器当时没有断线 ")
    first = await gives(desk, principal, given)
    assert (first.words, first.evidence) == ("传感器当时没有断线", [piece])
    assert await gives(desk, principal, given) == first
    assert (await desk.site.entries()).count("answer.given") == 1
    await refused(desk, rules.AnswerConflict, gives(desk, principal, replace(given, words="另一个说法")))
    colleague = await principal_of(desk.site)
    await refused(desk, rules.AnswerConflict, gives(desk, colleague, given))
    far = await principal_of(desk.site, desk.site.far_mine)
    await refused(desk, NotFound, gives(desk, far, given))


async def test_an_id_that_another_mine_took_is_a_conflict_and_no_more_is_said(desk: Desk, principal: Actor) -> None:
    given = said(K.FINDING, (await desk.check.finds()).id)
    await gives(desk, principal, given)
    far, finding = await principal_of(desk.site, desk.site.far_mine), uuid4()
    await desk.site.rows.execute("SET session_replication_role = replica")
    await desk.site.put(
        "findings", id=finding, inspection_id=uuid4(), mine_id=desk.site.far_mine, county=ZHONGSHAN, office="GZ-2",
        kind="GAS_OVER_LIMIT", severity="MAJOR", fact="事实", measured=[], clause="", measure_basis="",
        penalty_basis="", producing=False, unsafe=False, marks=[], flags=[], seen_at=NOW,
        recorded_by=desk.head.account_id, recorded_at=NOW,
    )  # fmt: skip
    await desk.site.rows.execute("SET session_replication_role = origin")
    await refused(desk, rules.AnswerConflict, gives(desk, far, replace(given, subject_id=finding)))


async def test_it_stands_for_a_thing_once_and_may_still_object(desk: Desk, principal: Actor) -> None:
    finding = (await desk.check.finds()).id
    stands = said(K.FINDING, finding, stance=Stance.COUNTERSIGNED, words="")
    await gives(desk, principal, stands)
    await refused(desk, rules.AlreadyCountersigned, gives(desk, principal, replace(stands, id=uuid4())))
    await gives(desk, principal, said(K.FINDING, finding))
    await gives(desk, principal, said(K.FINDING, finding, words="还有一点不属实"))


async def test_what_is_no_answer_is_refused_and_nothing_is_recorded(desk: Desk, principal: Actor) -> None:
    finding = (await desk.check.finds()).id
    foreign = uuid4()
    await refused(desk, BadInput, gives(desk, principal, said(K.FINDING, finding, words="")))
    unknown = said(K.FINDING, finding, evidence=(foreign,))
    await refused(desk, rules.AnswerEvidenceUnknown, gives(desk, principal, unknown))
    await refused(desk, NotFound, gives(desk, principal, said(K.MEASURE, finding)))


async def test_what_another_mine_or_nobody_was_told_is_not_there(desk: Desk, principal: Actor) -> None:
    finding = (await desk.check.finds()).id
    await desk.up_to_the_decision()
    hidden = await desk.site.rows.fetchval("SELECT id FROM case_steps WHERE kind = 'INVESTIGATION_ENDED'")
    told = {
        K.FINDING: finding, K.MEASURE: (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id,
        K.SITTING: await sitting_of(desk), K.PAPER: await paper_of(desk), K.CASE_STEP: await notice_of(desk),
    }  # fmt: skip
    far = await principal_of(desk.site, desk.site.far_mine)
    both = replace(far, grants=(*far.grants, *desk.head.grants), reach=desk.head.reach)
    for kind, subject in told.items():
        for who in (far, both):
            await refused(desk, NotFound, gives(desk, who, said(kind, subject)))
            await refused(desk, NotFound, gives(desk, who, said(kind, uuid4())))
    internal, draft = await paper_of(desk, INTERNAL_FORM), await paper_of(desk, issued=False)
    for kind, subject in ((K.CASE_STEP, hidden), (K.PAPER, internal), (K.PAPER, draft)):
        await refused(desk, NotFound, gives(desk, principal, said(kind, subject)))


async def test_a_decision_is_answered_from_its_service_on_and_then_late(desk: Desk, principal: Actor) -> None:
    await desk.rest_on_a_sound_finding()
    draft, decision = await desk.up_to_the_decision(), uuid4()
    await desk.take(draft, by=desk.head, officers=(), id=decision)
    await refused(desk, NotFound, gives(desk, principal, said(K.CASE_STEP, decision)))
    finding = desk.conduct.finding
    assert finding is not None
    before = await gives(desk, principal, said(K.FINDING, finding))
    await serve(desk, decision)
    await desk.site.rows.execute("SET session_replication_role = replica")
    await desk.site.rows.execute("UPDATE case_served SET served_at = served_at - interval '1 second'")
    await desk.site.rows.execute("UPDATE answers SET answered_at = answered_at - interval '1 minute'")
    await desk.site.rows.execute("SET session_replication_role = origin")
    for kind, subject in ((K.CASE_STEP, decision), (K.FINDING, finding)):
        assert (await gives(desk, principal, said(kind, subject))).late is True
    async with desk.site.database.reading(desk.head) as sql:
        assert (await queries.answer_of_id(sql, before.id)).late is False
    assert (await desk.file_of()).row.state == "SERVED"


@pytest.mark.parametrize("role", [role for role in Role if Verb.ANSWER_GIVE not in ROLE_VERBS[role]])
async def test_nobody_but_the_principal_answers(desk: Desk, role: Role) -> None:
    finding = (await desk.check.finds()).id
    for actor in (await desk.site.person(role), await principal_of(desk.site, role=role)):
        await refused(desk, NotAllowed, gives(desk, actor, said(K.FINDING, finding)))


async def test_a_grant_over_a_county_makes_nobody_a_mines_principal(desk: Desk) -> None:
    finding = (await desk.check.finds()).id
    wide = await desk.site.person(Role.MINE_PRINCIPAL)
    await refused(desk, NotFound, gives(desk, wide, said(K.FINDING, finding)))


async def test_45_an_officer_answers_an_objection_in_writing_once(desk: Desk, principal: Actor) -> None:
    finding = (await desk.check.finds()).id
    objection = await gives(desk, principal, said(K.FINDING, finding))
    examination = uuid4()
    row = await examines(desk, objection.id, id=examination, words=" 经复核，照片显示断线 ")
    assert row.examination is not None
    assert (row.examination.accepted, row.examination.words) == (False, "经复核，照片显示断线")
    assert await examines(desk, objection.id, id=examination) == row
    assert (await desk.site.entries()).count("answer.examined") == 1
    conflict = examines(desk, objection.id, id=examination, accepted=True)
    await refused(desk, rules.AnswerConflict, conflict)
    await refused(desk, rules.ObjectionAlreadyExamined, examines(desk, objection.id))
    async with desk.site.database.reading(principal) as sql:
        (seen,) = await queries.answers_to(sql, [finding])
        told = await sql.fetchval("SELECT payload FROM payloads WHERE entry_id = $1", row.examination.entry_id)
    assert seen == row, "the mine reads the answer to its objection, and what the ledger says of it"
    assert json.loads(told)["data"]["words"] == "经复核，照片显示断线"


async def test_45_not_by_the_hand_that_told_it_nor_without_a_certificate_nor_a_countersignature(
    desk: Desk, principal: Actor
) -> None:
    finding = (await desk.check.finds()).id
    objection = await gives(desk, principal, said(K.FINDING, finding))
    await refused(desk, rules.ExaminedByTeller, examines(desk, objection.id, by=desk.check.lead))
    bare = await desk.site.person(Role.INSPECTOR, certificate=None)
    await refused(desk, CertificateNotValid, examines(desk, objection.id, by=bare))
    await refused(desk, BadInput, examines(desk, objection.id, words=""))
    far = await desk.site.person(Role.INSPECTOR, county=ZHONGSHAN)
    for id, who in ((objection.id, far), (uuid4(), desk.check.inspector)):
        await refused(desk, NotFound, examines(desk, id, by=who))
    stands = await gives(desk, principal, said(K.FINDING, finding, stance=Stance.COUNTERSIGNED))
    await refused(desk, rules.NotAnObjection, examines(desk, stands.id))


async def test_43_nobody_who_stands_for_what_is_objected_to_examines_the_objection(
    desk: Desk, principal: Actor
) -> None:
    finding = (await desk.check.finds()).id
    await desk.check.acts(desk.check.inspector, findings.confirm_finding, finding_id=finding)
    await desk.up_to_the_decision()
    measure = (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id
    paper = await paper_of(desk)
    told = {K.FINDING: finding, K.CASE_STEP: await notice_of(desk)}  # The inspector is the second officer of both.
    for kind, subject in told.items():
        objection = await gives(desk, principal, said(kind, subject))
        for officer in (desk.check.inspector, desk.check.lead):
            await refused(desk, rules.ExaminedByTeller, examines(desk, objection.id, by=officer))
    for kind, subject in ((K.MEASURE, measure), (K.PAPER, paper), (K.SITTING, await sitting_of(desk))):
        objection = await gives(desk, principal, said(kind, subject))
        await refused(desk, rules.ExaminedByTeller, examines(desk, objection.id, by=desk.check.lead))
        await examines(desk, objection.id)


async def test_43_whoever_was_recused_there_examines_no_objection(desk: Desk, principal: Actor) -> None:
    finding = (await desk.check.finds()).id
    measure = (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id
    paper = await paper_of(desk)
    third = await desk.site.person(Role.INSPECTOR)
    await desk.site.put(
        "conduct_matters", id=uuid4(), kind="RECUSAL", officer_id=third.account_id, about="INSPECTION",
        subject_id=desk.check.id, mine_id=desk.site.mine, county="520281", office="GZ-1", reference="", state="SETTLED",
        steps=2, granted=True, decided_at=NOW, opened_by=desk.head.account_id, opened_at=NOW,
    )  # fmt: skip
    await desk.up_to_the_decision()
    told = {K.FINDING: finding, K.MEASURE: measure, K.PAPER: paper, K.CASE_STEP: await notice_of(desk)}
    for kind, subject in told.items():
        objection = await gives(desk, principal, said(kind, subject))
        await refused(desk, OfficerRecused, examines(desk, objection.id, by=third))


@pytest.mark.parametrize("role", [role for role in Role if Verb.ANSWER_EXAMINE not in ROLE_VERBS[role]])
async def test_no_other_role_examines(desk: Desk, principal: Actor, role: Role) -> None:
    objection = await gives(desk, principal, said(K.FINDING, (await desk.check.finds()).id))
    await refused(desk, NotAllowed, examines(desk, objection.id, by=await desk.site.person(role)))
    await refused(desk, NotAllowed, examines(desk, objection.id, by=await principal_of(desk.site, role=role)))


async def test_45_no_decision_rests_on_a_finding_before_the_objection_to_it_is_examined(
    desk: Desk, principal: Actor
) -> None:
    await desk.rest_on_a_sound_finding()
    assert desk.conduct.finding is not None
    first = await gives(desk, principal, said(K.FINDING, desk.conduct.finding))
    draft = await desk.up_to_the_decision()
    second = await gives(desk, principal, said(K.CASE_STEP, await notice_of(desk)))
    for objection in (first, second):
        await desk.refused(problems.ObjectionNotExamined, desk.take(draft, by=desk.head, officers=()))
        third = await desk.site.person(Role.INSPECTOR)
        await examines(desk, objection.id, by=third)
    await desk.take(draft, by=desk.head, officers=())


async def test_52_nobody_is_fined_on_the_spot_for_what_the_mine_objected_to(desk: Desk, principal: Actor) -> None:
    await desk.rest_on_a_sound_finding()
    assert desk.conduct.finding is not None
    objection = await gives(desk, principal, said(K.FINDING, desk.conduct.finding))
    body = DecidedOnTheSpot(
        number="1", parties=(desk.unit,), conducts=(desk.conduct,), sanctions=(replace(SMALL[0], sum=200_000),),
        facts="事实", grounds="条例", remedies="复议", heard=True, handed_over=True, discovered_on=NOW.date(),
    )  # fmt: skip
    filing: dict[str, Any] = {"id": desk.id, "first": desk.taking(body)}
    await desk.refused(problems.ObjectionNotExamined, desk.file(**filing))
    await examines(desk, objection.id, by=await desk.site.person(Role.INSPECTOR))
    await desk.file(**filing)


async def test_what_is_right_of_a_finding_stays_whatever_is_said_to_it(desk: Desk, principal: Actor) -> None:
    finding = await desk.check.finds()
    await gives(desk, principal, said(K.FINDING, finding.id))
    await desk.check.acts(desk.check.inspector, findings.confirm_finding, finding_id=finding.id)
    await orders(desk.check, "CORRECT_BY_TERM", finding.id, days=10)
    assert await desk.site.counted("measures") == 1


async def test_no_answer_is_changed_or_removed_by_anybody(desk: Desk, principal: Actor) -> None:
    objection = await gives(desk, principal, said(K.FINDING, (await desk.check.finds()).id))
    await examines(desk, objection.id)
    for table, change in (("answers", "words = 'x'"), ("answer_examinations", "accepted = true")):
        for act in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await desk.site.rows.execute(act)


async def test_the_rows_are_held_against_their_entries(desk: Desk, principal: Actor) -> None:
    objection = await gives(desk, principal, said(K.PAPER, await paper_of(desk), item="检查情况"))
    await gives(desk, principal, said(K.FINDING, (await desk.check.finds()).id, stance=Stance.COUNTERSIGNED))
    await examines(desk, objection.id)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await desk.site.rows.fetch(statement, *arguments)

    async def differing() -> set[tuple[str, str]]:
        both = (ANSWERS, EXAMINATIONS)
        return {(one.table, found.column) for one in both async for found in comparing.differences(page, one)}

    assert await differing() == set()
    await desk.site.rows.execute("SET session_replication_role = replica")  # Only a superuser gets past the trigger.
    await desk.site.rows.execute("UPDATE answers SET words = '同意' WHERE stance = 'OBJECTED'")
    await desk.site.rows.execute("UPDATE answer_examinations SET accepted = true")
    assert await differing() == {("answers", "words"), ("answer_examinations", "accepted")}


async def test_both_acts_cost_a_constant_number_of_statements(desk: Desk, principal: Actor) -> None:
    heard, counts, finding = statements_of(desk.site.database), [], (await desk.check.finds()).id
    for _ in range(3):
        objection = await gives(desk, principal, said(K.FINDING, finding))
        await examines(desk, objection.id)
        counts.append(len(heard))
        heard.clear()
    assert counts[1] == counts[2]
