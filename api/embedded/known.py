"""What the folders of the embedded servers tell without starting them: where they are and how to enter."""

import json
from pathlib import Path

from api.embedded.ports import LOOPBACK
from api.embedded.postgres import API, DATABASE, OWNER, PUBLIC, SUPERUSER, WORKER, DatabaseAddresses
from api.embedded.store import BUCKET, REGION
from storage.record.objects import StoreAddress


def database_addresses(folder: Path) -> DatabaseAddresses | None:
    """The addresses of the PostgreSQL that was started last in this folder; None if none ever was, or it is shut."""
    folder = _place(folder)
    try:
        passwords = json.loads((folder / "credentials.json").read_bytes())
        port = int((folder / "port").read_text())
        owner, api, worker, public, superuser = (
            f"postgresql://{role}:{passwords[role]}@{LOOPBACK}:{port}/{DATABASE}"
            for role in (OWNER, API, WORKER, PUBLIC, SUPERUSER)
        )
    except (OSError, ValueError, KeyError):
        return None
    return DatabaseAddresses(owner, api, worker, public, superuser, folder / "socket")


def store_address(folder: Path) -> StoreAddress | None:
    """The address of the store that was started last in this folder; None if none ever was, or it is shut."""
    folder = _place(folder)
    try:
        kept = json.loads((folder / "credentials.json").read_bytes())
        endpoint = f"http://{LOOPBACK}:{json.loads((folder / 'ports.json').read_bytes())['s3.port']}"
        return StoreAddress(endpoint, BUCKET, kept["access_key"], kept["secret_key"], endpoint, REGION)
    except (OSError, ValueError, KeyError):
        return None


def store_files(folder: Path) -> Path:
    """Where the store's objects lie."""
    return _place(folder) / "data"


def _place(folder: Path) -> Path:
    """Where the folder's files are really kept (places.py)."""
    note = folder / "place"
    try:
        return Path(note.read_text().strip()) if note.exists() else folder
    except OSError:
        return folder
