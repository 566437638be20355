"""Tests of what proves a commitment: seal, stamp, bundle and QR code, checked offline; and of what ends one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from storage.promises.commitments import bundling, ending, queries, rules, signing, stamping
from storage.promises.commitments.comparing import COMMITMENTS, ENDINGS, PREVIEWS, SEALS
from storage.promises.commitments.signing import Given
from storage.promises.commitments.tables import Commitment
from storage.promises.keys import operations as key_acts
from storage.promises.keys import rules as key_rules
from storage.promises.keys.comparing import AGREEMENTS, KEY_CHECKS, KEY_ENDINGS, SIGNING_KEYS
from storage.promises.keys.tables import KeyPurpose, SigningWay
from storage.record.actor import Role, keeper, stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger import checkpoints, comparing, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.ledger.proofs.commitments import bundles, codes, reading
from storage.record.ledger.proofs.commitments.documents import Commitment as Document
from storage.record.ledger.proofs.commitments.documents import message_of
from storage.record.ledger.proofs.signatures import signing_input
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.problems import NotFound
from storage.record.work import perform
from tests.factories.authenticators import Authenticator
from tests.factories.people import new_key
from tests.factories.signing import Signing, appoint, signing_of
from tests.factories.templates import promises_of
from tests.sites import Site

COMPARISONS = (PREVIEWS, COMMITMENTS, SEALS, ENDINGS, SIGNING_KEYS, KEY_CHECKS, KEY_ENDINGS, AGREEMENTS)


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def signed_by_passkey(desk: Signing) -> Commitment:
    key = await desk.ready_passkey()
    laid = await desk.lays()
    return await desk.signs(laid, desk.asserts(laid, key))


async def seals(desk: Signing, signed: Commitment) -> None:
    """The company's seal by the key of its device, which an officer saw."""
    signer = new_key()
    key = await desk.registers_device(by=desk.company, purpose=KeyPurpose.SEAL, signer=signer)
    nonce = Document.decode(signed.content).nonce
    given = Given(
        way=SigningWay.KEY, key_id=key.key.id,
        signature=signer.sign(signing_input("seal", message_of(nonce, signed.digest))),
    )  # fmt: skip
    with pytest.raises(key_rules.KeyNotChecked):
        await desk.acts(signing.seal_commitment, desk.company, commitment_id=signed.id, given=given)
    await desk.checked(key)
    wrong = replace(given, signature=signer.sign(signing_input("commitment", message_of(nonce, signed.digest))))
    with pytest.raises(key_rules.CommitmentSignatureWrong):
        await desk.acts(signing.seal_commitment, desk.company, commitment_id=signed.id, given=wrong)
    await desk.acts(signing.seal_commitment, desk.company, commitment_id=signed.id, given=given)


async def stamps(desk: Signing, workers: Database, folder: KeyFolder) -> list[str]:
    """One round of the stamping worker; the levels that were reached."""
    async with workers.reading(keeper()) as sql:
        plans = await stamping.plan_stamps(sql, timed=False)
    made = [(plan, await stamping.make_stamp(desk.objects, folder.signer("stamp"), plan)) for plan in plans]
    return [
        (await perform(workers, keeper(), desk.promises.now, stamping.record_stamp, commitment_id=plan.commitment.id,
                       made=one)).level
        for plan, one in made if one is not None
    ]  # fmt: skip


async def shows(desk: Signing, workers: Database, folder: KeyFolder) -> None:
    while await sequencer.sequence(workers):
        pass
    now = desk.promises.now
    soon = datetime.now(UTC) + timedelta(minutes=1)  # By the store's clock, which no test sets.
    await checkpoints.show_head(workers, desk.objects, folder, now=now, keep_until=soon)


async def bundle_of(desk: Signing, id: UUID, folder: KeyFolder) -> bytes:
    """As anybody gets it who has no account."""
    async with desk.promises.site.database.reading(stranger()) as sql:
        plan = await bundling.plan_bundle(sql, commitment_id=id)
    return await bundling.make_bundle(desk.objects, plan, keys=folder.public())


