"""Closings: what two officers sign when they close a recording, and whether it says what its statements say."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import (
    LINE_LIMIT,
    NotCanonical,
    canonical,
    from_base64url,
    is_hash,
    is_integer,
    is_line,
    is_uuid,
    parse_members,
    to_base64url,
)
from storage.record.ledger.proofs.chains import Chain
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.statements import FIRST_PREV

VERSION = signatures.DOMAINS["closing"]
FILE_VERSION = "pithead/closed/1"
LIMIT = 131_072
"""The most bytes that a closing may have: room for some 900 scattered gaps, each with a reason of its own."""
FILE_LIMIT = 196_608
"""The most bytes of a closing with its two signatures."""
CLOSED_KIND = "recording.closed"
"""The kind of the entry by which the record takes a closing that two officers signed."""

_MEMBERS = {"v", "recording", "closer", "at", "chains", "gaps"}
_SIGNED = {"device", "maker", "algorithm", "public", "signature"}


class ClosingMalformed(ValueError):
    """The bytes are no closing, or the file holds none that two officers signed; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers from `first` to `last` of a device of which the record has no original, and why."""

    device: str
    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing: `chains` maps each device to the count of its statements and the SHA-256 of the last one.

    `closer` is the closing officer's account, `at` the time of the device in ms since 1970 UTC.
    """

    recording: str
    closer: str
    at: int
    chains: dict[str, tuple[int, str]]
    gaps: tuple[Gap, ...] = ()

    def encode(self) -> bytes:
        """The bytes that both officers sign; ClosingMalformed if they could not be decoded again."""
        chains = [{"device": device, "count": c, "last": last} for device, (c, last) in sorted(self.chains.items())]
        gaps = [
            {"device": gap.device, "first": gap.first, "last": gap.last, "reason": gap.reason}
            for gap in sorted(self.gaps, key=lambda gap: (gap.device, gap.first))
        ]
        members = {"recording": self.recording, "closer": self.closer, "at": self.at}
        try:
            data = canonical({"v": VERSION, **members, "chains": chains, "gaps": gaps})
        except ValueError as error:
            raise ClosingMalformed(str(error)) from error
        self.decode(data)
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Closing":
        """The closing that these bytes are; ClosingMalformed with the reason otherwise."""
        members = _read(data, LIMIT, _MEMBERS, VERSION)
        if not is_uuid(members["recording"]) or not is_uuid(members["closer"]) or not is_integer(members["at"]):
            raise ClosingMalformed("recording or closer is no UUID, or at is no time")
        chains = _chains(members["chains"])
        gaps = _gaps(members["gaps"], chains)
        for device, (count, last) in chains.items():
            unknown = count == 0 or any(gap.device == device and gap.last == count - 1 for gap in gaps)
            if (last == FIRST_PREV) is not unknown:
                raise ClosingMalformed(f"last of device {device} is 64 zeros exactly if no last statement is known")
        return cls(recording=members["recording"], closer=members["closer"], at=members["at"], chains=chains, gaps=gaps)

    def contradictions(self, chains: Iterable[Chain]) -> list[str]:
        """What the chains of this recording, as they were found, say otherwise than the closing; sorted by device."""
        found = {chain.device: chain for chain in chains if chain.recording == self.recording}
        said = [f"device {device} is not in the closing" for device in sorted(found.keys() - self.chains.keys())]
        for device, (count, last) in sorted(self.chains.items()):
            chain = found.get(device)
            if chain is not None and chain.count > count:
                said.append(f"device {device} has {chain.count} statements, the closing says {count}")
            elif chain is not None and chain.count == count and last not in (chain.last, FIRST_PREV):
                said.append(f"the last statement of device {device} is not that of the closing")
            for first, end in self._unexplained(device, chain):
                said.append(f"seq {first} to {end} of device {device} is missing, and the closing gives no reason")
        return said

    def _unexplained(self, device: str, chain: Chain | None) -> list[tuple[int, int]]:
        """The runs of seqs that are neither found nor in a gap with a reason."""
        known = 0 if chain is None else chain.count
        missing = [*(() if chain is None else chain.gaps), (known, self.chains[device][0] - 1)]
        explained = [(gap.first, gap.last) for gap in self.gaps if gap.device == device]
        runs = []
        for start, end in missing:
            # Gaps are sorted and never overlap: of many, only those that meet this run are looked at.
            for first, last in explained[bisect_left(explained, start, key=lambda gap: gap[1]) :]:
                if first > end:
                    break
                if start < first:
                    runs.append((start, first - 1))
                start = last + 1
            if start <= end:
                runs.append((start, end))
        return runs


@dataclass(frozen=True, slots=True)
class Officer:
    """Who signed a closing: the device, its owner's account, and the device's key (SPKI DER)."""

    device: str
    maker: str
    algorithm: str
    public: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """A closing that two officers signed."""

    closing: Closing
    closer: Officer
    cosigner: Officer


def closed_file(closing: bytes, *, closer: Officer, signature: bytes, cosigner: Officer, cosignature: bytes) -> bytes:
    """The file that keeps a closing with both signatures over its bytes (kinds closing and cosign)."""
    signed, cosigned = _written(closer, signature), _written(cosigner, cosignature)
    data = canonical({"v": FILE_VERSION, "closing": to_base64url(closing), "signed": signed, "cosigned": cosigned})
    read_closed(data)
    return data


