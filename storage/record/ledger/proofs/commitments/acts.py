"""What the log says of a commitment: the data of its entries, written and read back in one place."""

from collections.abc import Mapping
from typing import Any

from storage.record.ledger.proofs.canonical import is_hash, is_integer, is_line, is_uuid
from storage.record.ledger.proofs.commitments.documents import Commitment, digest_of
from storage.record.ledger.proofs.commitments.signing import INK, KEY, PASSKEY, Signature
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.verdicts import time_of

SIGNED, SEALED, STAMPED = "commitment.signed", "commitment.sealed", "commitment.stamped"
CHECKED, AGREED = "commitment.key_checked", "commitment.agreed"


class ActWrong(ValueError):
    """An entry does not say of the commitment what the bundle says; the message names the member."""


def signed_data(
    document: bytes, signature: Signature, *, pdf: bytes, pdf_size: int, checked: str | None = None,
    agreed: str | None = None, origin: str | None = None, relying_party: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The data of `commitment.signed`; `checked` and `agreed` are the entries by which key and way came to count.

    `pdf` is the SHA-256 of the PDF as previewed, without stamps.
    """
    about = Commitment.decode(document)
    named = {"checked": checked, "agreed": agreed, "origin": origin, "relying_party": relying_party}
    return {
        **_of_year(about, document), **signature.told(),
        "pdf": pdf.hex(), "pdf_size": pdf_size,
        **{name: item for name, item in named.items() if item is not None},
    }  # fmt: skip


def sealed_data(document: bytes, seal: Signature) -> dict[str, Any]:
    """The data of `commitment.sealed`: the company's seal beside the principal's signature."""
    return {**_about(Commitment.decode(document), document), **seal.told()}


def stamped_data(document: bytes, stamped: bytes, *, key: str, level: str) -> dict[str, Any]:
    """The data of `commitment.stamped`: the SHA-256 of the stamped PDF, by which key, and the level of PAdES."""
    about = _about(Commitment.decode(document), document)
    return {**about, "stamped": stamped.hex(), "stamp_key": key, "level": level}


def checked_data(*, mine: str, principal: str, signature: Signature) -> dict[str, Any]:
    """The data of `commitment.key_checked`: an officer saw in person that this key is the principal's."""
    told = signature.told()
    return {"mine": mine, "principal": principal, **{name: told[name] for name in ("way", "algorithm", "key")}}


def agreed_data(*, mine: str, principal: str, paper: str) -> dict[str, Any]:
    """The data of `commitment.agreed`: the agreement on signatures (电子签名法13), by the digest of its paper."""
    return {"mine": mine, "principal": principal, "paper": paper}


def needed(signature: Signature, *, sealed: bool, stamped: bool) -> dict[str, str]:
    """Which entries a bundle holds, by the kind of each: no more, and no fewer."""
    found = {"signed": SIGNED}
    if signature.way != INK:
        found["checked"] = CHECKED
    if signature.way in (KEY, PASSKEY):
        found["agreed"] = AGREED
    return found | ({"sealed": SEALED} if sealed else {}) | ({"stamped": STAMPED} if stamped else {})


def must_have_form(entry: Entry) -> None:
    """ActWrong unless the data of `commitment.signed` has its members in their form, those of its way and no others."""
    data, way = entry.data, str(entry.data.get("way"))
    common = {"digest", "mine", "mine_name", "principal", "principal_name", "year", "way", "pdf", "pdf_size"}
    by_key = {"algorithm", "key", "signature", "checked"}
    own: dict[str, set[str]] = {
        KEY: by_key | {"agreed"}, PASSKEY: by_key | {"agreed", "origin", "relying_party"}, INK: {"scan"},
    }  # fmt: skip
    if wrong := data.keys() ^ (common | own.get(way, by_key)):
        raise ActWrong("data: missing or unknown: " + ", ".join(sorted(wrong)))
    if not is_hash(data["pdf"]) or not is_integer(data["pdf_size"], at_least=1):
        raise ActWrong("pdf is no SHA-256 in lower-case hex, or pdf_size no size")
    if not all(is_uuid(data[name]) for name in ("checked", "agreed") if name in data):
        raise ActWrong("checked or agreed is no UUID")
    lines = ("mine_name", "principal_name", "origin", "relying_party")
    if unreadable := [name for name in lines if name in data and not is_line(data[name])]:
        raise ActWrong(f"{unreadable[0]} is no line")


def must_agree(entries: Mapping[str, Entry], document: bytes, signature: Signature, seal: Signature | None) -> None:
    """ActWrong unless all entries speak of this commitment, and of its signature and seal as they are."""
    about, signed = Commitment.decode(document), entries["signed"]
    _must_say(signed, {**_of_year(about, document), **signature.told()}, "signed")
    for name, more in (("sealed", seal.told() if seal else {}), ("stamped", {})):
        if name in entries:
            _must_say(entries[name], {**_about(about, document), **more}, name)
            if entries[name].subject != signed.subject:
                raise ActWrong(f"{name}: subject is not that of signed")
    must_be_his_act(signed)


def told_of(signed: Entry) -> str:
    """When, by whom and in which way it was signed, as verdicts write it."""
    data = signed.data
    how = "in ink (the lower level)" if data["way"] == INK else f"by {data['way'].lower()}"
    return f"signed {time_of(signed.at)} by {data['principal_name']} {how}; whether it still stands, the log says"


def must_be_his_act(signed: Entry) -> None:
    """ActWrong if somebody else did what only the principal does, signed in with his own device or passkey."""
    if signed.data["way"] in (KEY, PASSKEY) and signed.actor != signed.data["principal"]:
        raise ActWrong("signed: somebody else than the principal acted")


def must_be_his(entries: Mapping[str, Entry], document: bytes, signature: Signature) -> str:
    """Who said before that the key is the principal's: an officer; ActWrong unless also the way was agreed upon."""
    about, signed, checked = Commitment.decode(document), entries["signed"], entries["checked"]
    his = {"mine": about.mine, "principal": about.principal}
    told = signature.told()
    _must_say(checked, his | {name: told[name] for name in ("way", "algorithm", "key")}, "checked")
    if checked.actor is None or checked.actor == about.principal:
        raise ActWrong("checked: no officer checked the key")
    for name in ("checked", "agreed"):
        if name not in entries:
            continue
        if signed.data[name] != entries[name].id:
            raise ActWrong(f"{name}: the entry is not the one that signed names")
        if entries[name].at > signed.at:
            raise ActWrong(f"{name}: only after it was signed")
    if "agreed" in entries:
        _must_say(entries["agreed"], his, "agreed")
    return checked.actor


def _about(about: Commitment, document: bytes) -> dict[str, Any]:
    return {"digest": digest_of(document).hex(), "mine": about.mine}


def _of_year(about: Commitment, document: bytes) -> dict[str, Any]:
    """Names too, so that the log itself says them to who has only its word."""
    named = {"mine_name": about.mine_name, "principal": about.principal, "principal_name": about.principal_name}
    return {**_about(about, document), **named, "year": about.year}


def _must_say(entry: Entry, told: Mapping[str, Any], name: str) -> None:
    for member, expected in told.items():
        found = entry.data.get(member)
        if type(found) is not type(expected) or found != expected:
            raise ActWrong(f"{name}: {member} is {found}, not {expected}")
