"""Keeps in the store what was made from evidence and can be made again: apart from it, and under no lock."""

import secrets

from storage.record.objects import Objects, told_as_problems

PREFIX = "derived/"


def keep_derived(objects: Objects, body: bytes, *, media_type: str) -> tuple[str, str]:
    """Stores bytes under a name that nobody else has; returns name and version."""
    name = f"{PREFIX}{secrets.token_hex(16)}"
    return name, objects.put(name, body, media_type=media_type)


def put_derived(objects: Objects, name: str, body: bytes, *, media_type: str) -> str:
    """Stores bytes under a name below PREFIX; returns their version. Earlier versions of it are removed."""
    if not name.startswith(PREFIX):
        raise ValueError(f"{name} is not derived: nothing else in the store is ever replaced")
    version = objects.put(name, body, media_type=media_type)
    remove_derived(objects, name, but=version)
    return version


def remove_derived(objects: Objects, name: str, *, but: str | None = None) -> None:
    """Removes all versions of a derived object (but one). Safe to repeat."""
    if not name.startswith(PREFIX):
        raise ValueError(f"{name} is not derived: nothing else in the store is ever removed here")
    client, bucket = objects.client, objects.address.bucket
    with told_as_problems():
        for old in client.list_object_versions(Bucket=bucket, Prefix=name).get("Versions", []):
            if old["VersionId"] != but:
                client.delete_object(Bucket=bucket, Key=name, VersionId=old["VersionId"])
