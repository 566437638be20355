"""Court packs on disk, whole and broken, for the tests of both verifiers."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import closings, packs, readme, receipts, takeovers
from storage.record.ledger.proofs.statements import Statement
from tests.vectors import sample

RECORDING = sample.uuid_of("recording")
SERVER = sample.server()
TAKEN = "井口 2.jpg"
"""The photo that was taken over from somebody else."""


def write_pack(folder: Path, by: sample.Server = SERVER) -> Path:
    """A pack of one recording: two sealed photos of one device, the second taken over, one of another, one unsealed."""
    data = folder / "data"
    data.mkdir(parents=True)
    first, second = sample.es256("vector device"), sample.ed25519("vector dock", "device")
    ours, theirs = sample.chain(3), sample.chain(1, "second device")
    for name, value, signer, maker in (
        ("IMG_0001.jpg", ours[0], first, "maker"),
        ("井口 2.jpg", ours[2], first, "maker"),
        ("IMG_0003.jpg", theirs[0], second, "second maker"),
    ):
        statement = Statement.decode(value)
        taken = name == TAKEN
        entry = sample.entry(
            statement, signer, maker=sample.uuid_of(maker), **({"grade": takeovers.GRADE} if taken else {})
        )
        if taken:
            paper = sample.takeover(statement=sha256(value).hexdigest())
            (data / f"{name}{takeovers.SUFFIX}").write_bytes(sample.taken_over_file(paper))
        if maker != "maker":
            statement = replace(statement, maker=sample.uuid_of(maker))
            theirs = [statement.encode()]
            entry = sample.entry(statement, signer)
        members = sample.members(by, device=signer, signed=statement, sealed_entry=entry)
        (data / name).write_bytes(sample.ORIGINAL)
        (data / f"{name}.pithead.json").write_bytes(receipts.bundle(**{**members, "file": name}))
    (data / packs.UNSEALED).write_bytes(packs.unsealed({ours[1]: "设备丢失，原件未上传"}))
    closing = closings.Closing(
        recording=RECORDING,
        closer=sample.uuid_of("maker"),
        at=sample.SEALED,
        chains={
            sample.uuid_of("device"): (3, sha256(ours[2]).hexdigest()),
            sample.uuid_of("second device"): (1, sha256(theirs[0]).hexdigest()),
        },
        gaps=(closings.Gap(sample.uuid_of("device"), 1, 1, "设备丢失，原件未上传"),),
    )
    (data / f"{RECORDING}{packs.CLOSING_SUFFIX}").write_bytes(sample.closed_file(closing))
    (data / f"{RECORDING}{packs.PROOF_SUFFIX}").write_bytes(sample.proven_closing(closing, by))
    (folder / packs.README).write_text(readme.TEXT)
    (folder / "bagit.txt").write_bytes(packs.DECLARATION)
    return relisted(folder)


def relisted(folder: Path) -> Path:
    """The pack with fresh manifests: what a forger does, too."""
    payload = {f"data/{item.name}": digest(item) for item in (folder / "data").iterdir() if item.is_file()}
    (folder / packs.MANIFEST).write_bytes(packs.manifest(payload))
    tags = {item.name: digest(item) for item in folder.iterdir() if item.is_file() and item.name != packs.TAG_MANIFEST}
    (folder / packs.TAG_MANIFEST).write_bytes(packs.manifest(tags))
    return folder


def digest(path: Path) -> str:
    """The SHA-256 of a small file."""
    return sha256(path.read_bytes()).hexdigest()


def _remove_piece(folder: Path) -> None:
    (folder / "data" / "井口 2.jpg").unlink()
    (folder / "data" / "井口 2.jpg.pithead.json").unlink()
    (folder / "data" / "井口 2.jpg.takeover.json").unlink()


def _foreign_closing(folder: Path, **changes: Any) -> None:
    path = folder / "data" / f"{RECORDING}{packs.CLOSING_SUFFIX}"
    closing = closings.read_closed(path.read_bytes()).closing
    path.write_bytes(sample.closed_file(replace(closing, **changes)))


def _without_a_word(folder: Path) -> None:
    """Nothing says of the missing piece that it is missing."""
    (folder / "data" / packs.UNSEALED).unlink()
    (folder / "data" / f"{RECORDING}{packs.PROOF_SUFFIX}").unlink()
    _foreign_closing(folder, gaps=())


def _link(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / f"{folder.name} {name}")
    (folder / name).symlink_to(folder.parent / f"{folder.name} {name}")


def _add_late(folder: Path, declared_at: int) -> None:
    """One more piece of the first device, declared at this time."""
    device, signed = sample.es256("vector device"), Statement.decode(sample.chain(4)[3])
    entry = sample.entry(signed, device, declared_at=declared_at)
    members = sample.members(device=device, signed=signed, sealed_entry=entry)
    declared = receipts.declare_receipt(
        SERVER.signers["promise"], evidence=sample.EVIDENCE, statement=signed.encode(),
        entry=members["declared"]["entry"], at=declared_at,
    )  # fmt: skip
    members |= {"file": "late.jpg", "declared": declared}
    (folder / "data" / "late.jpg").write_bytes(sample.ORIGINAL)
    (folder / "data" / "late.jpg.pithead.json").write_bytes(receipts.bundle(**members))


def _change(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert old in data
        (folder / name).write_bytes(data.replace(old, new, 1))

    return change


BROKEN: dict[str, tuple[Callable[[Path], object], bool, str | None]] = {
    "nothing changed": (lambda folder: None, False, None),
    "an original changed": (_change("data/IMG_0001.jpg", b"bytes", b"Bytes"), False, "manifest"),
    "an original changed and listed again": (
        _change("data/IMG_0001.jpg", b"bytes", b"Bytes"),
        True,
        "IMG_0001.jpg.pithead.json: original",
    ),
    "another bag": (_change("bagit.txt", b"1.0", b"0.9"), True, "bag"),
    "a file added": (lambda folder: (folder / "data" / "x.txt").write_bytes(b"x"), False, "manifest"),
    "a file added and listed": (lambda folder: (folder / "data" / "x.txt").write_bytes(b"x"), True, None),
    "a file gone": (lambda folder: (folder / "data" / "IMG_0001.jpg").unlink(), False, "manifest"),
    "a folder in the data": (lambda folder: (folder / "data" / "x").mkdir(), True, "manifest"),
    "no manifest": (lambda folder: (folder / packs.MANIFEST).unlink(), False, "manifest"),
    "an empty manifest": (lambda folder: (folder / packs.MANIFEST).write_bytes(b""), False, "manifest"),
    "a linked declaration": (lambda folder: _link(folder, "bagit.txt"), True, "bag"),
    "a linked manifest": (lambda folder: _link(folder, packs.MANIFEST), False, "manifest"),
    "a linked folder of data": (lambda folder: _link(folder, "data"), False, "manifest"),
    "a bundle of a megabyte": (
        lambda folder: (folder / "data" / "IMG_0003.jpg.pithead.json").write_bytes(b" " * 1_048_576),
        True,
        "IMG_0003.jpg.pithead.json: bundle",
    ),
    "no readme": (lambda folder: (folder / packs.README).unlink(), True, "tags"),
    "another readme": (_change(packs.README, b"SIGNED", b"signed"), False, "tags"),
    "a manifest line twice": (
        lambda folder: (folder / packs.MANIFEST).write_bytes((folder / packs.MANIFEST).read_bytes() * 2),
        False,
        "manifest",
    ),
    "a path out of the pack": (
        _change(packs.MANIFEST, b"  data/IMG_0001.jpg\n", b"  data/../bagit.txt\n"),
        False,
        "manifest",
    ),
    "a piece taken out": (_remove_piece, True, f"{RECORDING}: agreement"),
    "the unsealed taken out, and no gap": (_without_a_word, True, f"{RECORDING}: agreement"),
    "the unsealed malformed": (_change(f"data/{packs.UNSEALED}", b"pieces", b"places"), True, "unsealed"),
    "a closing of one officer": (
        _change(f"data/{RECORDING}.closing.json", b'"cosigned"', b'"signed"'),
        True,
        f"{RECORDING}: closing",
    ),
    "a closing of another recording": (
        lambda folder: _foreign_closing(folder, recording=sample.uuid_of("other")),
        True,
        f"{RECORDING}: closing",
    ),
    "no proof of the closing": (lambda folder: (folder / "data" / f"{RECORDING}.closed.json").unlink(), True, None),
    "a proof of another closing": (
        lambda folder: (folder / "data" / f"{RECORDING}.closed.json").write_bytes(
            sample.proven_closing(sample.closing())
        ),
        True,
        f"{RECORDING}: entry",
    ),
    "a proof that the log does not hold": (
        _change(f"data/{RECORDING}.closed.json", b'"position":"270"', b'"position":"269"'),
        True,
        f"{RECORDING}: entry",
    ),
    "no paper of what was taken over": (
        lambda folder: (folder / "data" / f"{TAKEN}.takeover.json").unlink(),
        True,
        None,
    ),
    "a paper of another piece": (
        lambda folder: (folder / "data" / f"{TAKEN}.takeover.json").write_bytes(
            sample.taken_over_file(sample.takeover())
        ),
        True,
        f"{TAKEN}.takeover.json: takeover",
    ),
    "a paper beside what was taken at capture": (
        lambda folder: (folder / "data" / "IMG_0001.jpg.takeover.json").write_bytes(
            sample.taken_over_file(sample.takeover())
        ),
        True,
        "IMG_0001.jpg.takeover.json: takeover",
    ),
    "a piece declared after the closing": (lambda folder: _add_late(folder, sample.RECEIPTED + 1), True, None),
    "a piece declared before the closing, and not in it": (
        lambda folder: _add_late(folder, sample.RECEIPTED),
        True,
        f"{RECORDING}: agreement",
    ),
    "no closing": (lambda folder: (folder / "data" / f"{RECORDING}.closing.json").unlink(), True, None),
}
"""What is done to a pack, whether its manifests are made again after it, and the check that must fail first."""
