"""Tests of the question bank: two people for each version, one version asked at a time, officers alone read it."""

from typing import Any
from uuid import uuid4

import pytest

from storage.casework.exams import asking, queries, rules
from storage.casework.exams.rules import QuestionFacts
from storage.casework.exams.tables import QuestionKind
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import perform
from storage.register.people.tables import ExamCategory
from tests.sites import NOW, Site

FACTS = QuestionFacts(
    kind=QuestionKind.MULTIPLE_CHOICE, categories=(ExamCategory.WORKER, ExamCategory.MANAGER), craft=None,
    text="哪些情形须立即撤人", options=("瓦斯超限", "透水征兆", "交接班"), answer="BA",
    article="煤矿安全生产条例第三十六条",
)  # fmt: skip


async def acts(site: Site, actor: Actor, operation: Any, **given: Any) -> Any:
    return await perform(site.database, actor, NOW, operation, **given)


async def asked(site: Site) -> list[tuple[str, int]]:
    rows = await site.rows.fetch(
        "SELECT text, version FROM exam_questions WHERE approved_at IS NOT NULL AND retired_at IS NULL ORDER BY version"
    )
    return [(row["text"], row["version"]) for row in rows]


async def test_a_version_is_asked_once_a_second_person_approved_it_and_ends_with_the_next(site: Site) -> None:
    drafter, approver = await site.person(Role.INSPECTOR), await site.person(Role.LEGAL_REVIEWER)
    first = await acts(site, drafter, asking.draft_question, facts=FACTS)
    assert (first.answer, first.version, first.categories) == ("AB", 1, ["MANAGER", "WORKER"])
    assert await asked(site) == []
    await acts(site, approver, asking.approve_question, question_id=first.id)
    second = await acts(site, approver, asking.draft_question, facts=FACTS, replaces=first.id)
    assert (second.series_id, second.version) == (first.id, 2)
    assert await asked(site) == [(FACTS.text, 1)]
    await acts(site, await site.person(Role.AGENCY_HEAD), asking.approve_question, question_id=second.id)
    assert await asked(site) == [(FACTS.text, 2)]
    await acts(site, approver, asking.retire_question, question_id=second.id)
    assert await asked(site) == []
    assert await site.entries() == [
        "question.drafted", "question.approved", "question.drafted", "question.retired", "question.approved",
        "question.retired",
    ]  # fmt: skip


async def test_each_problem_of_the_bank_leaves_nothing_behind(site: Site) -> None:
    reviewer, head = await site.person(Role.LEGAL_REVIEWER), await site.person(Role.AGENCY_HEAD)
    own = await acts(site, reviewer, asking.draft_question, facts=FACTS)
    with pytest.raises(rules.QuestionNeedsTwoPeople):
        await acts(site, reviewer, asking.approve_question, question_id=own.id)
    await acts(site, head, asking.approve_question, question_id=own.id)
    with pytest.raises(rules.QuestionApprovedAlready):
        await acts(site, head, asking.approve_question, question_id=own.id)
    await acts(site, head, asking.retire_question, question_id=own.id)
    with pytest.raises(rules.QuestionRetiredAlready):
        await acts(site, head, asking.retire_question, question_id=own.id)
    with pytest.raises(NotFound):
        await acts(site, head, asking.approve_question, question_id=uuid4())
    with pytest.raises(BadInput):
        await acts(site, reviewer, asking.draft_question, facts=QuestionFacts(
            kind=FACTS.kind, categories=FACTS.categories, craft=None, text="", options=FACTS.options, answer="AB",
            article="条例",
        ))  # fmt: skip
    assert await site.entries() == ["question.drafted", "question.approved", "question.retired"]


async def test_no_other_role_touches_the_bank_and_the_mine_reads_none_of_it(site: Site) -> None:
    kept = await acts(site, await site.person(Role.INSPECTOR), asking.draft_question, facts=FACTS)
    operations = ((Verb.QUESTION_DRAFT, asking.draft_question, {"facts": FACTS}),
                  (Verb.QUESTION_APPROVE, asking.approve_question, {"question_id": kept.id}),
                  (Verb.QUESTION_APPROVE, asking.retire_question, {"question_id": kept.id}))  # fmt: skip
    for role in Role:
        person = await site.person(role)
        for verb, operation, given in operations:
            if verb not in ROLE_VERBS[role]:
                with pytest.raises(NotAllowed):
                    await acts(site, person, operation, **given)
        async with site.database.reading(person) as sql:
            seen = await queries.questions_visible_to(sql, limit=10)
        assert bool(seen) is (Verb.QUESTION_READ in ROLE_VERBS[role]), role
    assert await site.entries() == ["question.drafted"]
