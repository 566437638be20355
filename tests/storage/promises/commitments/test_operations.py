"""Tests of the self-evaluation and of the preview: what is kept, what speaks against it, what is refused, who may."""

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.promises.commitments import operations, previewing, queries, rules
from storage.promises.commitments.comparing import CLAUSE_ANSWERS, PREVIEWS
from storage.promises.commitments.previewing import Made
from storage.promises.commitments.rules import Given
from storage.promises.commitments.tables import AnswerOutcome, ClauseStanding, Preview
from storage.promises.templates.rules import TemplateNotApproved, YearOver
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb, keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.register.mines import queries as mines
from tests.counting import statements_of
from tests.factories.casework import make_check
from tests.factories.refusals import ground_of
from tests.factories.signing import appoint
from tests.factories.templates import TIGHTER, YEAR, Promises, clause, clauses, promises_of
from tests.sites import PANZHOU, Site

GAS = "GAS_IN_RETURN"
DAY = date(YEAR, 3, 31)
MET = tuple(Given(key=one.key, outcome=AnswerOutcome.MET) for one in clauses())
NOT_YET = Given(key=GAS, outcome=AnswerOutcome.NOT_YET, by_day=DAY, measure="加装传感器", words="已订货")


@pytest.fixture
async def promises(site: Site) -> Promises:
    made = await promises_of(site)
    await appoint(made, made.principal)
    return made


async def says(promises: Promises, *given: Given, by: Actor | None = None, **where: Any) -> Any:
    place = {"mine_id": promises.site.mine, "year": YEAR} | where
    return await promises.acts(operations.answer_clauses, by or promises.clerk, given=given, **place)


async def lays(promises: Promises, *, by: Actor | None = None, **where: Any) -> Preview:
    """Has the document laid, with a PDF that is in no store: what is asked here is what is laid."""
    place: dict[str, Any] = {"mine_id": promises.site.mine, "year": YEAR} | where
    promises.now += timedelta(seconds=1)
    who = by or promises.principal
    async with promises.site.database.reading(who) as sql:
        plan = await previewing.plan_preview(sql, who, now=promises.now, **place)
    made = Made(nonce=plan.nonce, content=plan.content, pdf_sha256=bytes(32), pdf_size=1, object_name="derived/x",
                object_version="1")  # fmt: skip
    laid: Preview = await promises.acts(previewing.record_preview, who, made=made, **place)
    return laid


async def lines(promises: Promises, actor: Actor | None = None, *, later: timedelta = timedelta()) -> Any:
    """Each clause's line by its key, as somebody reads them."""
    reader = actor or promises.clerk
    async with promises.site.database.reading(reader) as sql:
        mine = await mines.mine_of_id(sql, promises.site.mine)
        found = await queries.evaluation_of(sql, reader, mine, year=YEAR, now=promises.now + later)
    return {one.promised.clause.key: one for one in found.lines} if found else None


async def refused(promises: Promises, problem: type[Problem] | tuple[type[Problem], ...], act: Any) -> None:
    tables = ("entries", "clause_answers", "commitment_previews")
    before = [await promises.site.counted(name) for name in tables]
    with pytest.raises(problem):
        await act
    assert [await promises.site.counted(name) for name in tables] == before


async def sealed(site: Site, piece: UUID) -> UUID:
    for state in ("RECEIVED", "SEALED"):
        await site.rows.execute("UPDATE evidence SET state = $2 WHERE id = $1", piece, state)
    return piece


async def test_what_was_said_last_holds_and_all_of_it_stays(promises: Promises) -> None:
    assert await lines(promises) is None
    await promises.approved()
    assert {one.standing for one in (await lines(promises)).values()} == {ClauseStanding.OPEN}
    await says(promises, *MET)
    await says(promises, NOT_YET)
    held = await lines(promises)
    assert (held[GAS].standing, held[GAS].answer.by_day, held[GAS].answer.measure) == (
        ClauseStanding.NOT_YET, DAY, "加装传感器",
    )  # fmt: skip
    assert [key for key, one in held.items() if one.standing is ClauseStanding.MET] == [one.key for one in MET[1:]]
    late = await lines(promises, later=timedelta(days=365))
    assert late[GAS].standing is ClauseStanding.DAY_PASSED
    assert await promises.site.counted("clause_answers") == 6
    assert (await promises.site.entries())[2:] == ["commitment.answered"] * 6


