"""Tests that one recusal holds in the inspection, its scheme, exam, measures and papers, and in the case (处罚法43)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.facts import Noted
from storage.casework.cases.bodies.opening import Registered
from storage.casework.cases.defects import open_defects
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind
from storage.casework.exams import operations as exams
from storage.casework.findings import operations as findings
from storage.casework.measures import operations as measures
from storage.casework.measures.tables import StepOutcome, Turn
from storage.casework.papers import operations as papers
from storage.casework.papers.tables import PaperSubject
from storage.casework.schemes import operations as schemes
from storage.record.actor import Role
from tests.factories.conduct import Agency, make_agency
from tests.factories.desk import Desk
from tests.factories.measures import Ordered, order_of
from tests.factories.papers import FILLED, RECORD_FORM
from tests.factories.schemes import team_of
from tests.sites import NOW, Site

TABLES = ("findings", "finding_confirmations", "measures", "measure_steps", "case_steps", "exams", "papers", "entries")


async def refused(agency: Agency, act: Any) -> None:
    before = [await agency.site.counted(table) for table in TABLES]
    with pytest.raises(OfficerRecused):
        await act
    assert before == [await agency.site.counted(table) for table in TABLES]


async def recused(site: Site) -> Agency:
    """The agency after its head recused the inspector from the inspection, on the request of the mine."""
    agency = await make_agency(site)
    matter = await agency.recusal()
    await agency.takes(agency.head, matter.id, ConductTurn.DECIDED, outcome=ConductOutcome.GRANTED)
    return agency


async def test_43_until_the_decision_and_after_a_refusal_the_officer_goes_on(site: Site) -> None:
    agency = await make_agency(site)
    matter = await agency.recusal()
    finding = await agency.check.finds(evidence=(await agency.check.piece(),))
    await agency.acts(agency.officer, findings.confirm_finding, finding_id=finding.id)
    await agency.takes(agency.head, matter.id, ConductTurn.DECIDED, outcome=ConductOutcome.REFUSED)
    other = await agency.check.finds()
    await agency.acts(agency.officer, findings.confirm_finding, finding_id=other.id)
    stood_for = await site.rows.fetch("SELECT finding_id, account_id FROM finding_confirmations")
    assert {tuple(row) for row in stood_for} >= {(one.id, agency.officer.account_id) for one in (finding, other)}


async def test_43_what_a_recused_officer_saw_is_kept_with_a_defect_that_two_others_make_good(site: Site) -> None:
    agency = await recused(site)
    finding = await agency.acts(agency.officer, findings.record_finding, fact=agency.check.fact())
    open_codes = "SELECT code FROM finding_defects WHERE finding_id = $1 AND made_good_at IS NULL ORDER BY code"

    async def lacking() -> list[str]:
        return [row["code"] for row in await site.rows.fetch(open_codes, finding.id)]

    assert await lacking() == ["NOT_CONFIRMED", "NO_EVIDENCE", "OFFICER_RECUSED"]
    await refused(agency, agency.acts(agency.officer, findings.confirm_finding, finding_id=finding.id))
    await agency.acts(agency.officer, findings.attach_evidence, finding_id=finding.id,
                      evidence=[await agency.check.piece()])  # fmt: skip
    await agency.acts(agency.check.lead, findings.confirm_finding, finding_id=finding.id)
    assert await lacking() == ["NOT_CONFIRMED", "OFFICER_RECUSED"]
    third = await site.person(Role.INSPECTOR)
    certificate = await site.rows.fetchval("SELECT id FROM certificates WHERE account_id = $1", third.account_id)
    await site.put("inspection_officers", inspection_id=agency.check.id, account_id=third.account_id,
                   certificate_id=certificate)  # fmt: skip
    await agency.acts(third, findings.confirm_finding, finding_id=finding.id)
    assert await lacking() == []


async def test_43_he_orders_nothing_but_what_protects_life_and_stands_for_nothing(site: Site) -> None:
    agency = await recused(site)
    check, officer = agency.check, agency.officer
    finding = (await check.finds()).id
    order = order_of(check, "CORRECT_BY_TERM", finding, days=10)
    await refused(agency, agency.acts(officer, measures.order_measure, order=order))
    for by in (officer, check.lead):
        withdrawal = order_of(check, "WITHDRAW_PEOPLE", danger=True)
        await agency.acts(by, measures.order_measure, order=withdrawal)
        held = Ordered(check, withdrawal.id)
        step = await site.rows.fetchrow(
            "SELECT certificate_id FROM measure_steps WHERE measure_id = $1 AND ordinal = 0", withdrawal.id
        )
        assert (step["certificate_id"] is None) is (by is officer)
        later = NOW + timedelta(minutes=5)
        await held.takes(officer, Turn.HEADS_COUNTED, number=3, at=later)
        await held.takes(officer, Turn.RECHECKED, outcome=StepOutcome.CORRECTED, at=later)
        await refused(agency, held.takes(officer, Turn.CONFIRMED, at=later))
        await refused(agency, held.takes(officer, Turn.RECHECK_SIGNED, subject_id=uuid4(), at=later))


async def test_43_he_holds_no_exam_and_issues_no_paper_of_the_inspection(site: Site) -> None:
    agency = await recused(site)
    await refused(agency, agency.acts(agency.officer, exams.hold_exam, id=uuid4(), inspection_id=agency.check.id))
    draft = papers.Draft(id=uuid4(), form=RECORD_FORM, subject_kind=PaperSubject.INSPECTION, subject_id=agency.check.id,
                  fields=FILLED[RECORD_FORM])  # fmt: skip
    await agency.acts(agency.check.lead, papers.draft_paper, draft=draft)
    await refused(agency, agency.acts(agency.officer, papers.issue_paper, paper_id=draft.id))


async def test_43_a_scheme_with_a_recused_officer_is_neither_approved_nor_opened_and_it_holds_in_the_inspection(
    site: Site,
) -> None:
    agency, team = await make_agency(site), await team_of(site)
    approved, drafted = await team.drafts(), await team.drafts()
    await team.approves(approved.id)
    for scheme in (approved, drafted):
        matter = await agency.opens(team.inspector, MatterKind.RECUSAL, team.inspector, about=About.SCHEME,
                                    subject_id=scheme.id)  # fmt: skip
        await agency.takes(agency.head, matter.id, ConductTurn.DECIDED, outcome=ConductOutcome.GRANTED)
    await refused(agency, agency.acts(team.lead, schemes.approve_scheme, scheme_id=drafted.id))
    opening = agency.acts(team.lead, schemes.open_by_scheme, scheme_id=approved.id, inspection_id=uuid4(), places=())
    await refused(agency, opening)
    await site.rows.execute("UPDATE schemes SET inspection_id = $2 WHERE id = $1", approved.id, agency.check.id)
    await site.put(
        "inspection_officers", inspection_id=agency.check.id, account_id=team.inspector.account_id,
        certificate_id=await site.rows.fetchval(
            "SELECT id FROM certificates WHERE account_id = $1", team.inspector.account_id
        ),
    )  # fmt: skip
    finding = await agency.check.finds()
    await refused(agency, agency.acts(team.inspector, findings.confirm_finding, finding_id=finding.id))


async def test_43_a_recusal_in_the_inspection_holds_in_the_case_that_comes_from_it(site: Site) -> None:
    agency = await recused(site)
    desk = Desk(agency.check, agency.head, await site.person(Role.LEGAL_REVIEWER))
    later = agency.now + timedelta(minutes=1)
    await refused(agency, desk.file(by=agency.officer, at=later))
    await refused(agency, desk.file(at=later))
    first = desk.proposal(officers=(agency.check.lead.account_id, (await site.person(Role.INSPECTOR)).account_id))
    await desk.file(first=first, at=later)
    step = desk.taking(Noted(words="现场所见"), party=None, officers=())
    await desk.again(step, by=agency.officer, at=later)
    await desk.take(Registered(), by=desk.head, party=None, officers=(), at=later)
    file = await desk.file_of()
    assert set(file.history.recused) == {agency.officer.account_id}
    assert open_defects(file.history, file.law) == ()


async def test_43_it_holds_too_where_the_case_names_a_finding_and_not_the_inspection(site: Site) -> None:
    agency = await recused(site)
    finding = await agency.check.finds()
    for named in (finding.id, None):
        desk = Desk(agency.check, agency.head, agency.officer)
        desk.conduct = replace(desk.conduct, finding=named)
        first = desk.proposal()
        proposed: Any = first.body
        first = replace(first, body=replace(proposed, inspection=None))
        if named is not None:
            await refused(agency, desk.file(first=first, at=agency.now))
        else:
            # A case that comes from no inspection knows of no recusal there.
            assert (await desk.file(first=first, at=agency.now)).state == "PROPOSED"