async def test_the_bundle_of_a_sealed_and_stamped_commitment_verifies_offline_and_so_does_its_code(
    desk: Signing, workers: Database, keys: KeyFolder
) -> None:
    signed = await signed_by_passkey(desk)
    with pytest.raises(NotFound):
        await bundle_of(desk, signed.id, keys)  # No checkpoint holds it yet.
    await shows(desk, workers, keys)
    bare = await bundle_of(desk, signed.id, keys)
    await seals(desk, signed)
    assert await stamps(desk, workers, keys) == ["B-B"]
    assert await stamps(desk, workers, keys) == []
    assert await bundle_of(desk, signed.id, keys) == bare  # What no checkpoint holds is left out.
    await shows(desk, workers, keys)
    whole = await bundle_of(desk, signed.id, keys)
    for data in (bare, whole):
        verdict = bundles.verify_bundle(data, keys.public())
        assert verdict.status is Status.VERIFIED, verdict.summary
    assert set(parse_canonical(whole, bundles.LIMIT)["entries"]) == {
        "signed", "checked", "agreed", "sealed", "stamped",
    }  # fmt: skip
    assert reading.verify_code(codes.code_of(whole).encode(), keys.public()).status is Status.VERIFIED


async def test_ink_and_a_devices_key_verify_too(desk: Signing, workers: Database, keys: KeyFolder) -> None:
    ink = Given(way=SigningWay.INK, scan=bytes(32))
    first = await desk.signs(await desk.lays(), ink)
    await desk.acts(signing.seal_commitment, desk.company, commitment_id=first.id, given=ink)
    device = await desk.checked(await desk.registers_device())
    await desk.agrees()
    laid = await desk.lays()
    second = await desk.signs(laid, desk.signs_with(laid, device))
    await shows(desk, workers, keys)
    for one in (first, second):
        assert bundles.verify_bundle(await bundle_of(desk, one.id, keys), keys.public()).status is Status.VERIFIED


async def causes(desk: Signing, *ids: UUID, later: timedelta = timedelta()) -> list[str | None]:
    async with desk.promises.site.database.reading(stranger()) as sql:
        found = await queries.standing_of(sql, ids, day_of(desk.promises.now + later))
    return [found[id] for id in ids]


async def ends(desk: Signing, workers: Database) -> int:
    return await perform(workers, keeper(), desk.promises.now, ending.end_commitments, limit=10)


async def test_a_later_signature_supersedes_and_the_record_says_so(desk: Signing, workers: Database) -> None:
    key = await desk.ready_passkey()
    laid = await desk.lays()
    first = await desk.signs(laid, desk.asserts(laid, key))
    assert (await causes(desk, first.id), await ends(desk, workers)) == ([None], 0)
    again = await desk.lays()
    second = await desk.signs(again, desk.asserts(again, key))
    assert await causes(desk, first.id, second.id) == ["SUPERSEDED", None]
    ink = Given(way=SigningWay.INK, scan=bytes(32))
    with pytest.raises(rules.CommitmentOver):
        await desk.acts(signing.seal_commitment, desk.company, commitment_id=first.id, given=ink)
    assert (await ends(desk, workers), await ends(desk, workers)) == (1, 0)
    assert (await desk.promises.site.entries())[-1] == "commitment.ended"


async def test_another_principal_or_another_disaster_leaves_the_mine_unsigned_from_that_minute(
    desk: Signing, workers: Database
) -> None:
    site = desk.promises.site
    signed = await signed_by_passkey(desk)
    await site.rows.execute("UPDATE mines SET disasters = '{WATER,HIGH_GAS}' WHERE id = $1", site.mine)
    assert await causes(desk, signed.id) == ["FACTS_CHANGED"]
    await site.rows.execute("UPDATE mines SET disasters = '{HIGH_GAS}' WHERE id = $1", site.mine)
    assert await causes(desk, signed.id) == [None]  # Nobody said in the record that it ended.
    await site.rows.execute("UPDATE posts SET to_day = '2026-11-24', ended_at = now() WHERE id = $1", desk.post)
    assert await causes(desk, signed.id) == [None]  # The day is his, to its end.
    assert await causes(desk, signed.id, later=timedelta(days=1)) == ["PRINCIPAL_CHANGED"]
    desk.promises.now += timedelta(days=1)
    assert await ends(desk, workers) == 1
    await appoint(desk.promises, desk.principal, since=date(2026, 11, 25))
    assert await causes(desk, signed.id) == ["PRINCIPAL_CHANGED"]  # Who comes back signs anew.
    again = await desk.lays()
    assert again.supersedes == signed.digest


