"""Tests of filing cases and taking steps in them: what they keep and refuse, who may, and their traces."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.casework.cases import problems, queries, timeline
from storage.casework.cases.bodies import BODIES
from storage.casework.cases.bodies.deciding import (
    Decided,
    DecidedOnTheSpot,
    DecisionOutcome,
    Deliberated,
    ReviewPassed,
    ReviewPoint,
    ReviewSubmitted,
)
from storage.casework.cases.bodies.facts import (
    CorrectionOrdered,
    EvidenceAdded,
    MadeGood,
    Noted,
    Recorded,
    RecordingMedium,
    StatementTaken,
)
from storage.casework.cases.bodies.notice import (
    DiscretionSuggested,
    InvestigationEnded,
)
from storage.casework.cases.bodies.opening import Registered
from storage.casework.cases.bodies.transfer import PassedOn
from storage.casework.cases.defects import open_defects
from storage.casework.cases.steps import Body, Sanction, SanctionKind, StepKind
from storage.casework.cases.taking import VERB_OF
from storage.casework.cases.timeline import CaseEventKind
from storage.casework.findings import operations as findings
from storage.field.inspections.rules import OfficerUnknown
from storage.record.actor import ROLE_VERBS, Reach, Role
from storage.record.law.discretion import DiscretionGround
from storage.record.problems import BadInput, NotAllowed, NotFound
from tests.counting import statements_of
from tests.factories.cases import BY_HAND, SMALL, WAN
from tests.factories.desk import Desk, make_desk
from tests.sites import NOW, ZHONGSHAN, Site


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def test_a_case_goes_from_the_proposal_to_the_fine_each_step_with_its_trace(desk: Desk) -> None:
    await desk.rest_on_a_sound_finding()
    draft = await desk.up_to_the_decision()
    row = await desk.take(draft, by=desk.head, officers=())
    assert (row.state, row.steps, row.cause) == ("DECIDED", 11, "瓦斯超限作业")
    kinds = [kind for kind in await desk.site.entries() if kind.startswith("case.")]
    assert kinds.count("case.made_good") == 3, "the other officer stands for what one of them entered"
    kinds = [kind for kind in kinds if kind != "case.made_good"]
    assert kinds == [
        "case.opened", "case.proposed", "case.registered", "case.evidence_added", "case.investigation_ended",
        "case.discretion_suggested", "case.notice_served", "case.defence_waived", "case.decided",
    ] or set(kinds[:2]) == {"case.opened", "case.proposed"}  # fmt: skip
    said = await desk.site.rows.fetchval(
        "SELECT payload FROM payloads JOIN entries e ON e.id = entry_id WHERE kind = 'case.decided'"
    )
    told = json.loads(said)["data"]
    assert (told["ordinal"], told["body"]["sanctions"][0]["sum"]) == (10, WAN)
    file = await desk.file_of()
    assert file.history.steps[-1].body == draft
    assert file.history.steps[0].officers[0].certificate is not None
    assert await desk.site.counted("case_fines") == 1
    assert await desk.site.counted("case_pieces") == 1


async def test_the_clocks_of_a_case_stand_for_the_sweep_and_are_met(desk: Desk) -> None:
    await desk.up_to_the_decision()
    rows = {row["key"]: row for row in await desk.site.rows.fetch("SELECT * FROM case_clocks")}
    assert set(rows) == {"decision", "defence", "defect_made_good"}
    assert rows["defect_made_good"]["met_at"] == NOW
    assert rows["defence"]["met_at"] == NOW
    assert rows["decision"]["ends"] == date(2027, 2, 22)
    assert rows["decision"]["met_at"] is None


async def test_the_same_step_again_is_the_same_answer_and_another_under_its_id_a_conflict(desk: Desk) -> None:
    await desk.file()
    step = desk.taking(Noted(words="现场所见"), party=None)
    first = await desk.again(step)
    assert await desk.again(step) == first
    assert await desk.again(step, at=NOW + timedelta(days=1)) == first
    await desk.refused(problems.StepConflict, desk.again(replace(step, body=Noted(words="另一件事"))))
    await desk.refused(problems.StepConflict, desk.again(step, by=desk.check.inspector))
    other = Desk(desk.check, desk.head, desk.reviewer)
    await other.file()
    await desk.refused(problems.StepConflict, other.again(step))


async def test_the_same_filing_again_is_the_same_answer(desk: Desk) -> None:
    first = desk.proposal()
    row = await desk.file(first=first)
    assert await desk.file(first=first) == row
    await desk.refused(problems.StepConflict, desk.file(first=replace(first, officers=first.officers[:1])))
    await desk.refused(problems.CaseAlreadyOpen, desk.file(first=desk.proposal()))


async def test_a_case_is_filed_by_a_proposal_or_on_the_spot_at_a_mine_in_sight(desk: Desk) -> None:
    await desk.refused(BadInput, desk.file(first=desk.taking(Noted(words="所见"))))
    await desk.refused(NotFound, desk.file(mine_id=desk.site.far_mine))
    await desk.refused(OfficerUnknown, desk.file(first=desk.proposal(officers=(uuid4(), desk.officers[0]))))


async def test_an_unlawful_step_leaves_nothing_behind(desk: Desk) -> None:
    await desk.file()
    await desk.refused(problems.CaseNotRegistered, desk.take(InvestigationEnded(facts="事实"), party=None))
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    await desk.refused(problems.OfficersTooFew, desk.take(InvestigationEnded(facts="x"), officers=desk.officers[:1]))
    draft = Decided(outcome=DecisionOutcome.PENALTY, conducts=(desk.conduct.id,), facts="事实", grounds="条例",
                    sanctions=SMALL, remedies="复议", pay_to="银行")  # fmt: skip
    await desk.refused(problems.InvestigationNotEnded, desk.take(draft, by=desk.head, officers=()))
    tomorrow = desk.taking(CorrectionOrdered(what="整改", due_on=date.max), party=None, at=NOW + timedelta(hours=1))
    await desk.refused(problems.StepInFuture, desk.again(tomorrow))


async def test_no_fact_is_lost_to_a_phone_whose_clock_goes_ahead_and_its_entry_says_so(desk: Desk) -> None:
    await desk.file()
    fact = desk.taking(Noted(words="所见"), party=None, at=NOW + timedelta(hours=1))
    await desk.again(fact)
    assert (await desk.again(fact)).steps == 2, "the same again answers as before"
    assert (await desk.file_of()).history.steps[-1].at == NOW
    said = await desk.site.rows.fetchval(
        "SELECT payload FROM payloads y JOIN entries e ON e.id = y.entry_id WHERE e.kind = 'case.noted'"
    )
    assert json.loads(said)["data"]["said_at"] == (NOW + timedelta(hours=1)).isoformat()
    order = CorrectionOrdered(what="整改", due_on=NOW.date())
    await desk.take(order, at=NOW, party=None)
    await desk.again(desk.taking(order, party=None, at=NOW + timedelta(seconds=1)), at=NOW)


async def test_what_a_lapsed_officer_saw_is_kept_with_its_defect(desk: Desk) -> None:
    lapsed = await desk.site.person(Role.INSPECTOR, certificate=(date(2020, 1, 1), date(2026, 1, 1)))
    await desk.file()
    desk.confirms = False
    await desk.take(StatementTaken(of="矿长", signed=True), party=None, officers=(desk.officers[0], lapsed.account_id))
    file = await desk.file_of()
    lacks = [one.kind.value for one in open_defects(file.history, file.law)]
    assert lacks == ["NOT_CONFIRMED", "CERTIFICATE_NOT_VALID"]
    due = await desk.site.rows.fetchval("SELECT over_at FROM case_clocks WHERE key = 'defect_made_good'")
    assert due == NOW + timedelta(hours=24)


async def test_42_what_one_officer_entered_for_two_stands_for_one_until_the_other_confirms_it_himself(
    desk: Desk,
) -> None:
    await desk.file()
    desk.confirms = False
    step, third = uuid4(), await desk.site.person(Role.INSPECTOR)
    await desk.take(StatementTaken(of="矿长", signed=True), party=None, id=step)
    file = await desk.file_of()
    (defect,) = open_defects(file.history, file.law)
    assert (defect.kind.value, defect.due) == ("NOT_CONFIRMED", NOW + timedelta(hours=24))
    good = MadeGood(step=step, defect=defect.kind, how="本人参与询问")
    for who in (desk.check.lead, third):
        refused = desk.take(good, by=who, party=None, officers=(who.account_id,))
        await desk.refused(problems.ConfirmedByAnother, refused)
    own = desk.check.inspector
    await desk.take(good, by=own, party=None, officers=(own.account_id,))
    file = await desk.file_of()
    assert open_defects(file.history, file.law) == ()


async def test_whoever_is_no_officer_here_is_without_a_certificate_here(desk: Desk) -> None:
    await desk.file()
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    ended = desk.take(InvestigationEnded(facts="x"), officers=(desk.officers[0], desk.reviewer.account_id))
    await desk.refused(problems.OfficerNotCertified, ended)


async def test_pieces_are_of_this_mine_and_of_the_medium_that_is_said(desk: Desk) -> None:
    await desk.file()
    strange = EvidenceAdded(name="照片", proves="事实", evidence=(uuid4(),))
    await desk.refused(problems.PieceUnknown, desk.take(strange, party=None))
    step, piece = uuid4(), await desk.check.piece()
    await desk.take(Noted(words="所见"), party=None, id=step)
    film = Recorded(step=step, medium=RecordingMedium.FILM, evidence=(piece,))
    await desk.refused(problems.PieceOfAnotherKind, desk.take(film, party=None))
    await desk.take(replace(film, medium=RecordingMedium.PICTURE), party=None)


async def test_whoever_deliberates_is_a_head(desk: Desk) -> None:
    await desk.up_to_the_decision()
    alone = Deliberated(heads=(desk.head.account_id, desk.check.lead.account_id), opinion="同意")
    await desk.refused(problems.HeadUnknown, desk.take(alone, by=desk.head, officers=()))
    second = await desk.site.person(Role.AGENCY_HEAD)
    both = Deliberated(heads=(desk.head.account_id, second.account_id), opinion="同意")
    await desk.take(both, by=desk.head, officers=())


async def test_a_reviewer_passes_what_was_submitted(desk: Desk) -> None:
    await desk.up_to_the_decision()
    submitted = desk.taking(ReviewSubmitted(sanctions=SMALL, papers="案卷"))
    await desk.again(submitted)
    passed = ReviewPassed(submitted=submitted.id, checked=tuple(ReviewPoint), reviewed_before=True)
    row = await desk.take(passed, by=desk.reviewer, officers=())
    assert row.state == "IN_REVIEW"


async def test_one_finding_is_fined_once_for_one_subject_whatever_the_case(desk: Desk) -> None:
    await desk.rest_on_a_sound_finding()
    draft = await desk.up_to_the_decision()
    await desk.take(draft, by=desk.head, officers=())
    other = Desk(desk.check, desk.head, desk.reviewer)
    other.conduct = replace(other.conduct, finding=desk.conduct.finding)
    again = await other.up_to_the_decision()
    await desk.refused(problems.FinedElsewhere, other.take(again, by=desk.head, officers=()))


async def test_two_heads_deciding_at_once_decide_once(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    second = await desk.site.person(Role.AGENCY_HEAD)
    done = await asyncio.gather(
        *(desk.take(draft, by=by, officers=()) for by in (desk.head, second)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["CaseRow", "SecondFine"]


@pytest.mark.parametrize("verb", sorted(set(VERB_OF.values())))
async def test_no_role_without_its_verb_takes_a_step_and_nothing_is_recorded(desk: Desk, verb: Any) -> None:
    await desk.file()
    kind = next(one for one in StepKind if VERB_OF[one] is verb)
    body = {
        StepKind.PROPOSED: desk.proposal().body,
        StepKind.REGISTERED: Registered(),
        StepKind.RECUSAL_ASKED: Noted(words="所见"),
    }.get(kind) or _bare(kind)
    for role in Role:
        if verb not in ROLE_VERBS[role]:
            person = await desk.site.person(role)
            await desk.refused(NotAllowed, desk.take(body, by=person, party=None, officers=()))


def _bare(kind: StepKind) -> Body:
    """A body that need not be lawful: the verb is asked for first."""
    samples: dict[StepKind, dict[str, Any]] = {
        StepKind.REVIEW_RETURNED: {"submitted": uuid4(), "notes": "第三页"},
        StepKind.HEARING_NOTIFIED: {"hearing_at": NOW, "place": "一楼", "chair": uuid4(), "delivery": BY_HAND},
        StepKind.ARCHIVED: {"term": "LONG"},
    }
    return BODIES[kind](**samples[kind])


async def test_whoever_cannot_see_the_mine_finds_no_case(desk: Desk) -> None:
    await desk.file()
    far = await desk.site.person(Role.INSPECTOR, county=ZHONGSHAN)
    await desk.refused(NotFound, desk.take(Noted(words="所见"), by=far, party=None, officers=()))
    async with desk.site.database.reading(far) as sql:
        assert await queries.cases_visible_to(sql, far, limit=10) == []
        with pytest.raises(NotFound):
            await queries.file_of(sql, desk.id)
    async with desk.site.database.reading(desk.head) as sql:
        (row,) = await queries.cases_visible_to(sql, desk.head, limit=10, mine_id=desk.site.mine, state="PROPOSED")
        assert row.id == desk.id


async def test_steps_are_changed_by_nobody(desk: Desk) -> None:
    await desk.file()
    for statement in (
        "UPDATE case_steps SET body = '{}'", "DELETE FROM case_steps", "TRUNCATE case_steps CASCADE",
        "DELETE FROM case_parties", "UPDATE case_parties SET name = 'x'",
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError):
            await desk.site.rows.execute(statement)
    async with desk.site.database.transaction(desk.check.lead) as (_, sql):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute("UPDATE case_steps SET kind = 'NOTED'")


async def test_a_case_and_its_timeline_open_in_a_constant_number_of_statements(desk: Desk) -> None:
    await desk.file()
    desk.confirms = False
    for number in range(30):
        await desk.take(
            EvidenceAdded(name=f"照片{number}", proves="事实", evidence=(await desk.check.piece(),)), party=None
        )
    heard = statements_of(desk.site.database)
    counts = []
    for limit in (2, 31):
        await desk.site.database.close()
        heard.clear()
        async with desk.site.database.reading(replace(desk.check.lead, reach=Reach(everything=True))) as sql:
            rows = await timeline.events_of(sql, desk.id, limit=limit, kinds=[CaseEventKind.STEP])
            pieces = await queries.pieces_of(sql, [row.thing for row in rows])
        assert (len(rows), len(pieces)) == (limit, limit - 1)
        counts.append(len(heard))
    assert counts[0] == counts[1]
    async with desk.site.database.reading(desk.check.lead) as sql:
        steps = [CaseEventKind.STEP]
        (last, before) = await timeline.events_of(sql, desk.id, limit=2, backwards=True, kinds=steps)
        assert (last.number, before.number) == (30, 29)
        (third,) = await timeline.events_of(sql, desk.id, limit=1, behind=before.key, backwards=True, kinds=steps)
        after = await timeline.events_of(sql, desk.id, limit=2, behind=third.key, kinds=steps)
        assert [one.number for one in after] == [29, 30]


async def test_penalty_law_40_no_decision_rests_on_a_finding_until_its_defects_are_made_good(desk: Desk) -> None:
    finding = await desk.check.finds()
    desk.conduct = replace(desk.conduct, finding=finding.id)
    draft = await desk.up_to_the_decision()
    lacking = {one.code for one in (await desk.file_of()).history.lacking}
    assert lacking == {"NO_EVIDENCE", "NOT_CONFIRMED"}
    await desk.refused(problems.RestsOnFinding, desk.take(draft, by=desk.head, officers=()))
    piece = await desk.check.piece()
    await desk.check.acts(desk.check.lead, findings.attach_evidence, finding_id=finding.id, evidence=[piece])
    await desk.refused(problems.RestsOnFinding, desk.take(draft, by=desk.head, officers=()))
    await desk.check.acts(desk.check.inspector, findings.confirm_finding, finding_id=finding.id)
    assert (await desk.take(draft, by=desk.head, officers=())).state == "DECIDED"


async def test_penalty_law_40_a_conduct_names_only_a_finding_that_was_made_at_this_mine(desk: Desk) -> None:
    elsewhere = await desk.check.finds()
    await desk.site.rows.execute("UPDATE findings SET mine_id = $1", desk.site.far_mine)
    for finding in (uuid4(), elsewhere.id):
        desk.conduct = replace(desk.conduct, finding=finding)
        await desk.refused(problems.FindingUnknown, desk.file())


async def test_penalty_law_52_nor_is_it_decided_on_the_spot(desk: Desk) -> None:
    lacking = await desk.check.finds()
    on_the_spot = DecidedOnTheSpot(
        number="1号", discovered_on=date(2026, 11, 20), parties=(desk.unit,), facts="事实", grounds="依据", heard=True,
        conducts=(replace(desk.conduct, finding=lacking.id),), sanctions=(Sanction(kind=SanctionKind.WARNING),),
        handed_over=True, remedies="复议",
    )  # fmt: skip
    await desk.refused(problems.RestsOnFinding, desk.file(first=desk.taking(on_the_spot)))
    await desk.rest_on_a_sound_finding()
    assert (await desk.file(first=desk.taking(replace(on_the_spot, conducts=(desk.conduct,))))).simple


async def test_what_no_reader_of_json_takes_is_refused_and_what_looks_like_it_is_kept(desk: Desk) -> None:
    await desk.file()
    finding = await desk.check.finds()
    await desk.site.rows.execute("UPDATE findings SET flags = $2 WHERE id = $1", finding.id, ["CLOSURE_TO_BE_PROPOSED"])
    for words in ("省局\x00", "半个\ud800"):
        await desk.refused(BadInput, desk.take(PassedOn(to=words, matter="关闭"), party=None))
    large = DiscretionSuggested(
        standard="基准", basis="fine_safety_law_unit", ground=DiscretionGround.PLAIN, least=0, most=2**53, reason="一般"
    )
    await desk.refused(BadInput, desk.take(large))
    await desk.take(PassedOn(to="省局\\u0000", matter="关闭"), party=None)
    async with desk.site.database.reading(desk.check.lead) as sql:
        assert await queries.closures_due(sql, limit=10) == [finding.id], "one text stops no list"


async def test_a_day_on_which_no_law_stands_is_refused_by_name(desk: Desk) -> None:
    await desk.file()
    seen = EvidenceAdded(name="照片", proves="超限", evidence=())
    for year in (1, 1970, 2020):
        asked = desk.take(seen, party=None, at=NOW.replace(year=year))
        await desk.refused(problems.StepBackdated, asked)
    await desk.refused(BadInput, desk.take(CorrectionOrdered(what="整改", due_on=date.max)))


async def test_the_same_case_at_another_mine_is_a_conflict(desk: Desk) -> None:
    first = desk.proposal()
    await desk.file(first=first)
    await desk.file(first=first)
    await desk.refused(problems.StepConflict, desk.file(first=first, mine_id=uuid4()))


async def test_47_what_a_case_rests_on_is_held_from_the_step_that_names_it_and_once(desk: Desk) -> None:
    await desk.file()
    piece = await desk.check.piece()
    for name in ("照片", "同一照片"):
        await desk.take(EvidenceAdded(name=name, proves="超限", evidence=(piece,)), party=None)
    (hold,) = await desk.site.rows.fetch("SELECT evidence_id, case_id, article, lifted_at FROM holds")
    assert tuple(hold) == (piece, desk.id, "行政处罚法第四十七条", None)
    assert (await desk.site.entries()).count("hold.placed") == 1