def read_closed(data: bytes) -> Closed:
    """The closing in a file if two different officers signed it by two devices; ClosingMalformed otherwise.

    Whether the keys are those of these officers' devices is for the caller to find out: no server speaks here.
    """
    members = _read(data, FILE_LIMIT, {"v", "closing", "signed", "cosigned"}, FILE_VERSION)
    value = _binary(members["closing"], "closing")
    closing = Closing.decode(value)
    closer = _officer(members["signed"], "closing", value, "signed")
    cosigner = _officer(members["cosigned"], "cosign", value, "cosigned")
    if closer.maker != closing.closer:
        raise ClosingMalformed("signed is not by the closer")
    if cosigner.maker == closer.maker or cosigner.device == closer.device or cosigner.public == closer.public:
        raise ClosingMalformed("cosigned is by the same officer, device or key")
    return Closed(closing, closer, cosigner)


def closed_data(closing: bytes, *, recording: str, closer: Officer, cosigner: Officer) -> dict[str, Any]:
    """What the entry recording.closed says: which closing, and by which keys of which officers."""
    return {
        "recording": recording,
        "closing": sha256(closing).hexdigest(),
        "signed": _named(closer),
        "cosigned": _named(cosigner),
    }


def must_be_entered(entry: Entry, closed: Closed) -> None:
    """ClosingMalformed unless this entry of the log took this very closing, signed by these keys."""
    if entry.kind != CLOSED_KIND or entry.subject != closed.closing.recording:
        raise ClosingMalformed(f"the entry is not {CLOSED_KIND} of recording {closed.closing.recording}")
    expected = closed_data(
        closed.closing.encode(), recording=closed.closing.recording, closer=closed.closer, cosigner=closed.cosigner
    )
    for name, value in expected.items():
        if entry.data.get(name) != value:
            raise ClosingMalformed(f"{name} in the entry is not that of the closing")


def _named(officer: Officer) -> dict[str, Any]:
    public = to_base64url(officer.public)
    return {"device": officer.device, "maker": officer.maker, "algorithm": officer.algorithm, "public": public}


def _written(officer: Officer, signature: bytes) -> dict[str, Any]:
    return {**_named(officer), "signature": to_base64url(signature)}


def _officer(value: object, kind: str, closing: bytes, where: str) -> Officer:
    if type(value) is not dict or value.keys() != _SIGNED:
        raise ClosingMalformed(f"{where} is not an object of {', '.join(sorted(_SIGNED))}")
    if not is_uuid(value["device"]) or not is_uuid(value["maker"]):
        raise ClosingMalformed(f"{where}: device or maker is no UUID")
    public, algorithm = _binary(value["public"], f"{where}: public"), value["algorithm"]
    if type(algorithm) is not str or not signatures.is_public_key(algorithm, public):
        raise ClosingMalformed(f"{where}: public is no key of the algorithm named")
    signature = _binary(value["signature"], f"{where}: signature")
    if not signatures.verify(algorithm, public, kind, closing, signature):
        raise ClosingMalformed(f"{where}: signature is not that of the key over the closing")
    return Officer(value["device"], value["maker"], algorithm, public)


def _binary(value: object, name: str) -> bytes:
    try:
        return from_base64url(value)
    except ValueError as error:
        raise ClosingMalformed(f"{name} is {error}") from error


def _read(data: bytes, limit: int, names: set[str], version: str) -> dict[str, Any]:
    try:
        return parse_members(data, limit, names=names, version=version)
    except NotCanonical as error:
        raise ClosingMalformed(str(error)) from error


def _chains(value: object) -> dict[str, tuple[int, str]]:
    chains: dict[str, tuple[int, str]] = {}
    for item in _objects(value, "chains", {"device", "count", "last"}):
        device, count, last = item["device"], item["count"], item["last"]
        if not is_uuid(device) or not is_integer(count, at_least=0) or not is_hash(last):
            raise ClosingMalformed("chains: device is no UUID, count no integer from 0, or last no SHA-256")
        if chains and device <= max(chains):
            raise ClosingMalformed("chains are not sorted by device, each once")
        chains[device] = (count, last)
    return chains


def _gaps(value: object, chains: dict[str, tuple[int, str]]) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    for item in _objects(value, "gaps", {"device", "first", "last", "reason"}):
        device, first, last, reason = item["device"], item["first"], item["last"], item["reason"]
        if not is_uuid(device) or not is_integer(first, at_least=0) or not is_integer(last, at_least=first):
            raise ClosingMalformed("gaps: device is no UUID, or first to last are no sequence numbers")
        if not is_line(reason):
            raise ClosingMalformed(f"gaps: reason is no line of 1 to {LINE_LIMIT} bytes")
        if device not in chains or last >= chains[device][0]:
            raise ClosingMalformed(f"gaps: seq {last} is not in the chain of device {device}")
        if gaps and (device, first) <= (gaps[-1].device, gaps[-1].last):
            raise ClosingMalformed("gaps are not sorted by device and seq, or overlap")
        gaps.append(Gap(device, first, last, reason))
    return tuple(gaps)


def _objects(value: object, name: str, members: set[str]) -> list[dict[str, Any]]:
    if type(value) is not list or not all(type(item) is dict and item.keys() == members for item in value):
        raise ClosingMalformed(f"{name} is no list of objects of {', '.join(sorted(members))}")
    return value