async def test_a_pdf_that_is_no_longer_what_was_signed_is_neither_stamped_nor_handed_out(
    desk: Signing, workers: Database, keys: KeyFolder
) -> None:
    signed = await signed_by_passkey(desk)
    await desk.promises.site.rows.execute("ALTER TABLE commitments DISABLE TRIGGER USER")
    await desk.promises.site.rows.execute("UPDATE commitments SET pdf_sha256 = $1", bytes(32))
    with pytest.raises(stamping.PdfDiffers):
        await stamps(desk, workers, keys)
    await shows(desk, workers, keys)
    with pytest.raises(stamping.PdfDiffers):
        await bundle_of(desk, signed.id, keys)


async def test_nobody_changes_what_was_signed_and_the_rows_are_what_their_entries_say(
    desk: Signing, workers: Database, keys: KeyFolder
) -> None:
    site = desk.promises.site
    signed = await signed_by_passkey(desk)
    await seals(desk, signed)
    await stamps(desk, workers, keys)
    other = await desk.registers_passkey(passkey=Authenticator())
    await desk.acts(key_acts.end_key, key_id=other.key.id, reason="备用密钥不用了")
    laid = await desk.lays()
    await desk.signs(laid, Given(way=SigningWay.INK, scan=bytes(32)))
    await ends(desk, workers)

    async def page(text: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(text, *arguments)

    async def differing() -> list[tuple[str, str]]:
        return [
            (one.table, one.column) for comparison in COMPARISONS
            async for one in comparing.differences(page, comparison)
        ]  # fmt: skip

    assert await differing() == []
    tables = [one.table for one in COMPARISONS[1:]] + ["commitment_stamps", "passkey_challenges"]
    for table in tables:
        assert await site.counted(table) > 0, table
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET county = 'x'", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await site.rows.execute(change)
    await site.rows.execute("ALTER TABLE commitment_clauses DISABLE TRIGGER USER")
    await site.rows.execute("UPDATE commitment_clauses SET outcome = 'NOT_MET' WHERE ordinal = 1")
    assert set(await differing()) == {("commitments", "told_clauses")}
    for table, change in (("commitments", "content = content || '\\x20'"), ("commitment_seals", "way = 'TOKEN'"),
                          ("signing_keys", "algorithm = 'Ed25519'"), ("commitment_stamps", "level = 'B-T'"),
                          ("commitment_endings", "cause = 'FACTS_CHANGED'"),
                          ("signing_key_checks", "checked_at = now()")):  # fmt: skip
        await site.rows.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await site.rows.execute(f"UPDATE {table} SET {change}")
    assert set(await differing()) >= {
        ("commitments", "told_digest"), ("commitments", "told_stamps"), ("commitment_seals", "way"),
        ("signing_keys", "algorithm"), ("commitment_endings", "cause"), ("signing_key_checks", "checked_at"),
    }  # fmt: skip


async def test_an_id_in_a_row_of_a_commitment_hands_out_no_entry_of_another_kind_or_commitment(
    desk: Signing, workers: Database, keys: KeyFolder
) -> None:
    signed, site = await signed_by_passkey(desk), desk.promises.site
    other = await desk.signs(await desk.lays(), Given(way=SigningWay.INK, scan=bytes(32)))
    await shows(desk, workers, keys)

    async def names() -> set[str]:
        async with site.database.reading(stranger()) as sql:
            return {row["name"] for row in await sql.fetch("SELECT name FROM commitment_entries($1)", signed.id)}

    assert await names() == {"signed", "checked", "agreed"}
    await site.rows.execute("ALTER TABLE commitments DISABLE TRIGGER USER")
    for column, name, wrong in (
        ("entry_id", "signed", other.entry_id), ("checked", "checked", signed.agreed),
        ("agreed", "agreed", signed.entry_id),
    ):  # fmt: skip
        await site.rows.execute(f"UPDATE commitments SET {column} = $1 WHERE id = $2", wrong, signed.id)
        assert name not in await names()
    assert await names() == set()


async def test_anybody_sees_what_was_signed_and_only_the_mine_and_the_agency_with_what(desk: Signing) -> None:
    site = desk.promises.site
    signed = await signed_by_passkey(desk)
    for actor, keys_seen in ((stranger(), 0), (desk.officer, 1), (desk.company, 1),
                             (await site.person(Role.MINER, county=None, mine_id=site.mine), 0),
                             (await site.person(Role.INSPECTOR, county="520204"), 0)):  # fmt: skip
        async with site.database.reading(actor) as sql:
            assert [one.id for one in await queries.signed_for(sql, site.mine, signed.year)] == [signed.id]
            assert await sql.fetchval("SELECT count(*) FROM signing_keys") == keys_seen
