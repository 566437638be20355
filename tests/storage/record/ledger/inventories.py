"""What the record gave out as the pack of a case, and the proof of it, for the tests of both verifiers."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import checkpoints, entries, inventories, packs, places
from storage.record.ledger.proofs.canonical import from_base64url
from tests.storage.record.ledger.packs import RECORDING, SERVER
from tests.vectors import sample

PAGE = "<!doctype html><title>案卷目录</title>".encode()


def inventory_of(members: dict[str, Any], statements: list[bytes], closing: bytes | None) -> bytes:
    """The inventory of a case file, of these statements, and of the closing of one recording where there is one."""
    recordings = [(RECORDING, sha256(closing).hexdigest())] if closing is not None else []
    digests = [sha256(one).hexdigest() for one in statements]
    return inventories.inventory(members, recordings=recordings, statements=digests, page=sha256(PAGE).hexdigest())


def opening_of(
    case: str, inventory: bytes, by: sample.Server = SERVER, /, *, of_kind: str = inventories.KIND, **changes: Any
) -> bytes:
    """The proof that the log holds the entry by which the pack was opened; `changes` are those of its data."""
    data = {"kind": "case", "volume": "WHOLE", "inventory": sha256(inventory).hexdigest(), **changes}
    made = entries.Entry(id=sample.uuid_of("opening"), kind=of_kind, at=sample.RECEIPTED, subject=case, data=data)
    payload, salt = made.encode(), sha256(b"opening salt").digest()
    root, proof = sample.tree(entries.digest(salt, payload))
    note = checkpoints.sign_checkpoint(by.keys.origin, sample.SIZE, root, by.signers["ledger"])
    return places.proven_entry(
        payload=payload, salt=salt, position=sample.POSITION, proof=proof, checkpoint=note, keys=by.keys.document()
    )


def statements_in(folder: Path) -> list[bytes]:
    """The statements of all bundles of a pack and of its unsealed pieces."""
    found = [json.loads(path.read_bytes())["statement"] for path in (folder / "data").glob("*.pithead.json")]
    loose = folder / "data" / packs.UNSEALED
    if loose.exists():
        found += [one["statement"] for one in json.loads(loose.read_bytes())["pieces"]]
    return [from_base64url(one) for one in found]


def given_out(folder: Path, members: dict[str, Any], by: sample.Server = SERVER) -> None:
    """Lays beside a case what the record gave out, the entry that says so, and the page that people read."""
    case, data = members["case"], folder / "data"
    closing = data / f"{RECORDING}{packs.CLOSING_SUFFIX}"
    inventory = inventory_of(members, statements_in(folder), closing.read_bytes() if closing.exists() else None)
    (data / f"{case}{inventories.SUFFIX}").write_bytes(inventory)
    (data / f"{case}{inventories.OPENING_SUFFIX}").write_bytes(opening_of(case, inventory, by))
    (folder / inventories.PAGE).write_bytes(PAGE)


def not_given_out(folder: Path, case: str) -> None:
    """The pack as it was before the record said what it gave out."""
    for suffix in (inventories.SUFFIX, inventories.OPENING_SUFFIX):
        (folder / "data" / f"{case}{suffix}").unlink()
    (folder / inventories.PAGE).unlink()
