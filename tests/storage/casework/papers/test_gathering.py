"""Tests of filling papers from rows: whatever a paper is about, it says what the record says of it."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.casework.measures.tables import StepOutcome, Turn
from storage.casework.papers import operations
from storage.casework.papers.bodies import Body, Value
from storage.casework.papers.comparing import PAPERS
from storage.casework.papers.operations import Draft
from storage.casework.papers.rules import PaperContradictsRecord, PaperStepUnknown
from storage.casework.papers.tables import PaperSubject
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import Actor, Role
from storage.record.ledger import comparing
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.factories.measures import SOON, orders
from tests.factories.schemes import team_of
from tests.sites import NOW, Site

ORDER, TERM, RECHECK, SPOT_RECORD, SCHEME = (
    "现场处理措施决定书", "责令限期整改指令书", "整改复查意见书", "现场检查记录", "现场检查方案",
)  # fmt: skip
REMEDIES: dict[str, Any] = {
    "可申请行政复议的人民政府": "贵州省人民政府", "可提起行政诉讼的人民法院": "贵阳市观山湖区人民法院",
}  # fmt: skip


async def issued(
    site: Site, actor: Actor, form: str, kind: PaperSubject, subject: UUID, step: UUID | None = None, **fields: Value
) -> tuple["asyncpg.Record", Body]:
    """A paper that was drafted and issued, and its body."""
    draft = Draft(id=uuid4(), form=form, subject_kind=kind, subject_id=subject, step_id=step, fields=fields)
    await perform(site.database, actor, SOON, operations.draft_paper, draft=draft)
    row = await perform(site.database, actor, SOON, operations.issue_paper, paper_id=draft.id)
    return row, Body.decode(row["body"])


async def principal_of(site: Site, name: str) -> None:
    """Enters the mine's principal."""
    person = uuid4()
    scope = {"mine_id": site.mine, "county": "520281", "office": "GZ-1"}
    await site.put("persons", id=person, name=name, registered_at=NOW, sample=False, **scope)
    await site.put("posts", id=uuid4(), person_id=person, kind="PRINCIPAL", flags=[], from_day=NOW.date(),
                   recorded_at=NOW, **scope)  # fmt: skip


@pytest.fixture
async def check(site: Site) -> Check:
    return await make_check(site)


async def test_the_record_of_an_inspection_says_what_was_found(site: Site, check: Check) -> None:
    await principal_of(site, "何志明")
    await check.finds()
    _, body = await issued(site, check.lead, SPOT_RECORD, PaperSubject.INSPECTION, check.id)
    assert str(body.fields["检查情况"]).startswith("检查发现下列问题、隐患：\n主要生产系统、安全设施不符合")
    assert "1201综采工作面回风隅角甲烷传感器断线，违反" in str(body.fields["检查情况"])
    assert (body.fields["单位法定代表人（负责人）"], body.fields["代表人职务"]) == ("何志明", "主要负责人")
    assert set(body.record) == body.fields.keys()
    with pytest.raises(PaperContradictsRecord, match="检查情况"):
        await issued(site, check.lead, SPOT_RECORD, PaperSubject.INSPECTION, check.id, 检查情况="未发现问题")
    other = await site.person(Role.INSPECTOR)
    with pytest.raises(NotAnOfficer):
        await issued(site, other, SPOT_RECORD, PaperSubject.INSPECTION, check.id)


