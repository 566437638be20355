"""Tests of the record of a deliberation as heads sign it here: by account, in ink, or with the reason why not (57)."""

from uuid import UUID

import pytest

from storage.casework.cases import problems, queries
from storage.casework.cases.bodies.deciding import Decided, Deliberated
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.missing import missing_for_decision
from storage.casework.papers import signing
from storage.casework.papers.rules import SignerSignedBefore
from storage.casework.papers.signing import Refusing, Signing
from storage.casework.papers.tables import SignedWay
from storage.record.actor import Actor, Role
from storage.record.clock import to_ms
from storage.record.work import perform
from tests.factories.case_papers import on_paper
from tests.factories.desk import Desk, make_desk
from tests.factories.papers import STROKES
from tests.sites import NOW, Site

DISCUSSION = "行政处罚集体讨论记录"


@pytest.fixture
async def desk(site: Site) -> Desk:
    """A complex case at the point where its heads deliberate."""
    desk = await make_desk(site)
    await desk.up_to_the_decision()
    await desk.take(InvestigationEnded(facts="事实清楚", complex=True), party=None)
    return desk


async def deliberated(desk: Desk, *heads: Actor) -> UUID:
    """These heads together; the paper of it."""
    step = desk.taking(Deliberated(heads=tuple(one.account_id for one in heads), opinion="同意"), officers=())
    await desk.again(step, by=desk.head)
    await desk.refused(problems.DeliberationNotOnPaper, decide(desk))
    return await on_paper(desk, DISCUSSION, step_id=step.id)


async def decide(desk: Desk) -> object:
    draft: Decided = desk.draft()
    return await desk.take(draft, by=desk.head, officers=())


async def signs(desk: Desk, paper: UUID, who: Actor, place: str) -> None:
    by_hand = Signing(place=place, way=SignedWay.HAND, at=to_ms(NOW), strokes=STROKES, opinion="保留意见")
    await perform(desk.site.database, who, NOW, signing.sign_paper, paper_id=paper, signing=by_hand)


async def name_of(desk: Desk, who: Actor) -> str:
    return str(await desk.site.rows.fetchval("SELECT name FROM accounts WHERE id = $1", who.account_id))


async def test_57_no_decision_rests_on_a_record_that_one_of_two_heads_signed(desk: Desk) -> None:
    second = await desk.site.person(Role.AGENCY_HEAD)
    paper = await deliberated(desk, desk.head, second)
    await signs(desk, paper, desk.head, "出席人员1")
    await desk.refused(problems.DeliberationNotSigned, decide(desk))
    async with desk.site.database.reading(desk.check.lead) as sql:
        file = await queries.file_of(sql, desk.id)
    (lacks,) = missing_for_decision(file.history, file.law, NOW, party=desk.unit.id)
    assert lacks.problem.parameters["account"] == str(second.account_id)
    with pytest.raises(SignerSignedBefore):
        await signs(desk, paper, desk.head, "出席人员2")
    await signs(desk, paper, second, "出席人员2")
    await decide(desk)


async def test_57_a_stranger_who_signs_stands_for_no_head(desk: Desk) -> None:
    second, third = [await desk.site.person(Role.AGENCY_HEAD) for _ in range(2)]
    paper = await deliberated(desk, desk.head, second)
    await signs(desk, paper, desk.head, "出席人员1")
    await signs(desk, paper, third, "出席人员2")
    await desk.refused(problems.DeliberationNotSigned, decide(desk))


async def test_57_a_head_who_would_not_sign_is_noted_with_his_reason(desk: Desk) -> None:
    second = await desk.site.person(Role.AGENCY_HEAD)
    paper = await deliberated(desk, desk.head, second)
    await signs(desk, paper, desk.head, "出席人员1")
    for place, name in (("出席人员2", "另一人"), ("出席人员3", await name_of(desk, second))):
        await desk.refused(problems.DeliberationNotSigned, decide(desk))
        refusing = Refusing(place=place, name=name, reason="保留不同意见")
        await perform(desk.site.database, desk.check.lead, NOW, signing.record_refusal, paper_id=paper,
                      refusing=refusing)  # fmt: skip
    await decide(desk)


async def test_57_a_head_who_signed_in_ink_is_known_by_his_name(desk: Desk) -> None:
    second = await desk.site.person(Role.AGENCY_HEAD)
    paper = await deliberated(desk, desk.head, second)
    await signs(desk, paper, desk.head, "出席人员1")
    ink = Signing(place="出席人员2", way=SignedWay.INK, at=to_ms(NOW), name=await name_of(desk, second),
                  evidence_id=await desk.check.piece())  # fmt: skip
    await perform(desk.site.database, desk.check.lead, NOW, signing.sign_paper, paper_id=paper, signing=ink)
    await decide(desk)
