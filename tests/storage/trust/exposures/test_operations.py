"""Tests of exposing a case: what is drafted, approved and shown, what is refused, and its traces."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.doctor.pictures import published_agree
from api.sweeping import DisclosingWorker
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.database import Database
from storage.record.derived import PREFIX, put_derived, remove_derived
from storage.record.ledger.proofs import pictures as proofs
from storage.record.ledger.proofs import rasters
from storage.record.objects import Objects
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem, TryAgain
from storage.record.work import perform
from storage.trust.disclosures import operations as disclosing
from storage.trust.disclosures import problems as disclosed
from storage.trust.disclosures import public as disclosures
from storage.trust.disclosures.rules import WithdrawalGround, WithholdingGround
from storage.trust.disclosures.tables import SourceKind
from storage.trust.exposures import operations, problems, public, queries, sweeping
from storage.trust.exposures.comparing import EXPOSURES
from storage.trust.exposures.queries import ExposureRow
from storage.trust.exposures.rules import Asked, Photo
from tests.factories import disclosures as publishing
from tests.factories.disclosures import decided
from tests.factories.exposures import REGION, WORDS, Exposing, exposing, photo_bytes
from tests.sites import NOW, Site

TABLES = (
    "exposures", "exposure_pictures", "public_pictures", "disclosures", "disclosure_editions", "disclosure_events",
    "public_rows", "public_gone", "entries",
)  # fmt: skip
ALT = "工作面瓦斯传感器，显示数值超限"


async def refused(made: Exposing, problem: type[Problem], act: Any) -> Problem:
    return await publishing.refused(made.case, problem, act, tables=TABLES)


async def agrees(workers: Database) -> list[Any]:
    return await publishing.agrees(workers, EXPOSURES)


async def picture(database: Database, row: ExposureRow) -> public.Picture | None:
    assert row.disclosure_id is not None
    async with database.reading(stranger()) as sql:
        return await public.picture_of(sql, row.disclosure_id, 0)


async def test_a_served_case_is_drafted_by_one_approved_by_another_and_shown_with_its_covered_photo(
    site: Site, objects: Objects, public_database: Database, workers: Database
) -> None:
    made = await exposing(site, objects)
    body = photo_bytes()
    id = await made.photo(body)
    draft = await made.draft(Photo(evidence_id=id, regions=(REGION,), alt=ALT))
    assert (draft.state, await site.counted("public_rows")) == ("DRAFTED", 0)
    row = await made.approve(draft)
    assert row.disclosure_id is not None
    async with public_database.reading(stranger()) as sql:
        page = await disclosures.page_of(sql, row.disclosure_id)
    assert page is not None
    assert page.shown is not None
    told = json.loads(page.shown.content)
    assert (told["kind"], told["title"], page.shown.content) == ("EXPOSURE", WORDS.title, draft.content)
    (one,) = told["pictures"]
    assert (one["alt"], one["original"]) == (ALT, sha256(body).hexdigest())
    assert one["regions"] == [{"left": 16, "top": 0, "right": 48, "bottom": 32}]
    shown = await picture(public_database, row)
    assert shown is not None
    raw = b"".join(objects.read(shown.object_name, shown.object_version))
    assert (sha256(raw).hexdigest(), len(raw)) == (one["file"], one["size"])
    proofs.must_be_filled(rasters.read(raw), proofs.regions_of(one))
    assert (await site.entries())[-3:] == ["exposure.drafted", "disclosure.published", "exposure.approved"]
    (event,) = page.events
    assert str(id) not in event.payload.decode() + page.shown.content.decode()
    assert await agrees(workers) == []


async def test_the_secret_and_the_original_make_the_root_anew(site: Site, objects: Objects) -> None:
    made = await exposing(site, objects)
    row = await made.shown()
    one = json.loads(row.content)["pictures"][0]
    inspector = made.case.desk.check.inspector
    secret = await perform(site.database, inspector, NOW, operations.tell_secret, exposure_id=row.id, ordinal=0)
    evidence = await site.rows.fetchrow("SELECT e.* FROM evidence e JOIN exposure_pictures p ON p.evidence_id = e.id")
    with_original = b"".join(objects.read(evidence["object_name"], evidence["object_version"]))
    rendered = made.rendered(with_original)
    assert proofs.root_of(rendered.raster, secret).hex() == one["root"]
    assert (await site.entries())[-1] == "exposure.secret_told"
    other = made.rendered(photo_bytes(size=(176, 120)))
    assert proofs.root_of(other.raster, secret).hex() != one["root"]


async def test_what_is_withdrawn_is_read_by_nobody_at_once_and_deleted_by_the_worker(
    site: Site, objects: Objects, public_database: Database, workers: Database
) -> None:
    made = await exposing(site, objects)
    row = await made.shown()
    found = await picture(public_database, row)
    assert found is not None
    withdrawn: dict[str, Any] = {"ground": WithdrawalGround.PUBLISHED_IN_ERROR, "reason": "照片未充分遮挡"}
    await perform(
        site.database, made.drafter, NOW, disclosing.withdraw_disclosure, disclosure_id=row.disclosure_id, **withdrawn
    )
    assert await picture(public_database, row) is None
    await DisclosingWorker(workers, objects).turn()
    assert objects.versions(found.object_name) == []
    assert await site.counted("public_pictures") == 0
    assert await site.rows.fetchval("SELECT count(*) FROM exposure_objects WHERE removed_at IS NULL") == 0
    assert objects.versions("evidence/"), "the original is kept"
    assert await agrees(workers) == []


async def test_what_was_taken_down_is_not_restored_corrected_or_disputed_but_drafted_anew(
    site: Site, objects: Objects
) -> None:
    made = await exposing(site, objects)
    row = await made.shown()
    acts: tuple[tuple[Any, dict[str, Any]], ...] = (
        (disclosing.correct_disclosure, {"digest": row.digest, "reason": "更正", "wording": disclosing.Wording()}),
        (disclosing.dispute_disclosure, {}), (disclosing.restore_disclosure, {"reason": "恢复"}),
    )  # fmt: skip
    for act, given in acts:
        made_act = perform(site.database, made.drafter, NOW, act, disclosure_id=row.disclosure_id, **given)
        await refused(made, disclosed.NotPublishable, made_act)
    withhold = perform(site.database, made.head, NOW, disclosing.withhold_disclosure, source_kind=SourceKind.EXPOSURE,
                       source_id=row.id, ground=WithholdingGround.STATE_SECRET, reason="秘密")  # fmt: skip
    await refused(made, BadInput, withhold)
    fell = perform(site.database, made.drafter, NOW, disclosing.withdraw_disclosure, disclosure_id=row.disclosure_id,
                   ground=WithdrawalGround.DECISION_FELL, reason="撤销")  # fmt: skip
    await refused(made, disclosed.WithdrawalUnreasoned, fell)


async def test_nobody_approves_what_he_drafted_and_only_what_was_previewed_once(site: Site, objects: Objects) -> None:
    made = await exposing(site, objects)
    both = await site.person(Role.INSPECTOR, Role.AGENCY_HEAD)
    own = await made.draft(by=both)
    await refused(made, problems.ExposedByItsDrafter, made.approve(own, by=both))
    await refused(made, disclosed.CopyStale, made.approve(own, digest=bytes(32)))
    row = await made.approve(own)
    await refused(made, problems.ExposureDecided, made.approve(row))
    await refused(made, problems.ExposureDecided,
                  perform(site.database, made.head, NOW, operations.drop_exposure, exposure_id=row.id))  # fmt: skip
    with pytest.raises(asyncpg.RestrictViolationError):
        await site.rows.execute("UPDATE exposures SET decided_by = $1", made.drafter.account_id)
    with pytest.raises(asyncpg.PostgresError):
        await site.rows.execute("DELETE FROM exposure_pictures; UPDATE exposures SET disclosure_id = NULL")


async def test_a_case_without_a_served_penalty_is_not_exposed_and_a_revoked_one_no_more(
    site: Site, objects: Objects
) -> None:
    case = await decided(site)
    made = Exposing(case, await site.person(Role.INSPECTOR), await site.person(Role.AGENCY_HEAD), objects)
    await refused(made, problems.CaseNotOver, made.draft())


async def test_a_draft_whose_decision_fell_meanwhile_is_not_approved(site: Site, objects: Objects) -> None:
    made = await exposing(site, objects)
    draft = await made.draft()
    await made.case.revoke()
    await refused(made, problems.CaseNotOver, made.approve(draft))
    await perform(site.database, made.drafter, NOW, operations.drop_exposure, exposure_id=draft.id)


@pytest.mark.parametrize("member", ["title", "facts", "handling", "lesson"])
async def test_no_text_names_anybody_or_anything_of_a_person(site: Site, objects: Objects, member: str) -> None:
    made = await exposing(site, objects)
    for text in ("联系电话13812345678", "身份证号：520201199001011234"):
        found = await refused(
            made, disclosed.PersonalDataFound, made.draft(words=replace(WORDS, **{member: f"经查，{text}"}))
        )
        assert member in str(found.parameters["where"])
    await refused(made, BadInput, made.draft(words=replace(WORDS, **{member: " "})))


async def test_the_words_of_a_picture_are_asked_for_and_searched(site: Site, objects: Objects) -> None:
    made = await exposing(site, objects)
    id = await made.photo()
    for alt, problem in ((" ", problems.PictureWithoutWords), ("某人电话13812345678", disclosed.PersonalDataFound)):
        await refused(made, problem, made.draft(Photo(evidence_id=id, regions=(REGION,), alt=alt)))
    unsaid = made.laid([Photo(evidence_id=id, regions=(REGION,), alt=ALT)], nobody_recognisable=False)
    await refused(made, problems.PeopleNotCovered, unsaid)
    await refused(made, problems.PeopleNotCovered, made.draft(nobody_recognisable=False))


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (Asked(left=9_000, top=0, width=1_001, height=10), "OUTSIDE"),
        (Asked(left=-1, top=0, width=10, height=10), "OUTSIDE"),
        (Asked(left=10, top=10, width=0, height=10), "EMPTY"),
        (Asked(left=10, top=10, width=10, height=-5), "EMPTY"),
        (Asked(left=0, top=0, width=10_000, height=10_000), "NOTHING_LEFT"),
    ],
)
async def test_regions_that_cannot_be_covered_are_refused(
    site: Site, objects: Objects, region: Asked, reason: str
) -> None:
    made = await exposing(site, objects)
    photo = Photo(evidence_id=await made.photo(), regions=(region,), alt=ALT)
    found = await refused(made, problems.RegionsUnfit, made.draft(photo))
    assert found.parameters == {"picture": 1, "reason": reason}
    many = replace(photo, regions=(REGION,) * 41)
    found = await refused(made, problems.RegionsUnfit, made.draft(many))
    assert found.parameters["reason"] == "TOO_MANY"


async def test_only_a_sealed_photo_of_this_case_that_no_report_may_have_led_to_is_shown(
    site: Site, objects: Objects
) -> None:
    made = await exposing(site, objects)

    async def why(id: UUID) -> Any:
        found = await refused(
            made, problems.PhotoNotUsable, made.draft(Photo(evidence_id=id, regions=(REGION,), alt=ALT))
        )
        return found.parameters["reason"]

    assert await why(uuid4()) == "NOT_OF_THE_CASE"
    assert await why(await made.photo(named=False)) == "NOT_OF_THE_CASE"
    assert await why(await made.photo(state="RECEIVED")) == "NOT_SEALED"
    assert await why(await made.photo(state="ERASED")) == "NOT_SEALED"
    assert await why(await made.photo(b"film", media_type="video/mp4")) == "NO_PHOTO"
    assert await why(await made.photo(stored=photo_bytes(size=(64, 64)))) == "DIFFERS"
    assert await why(await made.photo(b"\xff\xd8\xff no photo")) == "NOT_READ"
    huge = await made.photo()
    await site.rows.execute("ALTER TABLE evidence DISABLE TRIGGER USER")
    await site.rows.execute("UPDATE evidence SET size = 67108865 WHERE id = $1", huge)
    await site.rows.execute("ALTER TABLE evidence ENABLE TRIGGER USER")
    assert await why(huge) == "TOO_LARGE"
    led = await made.photo()
    await site.rows.execute("UPDATE inspections SET basis = 'REASONED'")
    assert await why(led) == "NOT_PLANNED"


async def test_a_photo_that_is_erased_before_the_approval_is_not_shown(site: Site, objects: Objects) -> None:
    made = await exposing(site, objects)
    id = await made.photo()
    draft = await made.draft(Photo(evidence_id=id, regions=(REGION,), alt=ALT))
    await site.rows.execute("UPDATE inspections SET basis = 'REASONED'")
    await refused(made, problems.PhotoNotUsable, made.approve(draft))


async def test_what_was_killed_between_the_store_and_the_commit_leaves_nothing_behind(
    site: Site, objects: Objects, workers: Database
) -> None:
    made = await exposing(site, objects)
    id = await made.photo()
    photo = Photo(evidence_id=id, regions=(REGION,), alt=ALT)
    left = await made.made([photo])
    name = left[0].object_name
    assert name.startswith(PREFIX)
    assert len(objects.versions(name)) == 1
    async with workers.reading(keeper()) as sql:
        assert await sweeping.plan_removal(sql, NOW, limit=10) == []
        names = await sweeping.plan_removal(sql, NOW + timedelta(hours=2), limit=10)
    assert names == [name]
    sweeping.remove_pictures(objects, names)
    assert await perform(workers, keeper(), NOW, sweeping.record_removal, names=names) == 1
    assert await perform(workers, keeper(), NOW, sweeping.record_removal, names=names) == 0
    assert objects.versions(name) == []
    await refused(made, TryAgain, made.draft(made=left))
    other = await site.person(Role.INSPECTOR)
    await refused(made, TryAgain, made.draft(made=await made.made([photo]), by=other))


async def test_a_dropped_draft_loses_its_pictures(site: Site, objects: Objects, workers: Database) -> None:
    made = await exposing(site, objects)
    draft = await made.draft(Photo(evidence_id=await made.photo(), regions=(), alt=ALT))
    row = await perform(site.database, made.head, NOW, operations.drop_exposure, exposure_id=draft.id)
    assert row.state == "DROPPED"
    await DisclosingWorker(workers, objects).turn()
    (name,) = [row[0] for row in await site.rows.fetch("SELECT object_name FROM exposure_objects")]
    assert objects.versions(name) == []
    await refused(made, problems.ExposureDecided, made.approve(row))
    assert await agrees(workers) == []


@pytest.mark.parametrize("role", [*Role])
async def test_whoever_may_not_is_refused_and_nothing_was_recorded(site: Site, objects: Objects, role: Role) -> None:
    made = await exposing(site, objects)
    draft = await made.draft()
    who = await site.person(role, mine_id=site.mine if role.value.startswith("MINE") else None)
    acts: tuple[tuple[Verb, Any, dict[str, Any]], ...] = (
        (Verb.EXPOSURE_DRAFT, operations.draft_exposure,
         {"case_id": made.case.desk.id, "words": WORDS, "made": (), "nobody_recognisable": True}),
        (Verb.EXPOSURE_APPROVE, operations.approve_exposure, {"exposure_id": draft.id, "digest": draft.digest}),
        (Verb.EXPOSURE_DROP, operations.drop_exposure, {"exposure_id": draft.id}),
        (Verb.EXPOSURE_READ, operations.open_picture, {"exposure_id": draft.id, "ordinal": 0}),
        (Verb.EVIDENCE_OPEN, operations.tell_secret, {"exposure_id": draft.id, "ordinal": 0}),
    )  # fmt: skip
    for verb, act, given in acts:
        if verb in ROLE_VERBS[role]:
            continue
        with pytest.raises((NotAllowed, NotFound)):
            await perform(site.database, who, NOW, act, **given)
    assert (await site.entries())[-1] == "exposure.drafted"
    far = await site.person(Role.AGENCY_HEAD, county="520201")
    await refused(made, NotFound, made.approve(draft, by=far))
    async with site.database.reading(far) as sql:
        assert await queries.exposures_by_ids(sql, [draft.id]) == []


async def test_what_is_repaired_takes_the_typical_case_of_it_with_it(
    site: Site, objects: Objects, public_database: Database
) -> None:
    made = await exposing(site, objects)
    penalty, row = await made.case.publish(), await made.shown()
    repaired: dict[str, Any] = {"basis": "信用修复管理办法", "reason": "已修复"}
    await perform(site.database, made.drafter, NOW, disclosing.hide_repaired, disclosure_id=penalty.id, **repaired)
    states = await site.rows.fetch("SELECT state FROM disclosures")
    assert [one["state"] for one in states] == ["REPAIRED", "REPAIRED"]
    assert await picture(public_database, row) is None


async def test_the_doctor_finds_a_published_picture_that_is_another_or_gone(
    site: Site, objects: Objects, public_database: Database, workers: Database
) -> None:
    made = await exposing(site, objects)
    row = await made.shown()
    look = await published_agree(workers, objects)
    assert (look.seen, look.findings) == ("1 published pictures", [])
    found = await picture(public_database, row)
    assert found is not None
    remove_derived(objects, found.object_name)
    (gone,) = (await published_agree(workers, objects)).findings
    assert "is gone in the store" in gone.what
    version = put_derived(objects, found.object_name, b"another", media_type="image/png")
    await site.rows.execute("ALTER TABLE exposure_pictures DISABLE TRIGGER USER")
    await site.rows.execute("UPDATE exposure_pictures SET object_version = $1", version)
    await site.rows.execute("ALTER TABLE exposure_pictures ENABLE TRIGGER USER")
    (other,) = (await published_agree(workers, objects)).findings
    assert "is another in the store" in other.what
    await site.rows.execute("UPDATE public_pictures SET sha256 = $1", bytes(32))
    assert [one.column for one in await agrees(workers)] == ["told_public"]