async def test_an_answer_to_another_wording_is_open_again(promises: Promises) -> None:
    await promises.approved()
    await says(promises, *MET)
    await promises.adopted(clause(condition=TIGHTER))
    held = await lines(promises)
    assert (held[GAS].standing, held[GAS].answer.outcome) == (ClauseStanding.OPEN, AnswerOutcome.MET)
    await refused(promises, rules.AnswersOpen, lays(promises))


async def test_evidence_is_sealed_of_this_mine_and_seen(promises: Promises) -> None:
    await promises.approved()
    check = await make_check(promises.site)
    piece = await check.piece()
    named = Given(key=GAS, outcome=AnswerOutcome.MET, evidence=(piece,))
    await refused(promises, rules.EvidenceNotSealed, says(promises, named))  # Not sealed yet.
    await sealed(promises.site, piece)
    await says(promises, named)
    assert (await lines(promises))[GAS].answer.evidence == [piece]
    far = await promises.site.person(Role.MINE_CLERK, county=None, mine_id=promises.site.far_mine)
    await refused(promises, rules.EvidenceNotSealed, says(promises, named, by=far, mine_id=promises.site.far_mine))
    await refused(
        promises, rules.EvidenceNotSealed,
        says(promises, Given(key=GAS, outcome=AnswerOutcome.MET, evidence=(uuid4(),))),
    )  # fmt: skip


async def test_findings_and_refusals_stand_beside_the_answer_that_they_contradict(
    promises: Promises, workers: Database
) -> None:
    await promises.approved((clause(contradicted_by=("GAS_OVER_LIMIT",)), *clauses()[1:]))
    ground = await ground_of(promises.site, workers)
    finding = await ground.check.finds(kind="GAS_OVER_LIMIT", fact="总回风瓦斯1.2%")
    await ground.check.finds()  # Of a kind that speaks against no clause.
    refusal = await ground.refuses(clause_key="CLAUSE_PEOPLE", clause="补考不合格的不上岗")
    await says(promises, *MET)
    held = await lines(promises, promises.principal)
    assert [(one.kind.value, one.id, one.words) for one in held[GAS].contradictions] == [
        ("FINDING", finding.id, "总回风瓦斯1.2%")
    ]
    assert [(one.kind.value, one.id, one.words) for one in held["CLAUSE_PEOPLE"].contradictions] == [
        ("REFUSAL", refusal.id, "补考不合格的不上岗")
    ]
    assert sum(len(one.contradictions) for one in held.values()) == 2
    assert held[GAS].standing is ClauseStanding.MET  # Shown beside it; what the mine said stays what it said.
    company = await promises.site.person(Role.COMPANY_GROUP, county=None, mine_id=promises.site.mine)
    assert sum(len(one.contradictions) for one in (await lines(promises, company)).values()) == 0


async def test_the_very_bytes_are_laid_before_the_principal_with_a_nonce_of_their_own(promises: Promises) -> None:
    template = await promises.approved()
    await says(promises, *MET[1:], NOT_YET)
    laid = await lays(promises)
    told = Commitment.decode(laid.content)
    assert laid.digest == hashlib.sha256(laid.content).digest()
    assert told.template == str(laid.template_id) == str(template.id)
    assert (told.nonce, told.principal) == (laid.nonce, str(promises.principal.account_id))
    assert (told.mine, told.mine_name, told.version, told.year) == (str(promises.site.mine), "甲煤矿", 1, YEAR)
    assert [one["key"] for one in told.clauses] == [one.key for one in clauses()]
    assert told.answers[0]["measure"] == "加装传感器"
    again = await lays(promises)
    assert again.nonce != laid.nonce
    assert (await promises.site.entries())[-2:] == ["commitment.previewed"] * 2


