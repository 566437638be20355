"""Chains: what the statements of one device in one recording come to, its gaps and its breaks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from storage.record.ledger.proofs.statements import FIRST_PREV, Statement


@dataclass(frozen=True, slots=True)
class Chain:
    """One device in one recording: how many sequence numbers it used as far as is known, and its last statement.

    `last` is the SHA-256 of the statement of the highest seq. `gaps` are the seqs (first, last) of which no statement
    is known, `breaks` the seqs whose statement contradicts another one, and how. A chain is whole without either.
    """

    recording: str
    device: str
    count: int
    last: str
    gaps: tuple[tuple[int, int], ...]
    breaks: tuple[tuple[int, str], ...]

    @property
    def whole(self) -> bool:
        """Is every statement there, and linked to the one before it?"""
        return not self.gaps and not self.breaks


def check_chains(statements: Iterable[bytes]) -> list[Chain]:
    """The chains that these statements make, by recording and device; StatementMalformed for what is no statement.

    They may come in any order, and the same bytes more than once.
    """
    chains: defaultdict[tuple[str, str], dict[bytes, Statement]] = defaultdict(dict)
    for data in statements:
        statement = Statement.decode(data)
        chains[statement.recording, statement.device][data] = statement
    return [_chain(recording, device, found) for (recording, device), found in sorted(chains.items())]


def _chain(recording: str, device: str, found: dict[bytes, Statement]) -> Chain:
    hashes: dict[int, list[str]] = {}
    breaks: list[tuple[int, str]] = []
    last, gaps, count = "", [], 0
    # By seq, and where two share one by their bytes, so that every verifier tells the same.
    for data, statement in sorted(found.items(), key=lambda item: (item[1].seq, item[0])):
        seq = statement.seq
        if seq in hashes:
            breaks.append((seq, f"seq {seq} stands there twice with other content"))
        elif seq > count:
            gaps.append((count, seq - 1))
        before = hashes.get(seq - 1)
        if before is not None and statement.prev not in before:
            breaks.append((seq, f"prev of seq {seq} is not the statement before it"))
        last = sha256(data).hexdigest()
        hashes.setdefault(seq, []).append(last)
        count = seq + 1
    return Chain(recording, device, count, last or FIRST_PREV, tuple(gaps), tuple(breaks))
