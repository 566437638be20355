"""Tests that the rows of exams are held against their entries, down to a changed list, paper or answer."""

from typing import Any

from storage.casework.exams import marking, operations
from storage.casework.exams.comparing import CONSEQUENCES, EXAMS, QUESTIONS, SITTINGS
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.register.people.tables import ExamCategory
from tests.factories.exams import hall_of
from tests.sites import Site
from tests.storage.casework.exams.test_operations import failed_twice, seat_in

COMPARISONS = (EXAMS, SITTINGS, CONSEQUENCES, QUESTIONS)


async def found(workers: Database) -> list[tuple[str, str]]:
    async def page(text: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(text, *arguments)

    return [
        (one.table, one.column)
        for comparison in COMPARISONS
        async for one in comparing.differences(page, comparison)
    ]  # fmt: skip


async def test_what_acts_wrote_agrees_and_what_a_hand_changed_shows(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers, questions=22)
    loss = await failed_twice(hall, ExamCategory.MANAGER)
    seat = await seat_in(hall, ExamCategory.WORKER)
    await hall.acts(operations.record_absence, seat_id=seat["id"], reason="当班")
    await hall.acts(marking.decide_loss, hall.head, consequence_id=loss["id"], confirmed=False, note="另行处理")
    assert await found(workers) == []
    await site.rows.execute("UPDATE exam_sittings SET chosen[1] = 'A', score = 80 WHERE attempt = 2")
    await site.rows.execute("UPDATE exam_pools SET persons = persons[2:] WHERE category = 'WORKER'")
    await site.rows.execute("UPDATE exam_seats SET questions = questions[2:] WHERE category = 'PRINCIPAL'")
    await site.rows.execute("UPDATE exam_consequences SET due = due + 1 WHERE kind = 'RETRAIN'")
    await site.rows.execute(
        "UPDATE exam_questions SET answer = 'B' WHERE id = (SELECT min(id::text)::uuid FROM exam_questions)"
    )
    assert await found(workers) == [
        ("exams", "told_pools"), ("exams", "told_seats"), ("exam_sittings", "told_answers"),
        ("exam_sittings", "score"), ("exam_consequences", "due"), ("exam_questions", "answer"),
    ]  # fmt: skip
