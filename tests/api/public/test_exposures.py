"""Tests of the public pages of exposed cases: what they show, their pictures, the proof of each, and what is gone."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from api.worker import LedgerWorker
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs import pictures as proofs
from storage.record.ledger.proofs.canonical import canonical, from_base64url, parse_canonical, to_base64url
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.work import perform
from storage.trust.disclosures import operations as disclosing
from storage.trust.disclosures.rules import WithdrawalGround
from storage.trust.exposures.rules import Photo
from tests.factories.exposures import REGION, WORDS, exposing
from tests.factories.public import lay, visiting
from tests.sites import NOW, Site

ALT = '工作面<b>"传感器"</b>'


async def sequenced(workers: Database, objects: Objects, keys: KeyFolder) -> None:
    """What was published stands under a checkpoint."""
    worker = LedgerWorker(workers, objects, keys, timedelta(days=1), between_checkpoints=0)
    while await worker.turn():
        pass


async def test_an_exposed_case_has_its_pages_its_picture_and_a_proof_that_names_what_was_changed(
    site: Site, objects: Objects, public_database: Database, workers: Database, keys: KeyFolder
) -> None:
    made = await exposing(site, objects)
    photo = Photo(evidence_id=await made.photo(), regions=(REGION,), alt=ALT)
    row = await made.approve(await made.draft(photo))
    await sequenced(workers, objects, keys)
    place = f"/d/{row.disclosure_id}/pictures/1"
    async with visiting(public_database, keys, objects) as visitor:
        for tongue in ("", "?lang=en"):
            listed, page = (
                await visitor.get(f"/exposures{tongue}"),
                await visitor.get(f"/d/{row.disclosure_id}{tongue}"),
            )
            assert (listed.status_code, page.status_code) == (200, 200)
            assert f'href="/d/{row.disclosure_id}{tongue}"' in listed.text
            assert f'<img src="{place}.png" alt="工作面&lt;b&gt;&#34;传感器&#34;&lt;/b&gt;"' in page.text
            assert WORDS.lesson in page.text
            assert len(page.content) < 100_000
        twin, copy = (
            (await visitor.get("/exposures.json")).json(),
            (await visitor.get(f"/d/{row.disclosure_id}.json")).json(),
        )
        assert [one["title"] for one in twin["rows"]] == [WORDS.title]
        assert copy["copy"]["pictures"][0]["alt"] == ALT
        picture, bundle = await visitor.get(f"{place}.png"), await visitor.get(f"{place}.picture.json")
        assert (picture.headers["content-type"], picture.headers["x-content-type-options"]) == ("image/png", "nosniff")
        again = await visitor.get(f"{place}.png", headers={"if-none-match": picture.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for path in (f"{place[:-1]}0.png", f"{place[:-1]}2.png", f"{place[:-1]}7.png", f"{place[:-1]}01.png",
                     f"{place}.jpg", f"/d/{made.site.mine}/pictures/1.png", "/d/x/pictures/1.png"):  # fmt: skip
            assert (await visitor.get(path)).status_code == 404, path
        evidence = await site.rows.fetchval("SELECT object_name FROM evidence WHERE sniffed_type = 'image/jpeg'")
        assert evidence not in page.text + bundle.text + json.dumps(copy)
        assert "derived/" not in page.text + bundle.text + json.dumps(copy)
    trust = keys.public()
    found = proofs.verify_bundle(bundle.content, trust)
    assert found.status is Status.VERIFIED, found.summary
    assert "picture 1, 4 of 80 tiles covered (5.0 %)" in found.summary
    whole = parse_canonical(bundle.content, proofs.LIMIT)
    assert from_base64url(whole["picture"]) == picture.content
    other = canonical(whole | {"picture": to_base64url(picture.content[:-1] + b"\0")})
    assert proofs.verify_bundle(other, trust).status is Status.BROKEN


async def test_what_was_withdrawn_answers_410_and_what_never_was_404(
    site: Site, objects: Objects, public_database: Database
) -> None:
    made = await exposing(site, objects)
    row = await made.shown()
    unapproved = await made.draft(Photo(evidence_id=await made.photo(), regions=(REGION,), alt="照片"))
    given: dict[str, Any] = {"ground": WithdrawalGround.HARMS_SOMEBODY, "reason": "照片中有人可以辨认"}
    paths = [f"/d/{row.disclosure_id}/pictures/1.{end}" for end in ("png", "picture.json")]
    async with visiting(public_database, None, objects) as visitor:
        assert (await visitor.get(paths[0])).status_code == 200
    await perform(
        site.database, made.drafter, NOW, disclosing.withdraw_disclosure, disclosure_id=row.disclosure_id, **given
    )
    async with visiting(public_database, None, objects) as visitor:
        for path in paths:
            answer = await visitor.get(path)
            assert (answer.status_code, len(answer.content) < 100) == (410, True)
        assert (await visitor.get(f"/d/{row.disclosure_id}")).status_code == 410
        assert (await visitor.get(f"/d/{unapproved.id}/pictures/1.png")).status_code == 404
        assert WORDS.title not in (await visitor.get("/exposures")).text


async def test_the_role_of_the_site_reads_no_draft_no_secret_and_no_picture_that_is_not_shown(
    site: Site, objects: Objects, public_database: Database
) -> None:
    made = await exposing(site, objects)
    await made.shown()
    async with public_database.connection() as (_, sql):
        for table in ("exposures", "exposure_pictures", "exposure_objects"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await sql.fetch(f"SELECT * FROM {table}")
        assert len(await sql.fetch("SELECT * FROM public_pictures")) == 1
        await site.rows.execute("DELETE FROM public_rows")
        assert await sql.fetch("SELECT * FROM public_pictures") == []


async def test_a_page_of_exposed_cases_leads_to_the_older_ones(
    site: Site, public_database: Database, objects: Objects
) -> None:
    copy = {
        "v": "pithead/disclosure/1", "kind": "EXPOSURE", "title": "案例", "facts": "经查", "handling": "罚款",
        "lesson": "警示",
        "mine": {"id": str(site.mine), "name": "甲煤矿", "credit_code": "91520281MA6DKTEST1"}, "pictures": [],
        "agency": "国家矿山安全监察局贵州局", "county": "520281", "decided_on": "2026-11-20",
    }  # fmt: skip
    for seq in range(1, 23):
        await lay(site, seq, kind="EXPOSURE", content=canonical(copy))
    async with visiting(public_database, None, objects) as visitor:
        first = await visitor.get("/exposures")
        assert first.text.count('<li class="row"') == 20
        second = await visitor.get("/exposures?before=3")
        assert second.text.count('<li class="row"') == 2
        assert (await visitor.get("/exposures?before=x")).status_code == 400
        assert "EXPOSURE" in (await visitor.get("/")).text
        assert (await visitor.get("/?kind=EXPOSURE")).text.count('<li class="row"') == 20
