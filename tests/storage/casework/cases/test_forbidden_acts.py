"""Tests of what the law forbids in a case, through the operations: each is refused by its article and leaves nothing.

What is forbidden elsewhere stands with its own area: items outside the powers list with schemes, findings without
evidence in `test_operations.py`, cases with an open hazard in `test_open_hazards.py`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import Archived, Closed, ClosingGround, Paid, PaymentWay, Term
from storage.casework.cases.bodies.deciding import Served, ServiceConfirmed
from storage.casework.cases.bodies.facts import EvidenceAdded
from storage.casework.cases.bodies.notice import (
    DefenceExamined,
    DefenceReceived,
    DefenceWaived,
    DiscretionSuggested,
    HearingAsked,
    HearingNotified,
    HearingOffered,
    HearingWaived,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided, Registered
from storage.casework.cases.steps import Body, Sanction, ServiceWay
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.papers import queries as papers
from storage.record.actor import Actor, Role
from storage.record.clock import SHANGHAI
from storage.record.law.discretion import DiscretionGround
from tests.factories.case_papers import CLOSING, CONTENTS, DECISION, approve, on_paper, serve
from tests.factories.cases import BY_HAND, SMALL, STOP, WAN, fine
from tests.factories.casework import make_check
from tests.factories.desk import Desk, make_desk
from tests.sites import NOW, Site
from tests.storage.casework.test_sweeping import enters


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


def notice(desk: Desk, sanctions: tuple[Sanction, ...] = SMALL) -> NoticeServed:
    return NoticeServed(
        conducts=(desk.conduct.id,), sanctions=sanctions, facts="事实", grounds="条例", rights_told=True,
        delivery=BY_HAND,
    )  # fmt: skip


async def investigated(desk: Desk, *, at: datetime = NOW) -> None:
    await desk.file(at=at)
    await desk.take(Registered(), by=desk.head, party=None, officers=(), at=at)
    evidence = EvidenceAdded(name="照片", proves="超限", evidence=(await desk.check.piece(),))
    for body in (evidence, InvestigationEnded(facts="事实清楚")):
        await desk.take(body, party=None, at=at)


async def suggested(desk: Desk, fine: Sanction, *, least: int, most: int) -> None:
    weighed = DiscretionSuggested(
        standard="基准", basis=fine.basis, ground=DiscretionGround.PLAIN, least=least, most=most, reason="一般",
        departure="个案情节",
    )  # fmt: skip
    await desk.take(weighed)


async def refused(desk: Desk, problem: Any, body: Body, *, by: Actor | None = None, **given: Any) -> None:
    await desk.refused(problem, desk.take(body, by=by, **given))


async def test_penalty_law_42_one_officer_files_no_case_that_could_be_registered(desk: Desk) -> None:
    await desk.file(first=desk.proposal(officers=desk.officers[:1]))
    await refused(desk, problems.OfficersTooFew, Registered(), by=desk.head, party=None, officers=())
    await refused(desk, problems.CaseNotRegistered, notice(desk))


async def test_penalty_law_42_an_expired_certificate_carries_no_case(site: Site) -> None:
    expired = (date(2025, 1, 1), NOW.date() - timedelta(days=1))
    desk = await make_desk(site)
    desk.check = await make_check(site, certificate=expired)
    await desk.file()
    await refused(desk, problems.OfficerNotCertified, Registered(), by=desk.head, party=None, officers=())


async def test_penalty_law_43_a_recused_officer_takes_no_act_of_law(desk: Desk) -> None:
    await investigated(desk)
    asked = desk.taking(RecusalAsked(officer=desk.officers[1], reason="近亲属"))
    await desk.again(asked)
    decided = RecusalDecided(asked=asked.id, granted=True, reason="属实")
    await desk.take(decided, by=desk.head, party=None, officers=())
    await refused(desk, OfficerRecused, notice(desk))


async def test_penalty_law_44_no_decision_before_the_notice(desk: Desk) -> None:
    await investigated(desk)
    await suggested(desk, SMALL[0], least=1, most=2 * WAN)
    await refused(desk, problems.NoticeMissing, desk.draft(), by=desk.head, officers=())


async def test_penalty_law_45_no_heavier_result_after_a_defence(desk: Desk) -> None:
    await investigated(desk)
    await suggested(desk, SMALL[0], least=1, most=10 * WAN)
    await desk.take(notice(desk))
    defence = desk.taking(DefenceReceived(words="不属实"))
    await desk.again(defence)
    await desk.take(DefenceExamined(defence=defence.id, accepted=False, answer="不采纳"))
    await desk.take(DefenceWaived(signed=True))
    draft = desk.draft(sanctions=(fine(2),))
    await refused(desk, problems.HeavierAfterDefence, draft, by=desk.head, officers=())
    await refused(desk, problems.HeavierAfterDefence, notice(desk, (fine(2),)))


async def test_penalty_law_64_no_hearing_is_asked_for_on_the_sixth_working_day_over_a_holiday_with_made_days(
    desk: Desk,
) -> None:
    # Officials entered the calendar: the first of January is off, and the Sunday behind it is worked.
    await enters(desk.site, kind="DAY", key="2027-01-01", number=0)
    await enters(desk.site, kind="DAY", key="2027-01-03", number=1)
    told_at = datetime(2026, 12, 29, 10, tzinfo=SHANGHAI)
    await investigated(desk, at=told_at)
    await desk.take(notice(desk, STOP), at=told_at)
    await desk.take(HearingOffered(delivery=BY_HAND), at=told_at)
    sixth = datetime(2027, 1, 6, 0, 0, tzinfo=SHANGHAI)  # 30, 31 December, 3, 4, 5 January were five.
    await refused(desk, problems.HearingAskedTooLate, HearingAsked(), at=sixth)
    await desk.take(HearingAsked(), at=sixth - timedelta(minutes=1))


async def test_penalty_law_64_whoever_investigated_does_not_chair_the_hearing(desk: Desk) -> None:
    await investigated(desk)
    await desk.take(notice(desk, STOP))
    await desk.take(HearingOffered(delivery=BY_HAND))
    await desk.take(HearingAsked())
    chair = await desk.site.person(Role.HEARING_CHAIR)
    told = HearingNotified(hearing_at=NOW + timedelta(days=20), place="一楼", chair=desk.officers[1], delivery=BY_HAND)
    await refused(desk, problems.ChairInvestigated, told, by=chair)
    await desk.take(replace(told, chair=chair.account_id), by=chair)


async def test_penalty_law_58_no_major_decision_without_its_legal_review(desk: Desk) -> None:
    await investigated(desk)
    await suggested(desk, STOP[1], least=50 * WAN, most=100 * WAN)
    await desk.take(notice(desk, STOP))
    await desk.take(DefenceWaived(signed=True))
    await desk.take(HearingOffered(delivery=BY_HAND))
    await desk.take(HearingWaived(signed=True))
    draft = desk.draft(sanctions=STOP)
    await refused(desk, problems.ReviewMissing, draft, by=desk.head, officers=())


async def test_penalty_law_60_no_decision_on_the_day_after_the_last(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    over = datetime(2027, 2, 23, tzinfo=SHANGHAI)
    await desk.refused(problems.TimeLimitOver, desk.take(draft, by=desk.head, officers=(), at=over))
    await desk.again(desk.taking(draft, officers=()), by=desk.head, at=over - timedelta(minutes=1))


async def test_penalty_law_29_one_party_is_not_fined_twice_for_one_act(desk: Desk) -> None:
    await desk.rest_on_a_sound_finding()
    draft = await desk.up_to_the_decision()
    await desk.take(draft, by=desk.head, officers=())
    await refused(desk, problems.SecondFine, draft, by=desk.head, officers=())
    other = await make_desk(desk.site)
    other.check, other.conduct = desk.check, replace(desk.conduct, id=uuid4())
    again = await other.up_to_the_decision()
    await refused(other, problems.FinedElsewhere, again, by=other.head, officers=())


async def test_penalty_law_61_nothing_is_served_by_mail_without_a_signed_consent(desk: Desk) -> None:
    step = desk.taking(await desk.up_to_the_decision(), officers=())
    await desk.again(step, by=desk.head)
    await on_paper(desk, DECISION, step_id=step.id)
    by_mail = Served(decision=step.id, delivery=replace(BY_HAND, way=ServiceWay.ELECTRONIC))
    await refused(desk, problems.ElectronicServiceWithoutConsent, by_mail)
    await desk.take(ServiceConfirmed(address="a@example.cn", electronic=True, signed=False))
    await refused(desk, problems.ElectronicServiceWithoutConsent, by_mail)
    await desk.take(ServiceConfirmed(address="a@example.cn", electronic=True, signed=True))
    await desk.take(by_mail)


async def test_penalty_law_59_nothing_is_served_that_is_not_on_paper(desk: Desk) -> None:
    step = desk.taking(await desk.up_to_the_decision(), officers=())
    await desk.again(step, by=desk.head)
    await refused(desk, problems.DecisionNotOnPaper, Served(decision=step.id, delivery=BY_HAND))
    await serve(desk, step.id)


async def test_penalty_law_47_archives_law_13_no_case_is_closed_or_put_away_without_its_papers(desk: Desk) -> None:
    step = desk.taking(await desk.up_to_the_decision(), officers=())
    await desk.again(step, by=desk.head)
    served = await serve(desk, step.id)
    await desk.take(Paid(decision=step.id, sum=WAN, way=PaymentWay.BANK))
    done, away = Closed(ground=ClosingGround.DONE, report="已缴款"), Archived(term=Term.LONG)
    whole: dict[str, Any] = {"party": None, "officers": ()}
    archivist = await desk.site.person(Role.ARCHIVIST)
    await desk.refused(problems.ClosingNotOnPaper, desk.take(done, by=desk.head, **whole))
    unsigned = await on_paper(desk, CLOSING)
    await desk.refused(problems.ClosingNotOnPaper, desk.take(replace(done, papers=(unsigned,)), by=desk.head, **whole))
    await approve(desk, unsigned)
    await desk.refused(
        problems.PaperNotOfCase, desk.take(replace(done, papers=(unsigned, uuid4())), by=desk.head, **whole)
    )
    closed = desk.taking(replace(done, papers=(unsigned,)), **whole)
    await desk.again(closed, by=desk.head)
    await desk.refused(problems.FileNotWhole, desk.take(away, by=archivist, **whole))
    await on_paper(desk, "立案审批表")
    await on_paper(desk, "行政处罚告知书")
    await on_paper(desk, "文书送达回执", step_id=served)
    await desk.refused(problems.ContentsNotWhole, desk.take(away, by=archivist, **whole))
    contents = await on_paper(desk, CONTENTS)
    archived = desk.taking(replace(away, papers=(contents,)), **whole)
    await desk.again(archived, by=archivist)
    async with desk.site.database.reading(desk.head) as sql:
        shown = {(one["step_id"], one["id"]) for one in await papers.papers_of_steps(sql, [closed.id, archived.id])}
    assert shown == {(closed.id, unsigned), (archived.id, contents)}, "the steps show what they rest on"