async def test_an_order_is_told_with_what_it_answers_and_its_re_check_names_it(site: Site, check: Check) -> None:
    finding = await check.finds()
    measure = await orders(check, "CORRECT_BY_TERM", finding.id, days=10)
    order, body = await issued(site, check.lead, TERM, PaperSubject.MEASURE, measure.id, **REMEDIES)
    assert body.fields["责令整改的项目"] == "因回风流甲烷超限，责令限期改正，限于2026年12月4日前（10日内）改正完毕。"
    assert "甲烷传感器断线" in str(body.fields["存在问题"])
    ordered = await site.rows.fetchval("SELECT id FROM measure_steps WHERE kind = 'ORDERED'")
    assert (body.step, order["step_id"]) == (ordered, ordered)
    await measure.rechecked(StepOutcome.CORRECTED)
    recheck, said = await issued(site, check.lead, RECHECK, PaperSubject.MEASURE, measure.id)
    assert said.fields["决定文号"] == order["number"]
    assert said.fields["复查意见"] == "经复查，已整改完毕。"
    assert recheck["step_id"] == await site.rows.fetchval(
        "SELECT id FROM measure_steps WHERE kind = $1", Turn.RECHECKED.value
    )
    with pytest.raises(PaperStepUnknown):
        await issued(site, check.lead, RECHECK, PaperSubject.MEASURE, measure.id, step=ordered)


async def test_an_order_to_withdraw_names_when_it_was_inspected(site: Site, check: Check) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE", (await check.finds(unsafe=True)).id, danger=True)
    _, body = await issued(site, check.lead, ORDER, PaperSubject.MEASURE, measure.id, **REMEDIES)
    assert body.fields["处理决定"] == "因回风流甲烷超限，责令从危险区域内撤出作业人员。"
    assert str(body.fields["检查时间"]).startswith("2026-11-24T")
    assert (body.fields["执法人员1证号"] != "", set(body.fields) - set(body.record)) == (True, set(REMEDIES))


async def test_a_scheme_is_told_with_its_items_and_officers(site: Site) -> None:
    team = await team_of(site)
    scheme = await team.drafts()
    _, body = await issued(site, team.inspector, SCHEME, PaperSubject.SCHEME, scheme.id)
    accounts = [team.lead.account_id, team.inspector.account_id]
    rows = await site.rows.fetch("SELECT name FROM accounts WHERE id = ANY ($1) ORDER BY login", accounts)
    names = [row["name"] for row in rows]
    assert body.fields["行政执法人员"] == "、".join(names)
    assert body.fields["检查内容"] == (
        f"一、查阅安全生产责任制（查资料，定性，由{names[0]}负责）；\n"
        f"二、实测回风巷瓦斯浓度（查作业场所，定量，由{names[1]}负责）。"
    )
    assert body.fields["备注"] == "年度、月度计划，2026年11月执法计划第3项。"


async def test_a_paper_about_a_finding_knows_mine_and_officers(site: Site, check: Check) -> None:
    finding = await check.finds()
    _, body = await issued(site, check.lead, TERM, PaperSubject.FINDING, finding.id, 责令整改的项目="恢复", **REMEDIES)
    assert "甲烷传感器断线" in str(body.fields["存在问题"])
    assert set(body.fields) - set(body.record) == {"责令整改的项目", *REMEDIES}


async def test_papers_that_name_a_step_are_held_against_their_entries(site: Site, check: Check) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE", (await check.finds(unsafe=True)).id, danger=True)
    await issued(site, check.lead, ORDER, PaperSubject.MEASURE, measure.id, **REMEDIES)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await site.rows.fetch(statement, *arguments)

    assert [found async for found in comparing.differences(page, PAPERS)] == []
    await site.rows.execute("SET session_replication_role = replica")
    await site.rows.execute("UPDATE papers SET step_id = $1", uuid4())
    assert {found.column async for found in comparing.differences(page, PAPERS)} == {"step_id"}


async def test_issuing_costs_as_many_statements_however_much_was_found(site: Site) -> None:
    heard, costs = statements_of(site.database), []
    check = await make_check(site)
    for many in (1, 5):
        for _ in range(many):
            await check.finds()
        for _ in range(2):  # The connections learn the types.
            heard.clear()
            await issued(site, check.lead, SPOT_RECORD, PaperSubject.INSPECTION, check.id)
        costs.append(len(heard))
    assert costs[0] == costs[1] <= 30, costs
