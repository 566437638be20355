"""The folder of server keys: made once, closed to others, rotated with a trace; the chains verifiers follow."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.record.ledger.keys import KeyFolder, KeysUnusable
from storage.record.ledger.proofs import keys as proofs_keys
from storage.record.ledger.proofs import receipts, signatures
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.keys import KeyRefused, KeysMalformed, PublicKeys, reach
from tests.vectors import sample

pytestmark = pytest.mark.quick

NOW = 1_780_000_000_000
DAY = 86_400_000


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    made = KeyFolder(tmp_path / "keys")
    made.create_missing(NOW, origin="log.example/1")
    return made


def listed(folder: KeyFolder) -> PublicKeys:
    return PublicKeys.parse(folder.public())


def test_a_promise_of_before_a_rotation_is_made_again_by_the_key_of_that_time(folder: KeyFolder) -> None:
    before = folder.signer("promise")
    folder.rotate("promise", NOW + DAY)
    after = folder.signer("promise")
    assert before.id != after.id
    assert [folder.promise_at(at).id for at in (NOW, NOW + DAY - 1, NOW + DAY, NOW + 9 * DAY)] == [
        before.id, before.id, after.id, after.id,
    ]  # fmt: skip
    receipt = receipts.declare_receipt(
        folder.promise_at(NOW + 1), evidence=sample.uuid_of("evidence"), statement=b"{}",
        entry=sample.uuid_of("entry"), at=NOW + 1,
    )  # fmt: skip
    receipts.verify_declared(receipt, statement=b"{}", keys=listed(folder))
    with pytest.raises(KeysUnusable, match="no promise key of"):
        folder.promise_at(NOW - DAY)


def test_the_folder_and_its_secrets_are_closed_to_others(folder: KeyFolder) -> None:
    assert folder.path.stat().st_mode & 0o777 == 0o700
    modes = {item.name: item.stat().st_mode & 0o777 for item in folder.path.iterdir()}
    assert modes.pop("public.json") == 0o644
    assert set(modes) == {".lock", "report", "salt", *(f"{name}.pem" for name in proofs_keys.NAMES)}
    assert set(modes.values()) == {0o600}


def test_every_key_signs_and_is_listed_under_the_origin(folder: KeyFolder) -> None:
    keys = listed(folder)
    assert keys.origin == "log.example/1"
    for name in proofs_keys.NAMES:
        signer = folder.signer(name)
        key = keys.key(signer.id)
        assert (key.name, key.public, key.since, key.until) == (name, signer.public, NOW, None)
        assert signatures.verify_raw("Ed25519", signer.public, b"x", signer.sign(b"x"))
    assert len(folder.secret("salt")) == 32


def test_creating_again_changes_nothing(folder: KeyFolder) -> None:
    before = {item.name: item.read_bytes() for item in folder.path.iterdir()}
    KeyFolder(folder.path).create_missing(NOW + DAY, origin="another.example")
    assert {item.name: item.read_bytes() for item in folder.path.iterdir()} == before


def test_many_that_start_at_once_make_one_set_of_keys(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    failures: list[BaseException] = []

    def begin() -> None:
        start.wait()
        try:
            KeyFolder(tmp_path / "keys").create_missing(NOW)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    folder = KeyFolder(tmp_path / "keys")
    assert sorted(listed(folder).keys) == sorted(folder.signer(name).id for name in proofs_keys.NAMES)


def test_a_key_that_was_written_and_not_yet_listed_is_listed_by_the_next_start(folder: KeyFolder) -> None:
    document = folder.public()
    document["keys"] = [key for key in document["keys"] if key["name"] != "receipt"]
    folder._publish(PublicKeys("log.example/1", {}), *PublicKeys.parse(document).keys.values())
    folder.create_missing(NOW + 5)
    assert listed(folder).key(folder.signer("receipt").id).since == NOW + 5


def test_a_lost_private_key_is_an_error_and_not_replaced_in_silence(folder: KeyFolder) -> None:
    (folder.path / "ledger.pem").unlink()
    with pytest.raises(KeysUnusable, match=r"ledger\.pem is missing"):
        folder.create_missing(NOW)
    with pytest.raises(KeysUnusable, match=r"ledger\.pem"):
        folder.signer("ledger")


@pytest.mark.parametrize("name", ["salt", "ledger.pem"])
def test_a_secret_open_to_others_is_not_used(folder: KeyFolder, name: str) -> None:
    (folder.path / name).chmod(0o640)
    with pytest.raises(KeysUnusable, match=r"open to others \(mode 0640\)"):
        folder.secret("salt") if name == "salt" else folder.signer("ledger")


def test_a_folder_open_to_others_and_a_file_that_is_no_key_are_refused(folder: KeyFolder) -> None:
    (folder.path / "stamp.pem").write_text("nothing")
    with pytest.raises(KeysUnusable, match=r"stamp\.pem holds no private key"):
        folder.signer("stamp")
    folder.path.chmod(0o755)
    with pytest.raises(KeysUnusable, match="open to others"):
        folder.create_missing(NOW)
    with pytest.raises(KeysUnusable, match="no secret to hand out"):
        folder.secret("ledger")


def test_rotation_keeps_the_old_key_with_its_end_and_the_new_one_signed_by_it(folder: KeyFolder) -> None:
    old = folder.signer("receipt")
    folder.rotate("receipt", NOW + DAY)
    new, keys = folder.signer("receipt"), listed(folder)
    assert new.id != old.id
    assert keys.key(old.id).until == NOW + DAY == keys.key(new.id).since
    proofs_keys.must_follow(keys.key(new.id), keys.key(old.id))
    assert keys.key(old.id).valid_at(NOW + DAY + 1_000), "what began before the rotation may be signed just after"
    assert not keys.key(old.id).valid_at(NOW + DAY + 60_001)
    assert not keys.key(new.id).valid_at(NOW + DAY - 60_001)


def test_a_clock_set_back_and_an_impossible_origin_leave_the_folder_as_it_was(
    folder: KeyFolder, tmp_path: Path
) -> None:
    before = folder.public()
    with pytest.raises(KeysUnusable, match="is the clock wrong"):
        folder.rotate("ledger", NOW - 1)
    assert folder.public() == before
    with pytest.raises(KeysMalformed, match="origin is no name"):
        KeyFolder(tmp_path / "other").create_missing(NOW, origin="two words")
    assert not (tmp_path / "other" / "public.json").exists()


def test_the_salt_rotates_and_the_old_one_is_kept(folder: KeyFolder) -> None:
    old = folder.secret("salt")
    folder.rotate("salt", NOW + 1)
    assert folder.secret("salt") != old
    assert (folder.path / f"salt.until-{NOW + 1}").read_bytes() == old
    with pytest.raises(KeysUnusable, match="no key named door"):
        folder.rotate("door", NOW)


@pytest.mark.parametrize("published", [True, False])
def test_a_rotation_killed_halfway_is_finished_or_undone(folder: KeyFolder, published: bool) -> None:
    old, before = folder.signer("ledger").id, (folder.path / "ledger.pem").read_bytes()
    folder.rotate("ledger", NOW + DAY)
    new = folder.signer("ledger").id
    (folder.path / "ledger.pem").rename(folder.path / "ledger.next.pem")
    folder._write("ledger.pem", before, 0o600)
    if not published:
        first = {id: replace(key, until=None) for id, key in listed(folder).keys.items() if id != new}
        folder._publish(PublicKeys("log.example/1", {}), *first.values())
    folder.create_missing(NOW + 2 * DAY)
    assert folder.signer("ledger").id == (new if published else old)
    assert not (folder.path / "ledger.next.pem").exists()


def test_a_key_is_reached_over_every_rotation_since_the_trusted_one(folder: KeyFolder) -> None:
    trusted = listed(folder)
    for times in (1, 2, 3):
        folder.rotate("promise", NOW + times * DAY)
    newest, offered = folder.signer("promise").id, listed(folder)
    assert reach(offered, newest, trusted) == offered.key(newest)
    assert offered.contradiction(trusted) is None
    offered.must_hold_together()
    middle = offered.keys[newest].predecessor
    broken = PublicKeys(offered.origin, {id: key for id, key in offered.keys.items() if id != middle})
    with pytest.raises(KeyRefused, match=f"key {middle} is not in the list"):
        reach(broken, newest, trusted)
    with pytest.raises(KeyRefused, match=f"key {middle} is not in the list"):
        broken.must_hold_together()


def test_an_end_that_the_trusted_list_does_not_know_must_be_the_beginning_of_the_next_key(folder: KeyFolder) -> None:
    trusted = listed(folder)
    old = folder.signer("token").id
    folder.rotate("token", NOW + DAY)
    offered = listed(folder)
    moved = PublicKeys(offered.origin, {**offered.keys, old: replace(offered.key(old), until=NOW + DAY + 1)})
    assert moved.contradiction(trusted) == f"to of key {old} is not that of the trusted list"
    assert offered.contradiction(trusted) is None
    assert trusted.contradiction(offered) is None, "an older list does not know the end yet"
    assert moved.contradiction(offered) == f"to of key {old} is not that of the trusted list"


def test_a_key_that_stands_by_itself_or_is_signed_wrongly_is_refused(folder: KeyFolder, tmp_path: Path) -> None:
    trusted = listed(folder)
    stranger = KeyFolder(tmp_path / "stranger")
    stranger.create_missing(NOW)
    alone = stranger.signer("receipt").id
    with pytest.raises(KeyRefused, match="stands by itself"):
        reach(listed(stranger), alone, trusted)
    folder.rotate("receipt", NOW + DAY)
    new = folder.signer("receipt").id
    offered = listed(folder)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"since": NOW + 1}, "is not signed by"),
        ({"signature": bytes(64)}, "is not signed by"),
        ({"predecessor": folder.signer("ledger").id}, "is not signed by"),
        ({"predecessor": new}, "stands by itself"),
    ]
    for changed, reason in wrong:
        forged = PublicKeys(offered.origin, {**offered.keys, new: replace(offered.key(new), **changed)})
        with pytest.raises(KeyRefused, match=reason):
            reach(forged, new, trusted)


def test_a_second_follower_of_a_trusted_key_is_refused(folder: KeyFolder) -> None:
    first = {item.name: item.read_bytes() for item in folder.path.iterdir()}
    folder.rotate("receipt", NOW + DAY)
    trusted = listed(folder)
    for name in ("receipt.pem", "public.json"):
        (folder.path / name).write_bytes(first[name])
    folder.rotate("receipt", NOW + DAY)
    with pytest.raises(KeyRefused, match="was followed by"):
        reach(listed(folder), folder.signer("receipt").id, trusted)


def test_a_key_signed_after_its_predecessors_end_is_refused(folder: KeyFolder) -> None:
    keys = listed(folder)
    old = folder.signer("receipt")
    trusted = PublicKeys(keys.origin, {old.id: replace(keys.key(old.id), until=NOW + 1)})
    folder.rotate("receipt", NOW + DAY)
    with pytest.raises(KeyRefused, match="was not valid when it signed"):
        reach(listed(folder), folder.signer("receipt").id, trusted)


def altered(document: dict[str, Any], number: int, **members: Any) -> dict[str, Any]:
    keys = [dict(key) for key in document["keys"]]
    keys[number] = {name: item for name, item in {**keys[number], **members}.items() if item is not ...}
    return {**document, "keys": keys}


def test_a_keys_document_that_is_malformed_is_refused_with_the_key(folder: KeyFolder) -> None:
    document = folder.public()
    other = document["keys"][1]["public"]
    for wrong, reason in [
        ([], "not an object"),
        ({**document, "v": "pithead/keys/2"}, "not an object"),
        ({**document, "more": 1}, "not an object"),
        ({**document, "origin": "a b"}, "origin is no name"),
        ({**document, "origin": "pithead/sealed/1"}, "origin is no name"),
        ({**document, "keys": [1]}, "key 0: not an object"),
        ({**document, "keys": [document["keys"][0]] * 2}, "key 1: ledger-.* twice"),
        (altered(document, 0, id="ledger-00000000"), "key 0: public is no key"),
        (altered(document, 0, public=other), "key 0: public is no key"),
        (altered(document, 0, public=to_base64url(b"x")), "key 0: public is no key"),
        (altered(document, 0, public="=="), "key 0: not base64url"),
        (altered(document, 2, name="Promise"), "key 2: name or algorithm"),
        (altered(document, 2, algorithm="none"), "key 2: name or algorithm"),
        (altered(document, 2, algorithm="ES256"), "key 2: public is no key"),
        (altered(document, 2, **{"from": True}), "key 2: from or to"),
        (altered(document, 2, to=NOW - 1), "key 2: from or to"),
        (altered(document, 2, predecessor="x"), "key 2: predecessor and signature"),
        (altered(document, 2, seen=1), "key 2: not an object"),
        (altered(document, 2, id=...), "key 2: not an object"),
    ]:
        with pytest.raises(KeysMalformed, match=reason):
            PublicKeys.parse(wrong)
    assert PublicKeys.parse(document).document() == document
