"""Court packs: a whole one verifies, `sha256sum -c` works on it, and what is wrong is named."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from storage.record.ledger.proofs import bundles, closings, packs, readme
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.storage.record.ledger.packs import BROKEN, RECORDING, SERVER, TAKEN, relisted, write_pack
from tests.vectors import sample

pytestmark = pytest.mark.quick


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text(json.dumps(SERVER.keys.document()))
    return tmp_path / "keys.json"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack")


def test_a_whole_pack_is_verified_and_complete(pack: Path, keys: Path) -> None:
    verdict = verify_path(pack, keys)
    assert verdict.status is Status.VERIFIED, verdict.summary
    assert verdict.complete, [check for check in verdict.checks if not check.ok]
    assert verdict.summary == "VERIFIED: pack: 3 bundles"
    assert verify_path(pack, None).exit_code == 2


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_a_pack_is_named_by_its_check(name: str, pack: Path, keys: Path) -> None:
    change, again, failing = BROKEN[name]
    change(pack)
    if again:
        relisted(pack)
    verdict = verify_path(pack, keys)
    assert (verdict.failed.name if verdict.failed else None) == failing, verdict.summary
    assert verdict.exit_code == (1 if failing else 0)
    assert verdict.complete is (name in ("nothing changed", "a piece declared after the closing"))


def test_a_complete_pack_forged_with_fresh_keys_is_broken(tmp_path: Path, keys: Path) -> None:
    forged = write_pack(tmp_path / "forged", sample.server("forger"))
    assert verify_path(forged, None).summary == "CONSISTENT BUT UNTRUSTED: pack: 3 bundles"
    verdict = verify_path(forged, keys)
    assert verdict.exit_code == 1
    assert verdict.failed is not None
    assert verdict.failed.name == "IMG_0001.jpg.pithead.json: trust"


def test_a_closing_signed_by_keys_that_nothing_vouches_for_is_said_not_to_be_checked(pack: Path, keys: Path) -> None:
    path = pack / "data" / f"{RECORDING}.closing.json"
    (pack / "data" / f"{RECORDING}.closed.json").unlink()
    closing = closings.read_closed(path.read_bytes()).closing
    stranger, second = sample.es256("stranger"), sample.ed25519("vector dock", "device")
    for device, failing in (("strange device", None), ("device", f"{RECORDING}: officers")):
        data = closing.encode()
        path.write_bytes(
            closings.closed_file(
                data,
                closer=sample.officer(device, "maker", stranger),
                signature=stranger.sign(b"pithead/closing/1\n" + data),
                cosigner=sample.officer("second device", "second maker", second),
                cosignature=second.sign(b"pithead/cosign/1\n" + data),
            )
        )
        verdict = verify_path(relisted(pack), keys)
        assert (verdict.failed.name if verdict.failed else None) == failing
        assert not verdict.complete


def test_a_sealed_original_that_is_left_out_and_called_lost_is_said_not_to_be_checked(pack: Path, keys: Path) -> None:
    bundle = pack / "data" / f"{TAKEN}.pithead.json"
    statement = bundles.facts_of(bundle.read_bytes())[0]
    for path in (bundle, pack / "data" / TAKEN, pack / "data" / f"{TAKEN}.takeover.json"):
        path.unlink()
    loose = {sample.chain(3)[1]: "丢失", statement: "丢失 / lost"}
    (pack / "data" / packs.UNSEALED).write_bytes(packs.unsealed(loose))
    verdict = verify_path(relisted(pack), keys)
    assert verdict.status is Status.VERIFIED, "what is there is genuine"
    assert not verdict.complete
    assert verdict.summary.startswith(f"VERIFIED: pack: 2 bundles; 1 not checked, the first: {RECORDING}: unsealed: 1 ")


def test_a_link_is_no_original(pack: Path, keys: Path) -> None:
    original = pack / "data" / "IMG_0001.jpg"
    shutil.move(original, pack.parent / "elsewhere")
    original.symlink_to(pack.parent / "elsewhere")
    assert verify_path(pack, keys).summary == "BROKEN: pack: manifest: data/IMG_0001.jpg is no file"


def test_the_manifests_are_those_of_sha256sum(pack: Path) -> None:
    for name in (packs.MANIFEST, packs.TAG_MANIFEST):
        done = subprocess.run(["sha256sum", "-c", "--strict", name], cwd=pack, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_readme_says_in_both_languages_what_each_grade_proves() -> None:
    for grade in ("SIGNED_AT_CAPTURE", "SIGNED_AT_DOCK", "TAKEN_OVER"):
        assert readme.TEXT.count(grade) == 2


def test_the_closings_entry_alone_vouches_for_both_officers(pack: Path, keys: Path) -> None:
    path = pack / "data" / "IMG_0003.jpg.pithead.json"
    statement = bundles.facts_of(path.read_bytes())[0]
    for name in ("IMG_0003.jpg", "IMG_0003.jpg.pithead.json"):
        (pack / "data" / name).unlink()
    loose = pack / "data" / packs.UNSEALED
    loose.write_bytes(packs.unsealed({sample.chain(3)[1]: "丢失", statement: "丢失"}))
    verdict = verify_path(relisted(pack), keys)
    assert [check.name for check in verdict.checks if not check.ok] == [f"{RECORDING}: unsealed"]
    (pack / "data" / f"{RECORDING}.closed.json").unlink()
    assert [check.name for check in verify_path(relisted(pack), keys).checks if check.ok is None] == [
        f"{RECORDING}: entry",
        f"{RECORDING}: officers",
        f"{RECORDING}: unsealed",
    ]