async def test_each_problem_leaves_nothing_behind(promises: Promises) -> None:
    await refused(promises, TemplateNotApproved, says(promises, *MET))
    await refused(promises, TemplateNotApproved, lays(promises))
    await promises.approved()
    await refused(promises, rules.AnswersOpen, lays(promises))
    await refused(promises, rules.ClauseNotPromised, says(promises, Given(key="ELSE", outcome=AnswerOutcome.MET)))
    await refused(promises, BadInput, says(promises))
    await refused(promises, YearOver, says(promises, *MET, year=2025))
    await refused(promises, YearOver, lays(promises, year=2025))
    await refused(promises, NotFound, says(promises, *MET, mine_id=uuid4()))
    await refused(promises, (NotFound, NotAllowed), lays(promises, mine_id=promises.site.far_mine))


@pytest.mark.parametrize("role", list(Role))
async def test_only_the_mines_clerk_answers_and_only_its_principal_is_laid_the_document(
    promises: Promises, role: Role
) -> None:
    await promises.approved()
    await says(promises, *MET)
    person = await promises.site.person(role, county=None, mine_id=promises.site.mine)
    far = await promises.site.person(role, county=None, mine_id=promises.site.far_mine)
    for verb, act in ((Verb.COMMITMENT_ANSWER, lambda by: says(promises, NOT_YET, by=by)),
                      (Verb.COMMITMENT_PREVIEW, lambda by: lays(promises, by=by))):  # fmt: skip
        await refused(promises, (NotAllowed, NotFound), act(far))
        if verb not in ROLE_VERBS[role]:
            await refused(promises, NotAllowed, act(person))
    async with promises.site.database.reading(await promises.site.person(role, county=PANZHOU)) as sql:
        seen = await queries.last_answers(sql, promises.site.mine, YEAR)
    assert bool(seen) is (Verb.COMMITMENT_READ in ROLE_VERBS[role])


async def test_the_statements_are_as_many_for_a_hundred_clauses_as_for_five(promises: Promises) -> None:
    heard = statements_of(promises.site.database)
    counts = []
    for more in (0, 95):
        many = (*clauses(), *(clause(f"MORE_{number}", contradicted_by=("GAS_OVER_LIMIT",)) for number in range(more)))
        await promises.approved(many)
        counted = []
        for act in (
            lambda many=many: says(promises, *(Given(key=one.key, outcome=AnswerOutcome.MET) for one in many)),
            lambda: lays(promises), lambda: lines(promises),
        ):  # fmt: skip
            heard.clear()
            await act()
            counted.append(len(heard))
        counts.append(counted)
    assert counts[0][:2] == counts[1][:2]
    assert (counts[0][2], counts[1][2]) == (4, 5)  # The mine's own statement among them; no kind, no look for findings.


async def test_nobody_changes_or_removes_what_was_said_and_the_rows_are_what_their_entries_say(
    promises: Promises, workers: Database
) -> None:
    await promises.approved()
    await says(promises, *MET[1:], NOT_YET)
    await lays(promises)

    async def page(text: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(text, *arguments)

    async def differing() -> list[tuple[str, str]]:
        return [
            (one.table, one.column) for comparison in (CLAUSE_ANSWERS, PREVIEWS)
            async for one in comparing.differences(page, comparison)
        ]  # fmt: skip

    assert await differing() == []
    for change in ("UPDATE clause_answers SET words = 'x'", "DELETE FROM clause_answers", "TRUNCATE clause_answers",
                   "UPDATE commitment_previews SET year = 1", "TRUNCATE commitment_previews CASCADE"):  # fmt: skip
        with pytest.raises(asyncpg.RestrictViolationError):
            await promises.site.rows.execute(change)
    for table in ("clause_answers", "commitment_previews"):
        await promises.site.rows.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await promises.site.rows.execute("UPDATE clause_answers SET words = 'x' WHERE outcome = 'NOT_YET'")
    await promises.site.rows.execute("UPDATE commitment_previews SET content = content || '\\x20'")
    assert await differing() == [("clause_answers", "words"), ("commitment_previews", "told_digest")]
