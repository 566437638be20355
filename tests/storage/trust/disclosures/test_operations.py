"""Tests of publishing and of what becomes of it: what is kept, what is refused, who may, and its traces."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.casework.cases.bodies.after import Result
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb, keeper, stranger
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import perform
from storage.trust.disclosures import ending, operations, problems, public
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.public import Page
from storage.trust.disclosures.rules import WithdrawalGround
from storage.trust.disclosures.tables import SourceKind
from tests.factories.case_papers import serve
from tests.factories.desk import make_desk
from tests.factories.disclosures import PLAIN, Publishing, agrees, decided, on_desk, refused, served
from tests.sites import NOW, Site

REVOKED: dict[str, Any] = {"ground": WithdrawalGround.DECISION_FELL, "reason": "处罚决定已撤销"}


async def page(database: Database, id: UUID) -> Page | None:
    async with database.reading(stranger()) as sql:
        return await public.page_of(sql, id)


async def shown(database: Database, id: UUID) -> Any:
    found = await page(database, id)
    assert found is not None
    assert found.shown is not None
    return json.loads(found.shown.content)


def withdrawn(made: Publishing, id: UUID, **given: Any) -> Any:
    return made.acts(operations.withdraw_disclosure, disclosure_id=id, **given)


def restored(made: Publishing, id: UUID, **given: Any) -> Any:
    return made.acts(operations.restore_disclosure, disclosure_id=id, reason="误撤", **given)


async def test_a_served_penalty_is_published_with_its_trace_and_the_step_of_its_case(
    site: Site, public_database: Database, workers: Database
) -> None:
    made = await served(site)
    copy = await made.copy()
    row = await made.publish()
    told = await shown(public_database, row.id)
    assert (told["party"]["name"], told["facts"], told["penalty"]) == (
        "甲煤矿",
        PLAIN,
        [{"kind": "FINE", "sum": 1_000_000}],
    )
    assert (row.state, row.edition, row.late, str(row.due_on)) == ("SHOWN", 1, False, "2026-12-03")
    found = await page(public_database, row.id)
    assert found is not None
    assert found.shown is not None
    assert (found.shown.content, found.shown.digest) == (copy.content, copy.digest)
    (event,) = found.events
    entry = json.loads(event.payload)
    assert entry["data"] == {
        "kind": "PENALTY", "ordinal": 0, "edition": 1, "digest": copy.digest.hex(), "basis": event.basis, "reason": "",
    }  # fmt: skip
    assert set(entry) == {"v", "id", "kind", "at", "actor", "subject", "data"}, "nothing tells from which device"
    assert (entry["subject"], entry["actor"]) == (str(row.id), str(made.officer.account_id))
    assert str(made.decision) not in event.payload.decode()
    step = await site.rows.fetchrow("SELECT body FROM case_steps WHERE kind = 'PUBLISHED'")
    assert json.loads(step["body"]) == {"decision": str(made.decision), "where": f"/d/{row.id}"}
    assert await site.rows.fetchval("SELECT met_at FROM case_clocks WHERE key = 'penalty_published'") == NOW
    assert await site.rows.fetchval("SELECT met_as FROM disclosure_duties") == "PUBLISHED"
    assert await agrees(workers) == []


async def test_what_is_not_served_is_not_public_and_what_was_published_late_says_so(
    site: Site, public_database: Database
) -> None:
    made = await decided(site)
    await refused(made, problems.NotServedYet, made.publish(digest=bytes(32)))
    await serve(made.desk, made.decision)
    row = await made.publish(at=NOW + timedelta(days=30))
    found = await page(public_database, row.id)
    assert found is not None
    assert found.shown is not None
    assert (row.late, found.shown.late) == (True, True)


async def test_only_what_was_previewed_is_published_and_once(site: Site) -> None:
    made = await served(site)
    stale = await refused(made, problems.CopyStale, made.publish(digest=bytes(32)))
    assert stale.parameters["digest"] == (await made.copy()).digest.hex()
    await made.publish()
    await refused(made, problems.AlreadyPublished, made.publish())


async def test_of_two_who_publish_at_the_same_moment_one_is_told_that_it_was_published(site: Site) -> None:
    made = await served(site)
    other = await site.person(Role.INSPECTOR)
    outcomes = await asyncio.gather(made.publish(), made.publish(by=other), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyPublished", "DisclosureRow"]
    assert await site.counted("disclosures") == await site.counted("public_rows") == 1


async def test_a_preview_that_the_case_overtook_is_stale(site: Site) -> None:
    made = await served(site)
    before = (await made.copy()).digest
    await made.file()
    await refused(made, problems.CopyStale, made.publish(digest=before))


async def test_whoever_made_the_decision_or_its_paper_does_not_publish_it(site: Site) -> None:
    made = await served(site)
    await refused(made, problems.PublishedByItsAuthor, made.publish(by=made.desk.check.lead))
    row = await made.publish(by=made.desk.check.inspector)
    await made.file()
    lead = made.desk.check.lead
    await refused(made, problems.PublishedByItsAuthor, made.correct(row.id, by=lead))


@pytest.mark.parametrize(
    "facts",
    ["矿长（身份证号 520201199001011234）未到岗", "联系电话１３８ ００１３ ８０００",
     "居民身份证五二〇二〇一一九九〇〇一〇一一二三四",
     "当事人家住贵阳市某小区", "值班人员赵 铁柱签字"],
)  # fmt: skip
async def test_personal_data_in_a_text_is_refused_with_where_and_worded_anew(
    site: Site, public_database: Database, facts: str
) -> None:
    desk = await make_desk(site)
    await site.put("persons", id=uuid4(), mine_id=site.mine, county="520281", office="GZ-1", name="赵铁柱",
                   registered_at=NOW, sample=False)  # fmt: skip
    desk.unit = replace(desk.unit, subject="91520000MA0000001K")
    made = await on_desk(desk, facts=facts)
    await serve(desk, made.decision)
    problem = await refused(made, problems.PersonalDataFound, made.publish(digest=bytes(32)))
    assert str(problem.parameters["where"]).startswith("facts @")
    row = await made.publish(wording=Wording(anew={"facts": PLAIN}))
    assert (await shown(public_database, row.id))["facts"] == PLAIN
    edition = await site.rows.fetchrow("SELECT * FROM disclosure_editions")
    assert [one["member"] for one in json.loads(edition["worded"])] == ["facts"]
    assert {"article", "member", "why"} == set(json.loads(edition["taken_out"])[0])
    assert facts not in edition["taken_out"]


async def test_a_correction_shows_the_fine_before_and_after_and_the_old_edition_stays(
    site: Site, public_database: Database, workers: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    old = (await made.copy()).digest
    await refused(made, problems.NothingToCorrect, made.correct(row.id))
    filed = await made.file()
    disputed = await made.acts(operations.dispute_disclosure, disclosure_id=row.id)
    assert disputed.state == "DISPUTED"
    await refused(made, problems.NothingDisputed, made.acts(operations.dispute_disclosure, disclosure_id=row.id))
    await made.outcome(filed, Result.CHANGED, fine=500_000)
    corrected = await made.correct(row.id)
    told = await shown(public_database, row.id)
    assert (told["penalty"][0]["sum"], told["current"]["fine"]) == (1_000_000, 500_000)
    assert told["remedies"][0]["result"] == "CHANGED"
    assert (corrected.state, corrected.edition) == ("SHOWN", 2)
    async with public_database.reading(stranger()) as sql:
        assert await public.earlier_copy(sql, row.id, old) is not None
        assert [one.seq for one in await public.chunk(sql, after=0)] == [3]
    found = await page(public_database, row.id)
    assert found is not None
    assert [one.kind for one in found.events] == ["PUBLISHED", "DISPUTED", "CORRECTED"]
    assert await agrees(workers) == []


async def test_an_edition_that_harmed_somebody_is_read_by_nobody_any_more(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    old = (await made.copy()).digest
    await made.correct(row.id, wording=Wording(anew={"facts": "瓦斯超限未停止作业。"}), harmed=True)
    async with public_database.reading(stranger()) as sql:
        assert await public.earlier_copy(sql, row.id, old) is None
    found = await page(public_database, row.id)
    assert found is not None
    assert [one.edition for one in found.editions] == [2]
    with pytest.raises(asyncpg.PostgresError):
        await site.rows.execute("UPDATE disclosure_editions SET harmed = false")


async def test_what_fell_is_withdrawn_with_its_reason_and_its_permalink_still_answers(
    site: Site, public_database: Database, workers: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    await refused(made, problems.WithdrawalUnreasoned, withdrawn(made, row.id, **REVOKED))
    await made.revoke()
    await refused(made, problems.NotPublishable, made.correct(row.id, digest=bytes(32)))
    bad: dict[str, Any] = {"ground": WithdrawalGround.DECISION_FELL, "reason": " "}
    await refused(made, problems.WithdrawalUnreasoned, withdrawn(made, row.id, **bad))
    leak: dict[str, Any] = {"ground": WithdrawalGround.DECISION_FELL, "reason": "请联系 13800138000"}
    await refused(made, problems.PersonalDataFound, withdrawn(made, row.id, **leak))
    gone = await withdrawn(made, row.id, **REVOKED)
    assert gone.state == "WITHDRAWN"
    found = await page(public_database, row.id)
    assert found is not None
    assert found.gone is not None
    assert (found.shown, found.editions, found.gone.reason) == (None, (), "处罚决定已撤销")
    clock = await site.rows.fetchrow("SELECT met_at FROM case_clocks WHERE key = 'withdrawal_of_disclosure'")
    assert clock["met_at"] == NOW
    await refused(made, problems.NotShown, withdrawn(made, row.id, **REVOKED))
    await refused(made, problems.NotPublishable, restored(made, row.id))
    assert await agrees(workers) == []


async def test_what_was_withdrawn_by_mistake_is_restored_and_the_tombstone_goes(
    site: Site, public_database: Database, workers: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    await refused(made, problems.StillShown, restored(made, row.id))
    error: dict[str, Any] = {"ground": WithdrawalGround.PUBLISHED_IN_ERROR, "reason": "重复公示"}
    await withdrawn(made, row.id, **error)
    again = await restored(made, row.id)
    assert again.state == "SHOWN"
    found = await page(public_database, row.id)
    assert found is not None
    assert (found.gone, [one.kind for one in found.events]) == (None, ["PUBLISHED", "WITHDRAWN", "RESTORED"])
    assert await site.counted("public_gone") == 0
    harm: dict[str, Any] = {"ground": WithdrawalGround.HARMS_SOMEBODY, "reason": "含个人信息"}
    await withdrawn(made, row.id, **harm)
    await refused(made, problems.NotPublishable, restored(made, row.id))
    assert await agrees(workers) == []


async def test_what_is_repaired_is_hidden_at_once(site: Site, public_database: Database, workers: Database) -> None:
    made = await served(site)
    row = await made.publish()
    await made.acts(operations.hide_repaired, disclosure_id=row.id, basis="令36", reason="信用修复")
    found = await page(public_database, row.id)
    assert found is not None
    assert found.gone is not None
    assert found.gone.gone_as == "REPAIRED"
    assert await agrees(workers) == []


async def test_what_was_shown_for_its_longest_period_ends_and_its_copies_are_deleted(
    site: Site, public_database: Database, workers: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    assert row.shown_until is not None
    assert await perform(workers, keeper(), NOW + timedelta(days=365), ending.expire, limit=9) == 0
    assert await perform(workers, keeper(), NOW + timedelta(days=366), ending.expire, limit=9) == 1
    assert await perform(workers, keeper(), NOW + timedelta(days=367), ending.expire, limit=9) == 0
    found = await page(public_database, row.id)
    assert found is not None
    assert found.gone is not None
    assert (found.gone.gone_as, found.gone.reason) == ("EXPIRED", "公示期限届满")
    assert await site.rows.fetchval("SELECT content FROM disclosure_editions") is None
    await refused(made, problems.NotShown, restored(made, row.id))
    assert await agrees(workers) == []


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE public_rows SET content = 'x'", "shown_digest"),
        ("DELETE FROM public_rows", "shown_digest"),
        ("UPDATE disclosure_editions SET content = 'x'", "told_digest"),
        ("DELETE FROM disclosure_events", "told_events"),
        ("UPDATE disclosures SET state = 'EXPIRED'", "stands_as"),
        ("UPDATE disclosures SET published_by = (SELECT id FROM accounts WHERE id <> published_by LIMIT 1)",
         "published_by"),
    ],
)  # fmt: skip
async def test_what_somebody_altered_past_every_guard_is_told_by_the_ledger(
    site: Site, workers: Database, statement: str, column: str
) -> None:
    made = await served(site)
    await made.publish()
    await site.rows.execute(f"SET session_replication_role = replica; {statement}")
    assert column in [one.column for one in await agrees(workers)]


async def test_a_copy_is_deleted_by_nothing_but_its_expiry(site: Site) -> None:
    made = await served(site)
    await made.publish()
    for act in (
        "UPDATE disclosure_editions SET content = NULL", "UPDATE disclosure_editions SET content = 'x'",
        "DELETE FROM disclosure_editions", "UPDATE disclosure_events SET reason = 'x'",
        "DELETE FROM disclosure_events", "TRUNCATE disclosures CASCADE",
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError):
            await site.rows.execute(act)


async def test_the_result_of_an_inspection_is_published_by_its_counts(site: Site, public_database: Database) -> None:
    made = await served(site)
    source: dict[str, Any] = {"source_kind": SourceKind.INSPECTION, "source_id": made.desk.check.id}
    finding = await made.desk.check.finds()
    problem = await refused(made, problems.NotPublishable, made.publish(digest=bytes(32), **source))
    assert problem.parameters == {"member": "findings", "reason": "LACKING"}
    await site.rows.execute("UPDATE finding_defects SET made_good_at = $1, made_good_by = $2", NOW,
                            made.officer.account_id)  # fmt: skip
    stale = await refused(made, problems.CopyStale, made.publish(digest=bytes(32), **source))
    row = await made.publish(digest=bytes.fromhex(str(stale.parameters["digest"])), **source)
    told = await shown(public_database, row.id)
    assert (told["kind"], told["findings"]["total"], told["measures"]) == ("RESULT", 1, [])
    assert "reason" not in told
    assert str(finding.id) not in repr(told)


async def test_who_may_not_publish_is_refused_and_nothing_is_recorded(site: Site) -> None:
    made = await served(site)
    digest = (await made.copy()).digest
    for role in Role:
        if Verb.DISCLOSURE_PUBLISH not in ROLE_VERBS[role]:
            other = await site.person(role)
            await refused(made, (NotAllowed, NotFound), made.publish(by=other, digest=digest))  # type: ignore[arg-type]
    far = await site.person(Role.LEAD, county="520201")
    await refused(made, NotFound, made.publish(by=far, digest=digest))
    row = await made.publish()
    acts: dict[Verb, Any] = {
        Verb.DISCLOSURE_CORRECT: lambda by: made.correct(row.id, by=by, digest=digest),
        Verb.DISCLOSURE_DISPUTE: lambda by: made.acts(operations.dispute_disclosure, by=by, disclosure_id=row.id),
        Verb.DISCLOSURE_WITHDRAW: lambda by: withdrawn(made, row.id, by=by, **REVOKED),
        Verb.DISCLOSURE_RESTORE: lambda by: restored(made, row.id, by=by),
    }  # fmt: skip
    reader: Actor = await site.person(Role.AUDITOR)
    for act in acts.values():
        await refused(made, NotAllowed, act(reader))
        await refused(made, NotFound, act(far))
