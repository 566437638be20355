"""What lies around the record: keys, disk, the public address, the durability of the embedded store's files."""

import os
import shutil
import stat
import time
import urllib.error
import urllib.request
from pathlib import Path

from api.doctor.findings import Look
from api.embedded import durability
from storage.record.ledger.keys import PUBLIC_FILE, SALT, KeyFolder, KeysUnusable
from storage.record.ledger.proofs.keys import NAMES, KeyRefused, PublicKeys, key_id

PATIENCE = 5.0


def keys(folder: Path, *, now_ms: int) -> Look:
    """Modes, whether each private key is the one that the public list names, and whether each follows its leader."""
    look = Look("keys")
    if not folder.exists():
        look.blind = f"{folder} does not exist: `pithead run` or `pithead serve` makes it at the first start"
        return look
    _modes(folder, look)
    kept = KeyFolder(folder)
    try:
        public = PublicKeys.parse(kept.public())
    except (KeysUnusable, ValueError) as fault:
        look.find(
            f"the public list of keys cannot be read: {fault}",
            why="nobody can check a receipt or a checkpoint without it",
            do=f"put {folder / PUBLIC_FILE} back from a backup of the key folder",
        )
        return look
    try:
        public.must_hold_together()
    except KeyRefused as fault:
        look.find(
            f"the keys do not follow one another: {fault}",
            why="whoever trusts an older key cannot come to the newer one",
            do=f"put {folder / PUBLIC_FILE} back from a backup; never edit it by hand",
        )
    for name in NAMES:
        _key(kept, public, name, look, now_ms=now_ms)
    try:
        kept.secret(SALT)
    except KeysUnusable as fault:
        _unusable(look, fault)
    look.seen = f"{len(public.keys)} keys of {public.origin} in {folder}"
    return look


def _modes(folder: Path, look: Look) -> None:
    for path in (folder, *sorted(folder.iterdir())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.name != PUBLIC_FILE and mode & 0o077:
            look.find(
                f"{path} is open to others (mode {mode:04o})",
                why="whoever can read a private key can sign receipts and checkpoints in our name",
                do=f"chmod go= {path}, and if others may have read it: pithead keys rotate NAME",
            )


def _key(kept: KeyFolder, public: PublicKeys, name: str, look: Look, *, now_ms: int) -> None:
    try:
        signer = kept.signer(name)
    except KeysUnusable as fault:
        _unusable(look, fault)
        return
    listed = public.keys.get(key_id(name, signer.public))
    if listed is None:
        look.find(
            f"the {name} key in the folder is not in the public list",
            why="what it signs is refused by everybody who checks",
            do="put the key folder back as a whole from one backup; `pithead keys rotate` only follows a listed key",
        )
    elif not listed.valid_at(now_ms):
        look.find(
            f"{listed.id} is not valid now",
            why="what it signs today is refused by everybody who checks",
            do=f"look at this machine's clock, then: pithead keys rotate {name}",
        )


def _unusable(look: Look, fault: KeysUnusable) -> None:
    look.find(
        str(fault),
        why="what needs this key stands still: checkpoints, receipts or sign-ins",
        do="put the key folder back from its backup; a key that is lost can only be followed by a new log",
    )


def disk(data: Path, *, least: int) -> Look:
    """Free bytes where the data folder lies."""
    look = Look("disk")
    place = next(path for path in (data, *data.parents) if path.exists())
    usage = shutil.disk_usage(place)
    look.seen = f"{usage.free >> 20} MiB free of {usage.total >> 20} at {place}"
    if usage.free < least:
        look.find(
            f"{usage.free >> 20} MiB are free at {place}, less than the {least >> 20} that are wanted",
            why="a full disk stops PostgreSQL and the store: nothing can be declared or sealed",
            do="make room or move the data folder (PITHEAD_DATA) while everything is stopped; never remove files in it",
        )
    return look


def store_files(data: Path) -> Look:
    """Whether the embedded store's files are written through."""
    look = Look("store files")
    if not os.access(data, os.R_OK):
        look.blind = f"{data} cannot be seen by this user"
    elif not durability.is_synchronous(data):
        look.find(
            f"the file system does not write the files below {data} through",
            why="a power failure may cost the store the names of the last objects that it acknowledged",
            do="keep the data folder on a file system with the attribute S (ext4, XFS), then start again",
        )
    else:
        look.seen = f"written through at {data}"
    return look


def public_url(url: str | None) -> Look:
    """Whether phones could reach us where we say that we are."""
    look = Look("public address")
    if url is None:
        look.blind = "no address is known: set PITHEAD_URL, or start the server"
        return look
    begun = time.monotonic()
    request = urllib.request.Request(f"{url}/healthz", headers={"user-agent": "pithead-doctor"})  # noqa: S310 # An address of the settings, http or https.
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 # The same.
            well = answer.status == 200 and answer.read(3) == b"ok\n"
    except (OSError, urllib.error.URLError, ValueError) as fault:
        reason = getattr(fault, "reason", fault)
        look.find(
            f"{url} does not answer: {reason}",
            why="phones and checkers are sent there",
            do="see that the server runs, that PITHEAD_URL is its address, and that proxy and firewall let it through",
        )
        return look
    look.seen = f"{url} answers in {(time.monotonic() - begun) * 1000:.0f} ms"
    if not well:
        look.find(
            f"something else answers at {url}",
            why="phones would send their declarations to a stranger",
            do="see which server listens there, and set PITHEAD_URL to ours",
        )
    return look
