"""Makes the vectors of closings, of the entries that take them, and of the papers of takeovers."""

from typing import Any

from storage.record.ledger.proofs import closings, places, statements, takeovers
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.chains import check_chains
from tests.vectors import sample


def closing_vectors() -> dict[str, Any]:
    """Closings with both signatures, bytes that are none, and statements with the chains and contradictions in them."""
    closing = sample.closing()
    members = parse_canonical(closing.encode(), closings.LIMIT)
    chain, gap = members["chains"][0], members["gaps"][0]
    wrong: list[dict[str, Any]] = [
        {**members, "v": "pithead/closing/2"},
        {**members, "extra": 1},
        {**members, "at": "1"},
        {**members, "chains": members["chains"][::-1]},
        {**members, "chains": [*members["chains"], members["chains"][-1]]},
        {**members, "chains": [{**chain, "count": -1}, members["chains"][1]]},
        {**members, "chains": [{**chain, "last": statements.FIRST_PREV}, members["chains"][1]]},
        {**members, "chains": []},
        {**members, "gaps": [{**gap, "last": 4}]},
        {**members, "gaps": [{**gap, "first": 2}]},
        {**members, "gaps": [gap, gap]},
        {**members, "gaps": [{**gap, "reason": ""}]},
        {**members, "gaps": [{**gap, "reason": "a\nb"}]},
        {**members, "gaps": [{**gap, "reason": "井" * 201}]},
        {**members, "gaps": [{**gap, "device": sample.uuid_of("no device")}]},
    ]
    closed = sample.closed_file(closing)
    parts = parse_canonical(closed, closings.FILE_LIMIT)
    unsigned = [
        {**parts, "signed": parts["cosigned"]},
        {**parts, "cosigned": parts["signed"]},
        {**parts, "cosigned": {**parts["cosigned"], "maker": closing.closer}},
        {**parts, "cosigned": {**parts["cosigned"], "signature": parts["signed"]["signature"]}},
        {**parts, "closing": to_base64url(sample.closing(at=1).encode())},
        {name: item for name, item in parts.items() if name != "cosigned"},
    ]
    return {
        "closing": closing.encode().decode(),
        "refused": [{"data": to_base64url(canonical(item)), "reason": _unclosed(canonical(item))} for item in wrong],
        "closed": closed.decode(),
        "closed_refused": [canonical(item).decode() for item in unsigned],
        "chains": [_chain_case(name, closing, found) for name, found in sample.chains().items()],
    }


def _unclosed(data: bytes) -> str:
    try:
        closings.Closing.decode(data)
    except closings.ClosingMalformed as refusal:
        return str(refusal)
    raise AssertionError(data)


def _chain_case(name: str, closing: closings.Closing, found: list[bytes]) -> dict[str, Any]:
    chains = check_chains(found)
    return {
        "name": name,
        "statements": [data.decode() for data in found],
        "chains": [
            {
                "recording": chain.recording,
                "device": chain.device,
                "count": chain.count,
                "last": chain.last,
                "gaps": [list(gap) for gap in chain.gaps],
                "breaks": [seq for seq, _ in chain.breaks],
            }
            for chain in chains
        ],
        "contradictions": len(closing.contradictions(chains)),
    }


def takeover_vectors() -> dict[str, Any]:
    """Takeover papers: one with its file, bytes that are none, and files that do not stand beside the piece."""
    paper = sample.takeover()
    members = parse_canonical(paper.encode(), takeovers.LIMIT)
    wrong: list[dict[str, Any]] = [
        {**members, "v": "pithead/takeover/2"},
        {**members, "extra": 1},
        {name: item for name, item in members.items() if name != "how"},
        {**members, "from": ""},
        {**members, "how": "a\nb"},
        {**members, "how": "井" * 201},
        {**members, "at": "1"},
        {**members, "statement": "ab"},
        {**members, "device": "x"},
    ]
    signed, device = sample.statement(), sample.es256("vector device")
    entry = sample.entry(signed, device, grade=takeovers.GRADE).data
    file = sample.taken_over_file(paper)
    foreign = sample.taken_over_file(sample.takeover(statement="ab" * 32))
    other = sample.taken_over_file(sample.takeover(maker=sample.uuid_of("second maker")))
    forged = sample.taken_over_file(paper, sample.es256("forged device"))
    return {
        "paper": paper.encode().decode(),
        "refused": [{"data": to_base64url(canonical(item)), "reason": _untaken(canonical(item))} for item in wrong],
        "statement": signed.encode().decode(),
        "entry": entry,
        "file": file.decode(),
        "file_refused": [one.decode() for one in (foreign, other, forged, file[:-1])],
    }


def _untaken(data: bytes) -> str:
    try:
        takeovers.Takeover.decode(data)
    except takeovers.TakeoverMalformed as refusal:
        return str(refusal)
    raise AssertionError(data)


def proven_vectors() -> dict[str, Any]:
    """Proofs of the entry by which the record took the closing of closings.json: one that holds, others that do not."""
    server, closing = sample.server(), sample.closing()
    good = sample.proven_closing(closing)
    members = parse_canonical(good, places.LIMIT)
    changed: list[tuple[str, bytes]] = [
        ("forged with fresh keys", sample.proven_closing(closing, sample.server("forger"))),
        ("of another closing", sample.proven_closing(sample.closing(at=1))),
        ("of other keys", sample.proven_closing(closing, signed={})),
        ("another position", canonical({**members, "position": "271"})),
        ("a short proof", canonical({**members, "proof": members["proof"][1:]})),
        ("another payload", canonical({**members, "payload": members["payload"].replace("signed", "sigmed")})),
        ("no keys", canonical({name: item for name, item in members.items() if name != "keys"})),
    ]
    return {
        "trust": server.keys.document(),
        "closed": sample.closed_file(closing).decode(),
        "proof": good.decode(),
        "refused": [{"name": name, "proof": data.decode()} for name, data in changed],
    }
