"""Both verifiers find the same gaps, breaks and contradictions, and refuse the same bytes as closings."""

import random
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import closings
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.chains import check_chains
from storage.record.ledger.proofs.closings import Closing, ClosingMalformed, Gap
from storage.record.ledger.proofs.statements import FIRST_PREV
from tests.api.web.node import answers
from tests.vectors import sample

WORDS = ("device", "second device", "third device")
CHAINS = {word: sample.chain(7, word) for word in WORDS}


def some_closing(chosen: random.Random) -> Closing:
    """A well-formed closing over any of the devices, with any gaps."""
    chains, gaps = {}, []
    for word in chosen.sample(WORDS, chosen.randrange(4)):
        device, count = sample.uuid_of(word), chosen.randrange(8)
        at = 0
        while at < count and chosen.random() < 0.6:
            first = chosen.randrange(at, count)
            last = chosen.randrange(first, count)
            gaps.append(Gap(device, first, last, chosen.choice(["丢失", "x"])))
            at = last + 1
        lost = count == 0 or any(gap.device == device and gap.last == count - 1 for gap in gaps)
        known = sha256(CHAINS[word][count - 1]).hexdigest() if chosen.random() < 0.8 else "ab" * 32
        chains[device] = (count, FIRST_PREV if lost else known)
    return sample.closing(chains=chains, gaps=tuple(gaps))


def test_any_closing_is_contradicted_alike_by_any_statements() -> None:
    chosen = random.Random(47)
    cases = []
    for _ in range(300):
        found = [data for chain in CHAINS.values() for data in chosen.sample(chain, chosen.randrange(8))]
        if chosen.random() < 0.3:
            found.append(sample.statement(seq=chosen.randrange(1, 8), prev="ab" * 32).encode())
        cases.append((some_closing(chosen), chosen.sample(found, len(found))))
    questions: list[dict[str, Any]] = [
        {
            "ask": "contradictions",
            "closing": to_base64url(closing.encode()),
            "statements": [to_base64url(data) for data in found],
        }
        for closing, found in cases
    ]
    said = set()
    for (closing, found), answer in zip(cases, answers(questions), strict=True):
        chains = check_chains(found)
        assert answer["said"] == closing.contradictions(chains), (closing, chains)
        assert answer["breaks"] == [[chain.device, *one] for chain in chains for one in chain.breaks]
        said.add(len(answer["said"]))
    assert len(said) > 3


def test_a_closing_of_hundreds_of_scattered_gaps_is_read_alike_up_to_the_last_byte_that_is_allowed() -> None:
    device = sample.uuid_of("device")
    gaps = tuple(Gap(device, 2 * at, 2 * at, "丢失" * 20) for at in range(550))
    full = sample.closing(chains={device: (1_101, "ab" * 32)}, gaps=gaps)
    room = closings.LIMIT - len(full.encode())
    spread = [Gap(device, one.first, one.last, one.reason + "x" * min(400, max(0, room - 400 * at)))
              for at, one in enumerate(gaps)]  # fmt: skip
    whole = sample.closing(chains=full.chains, gaps=tuple(spread)).encode()
    assert len(whole) == closings.LIMIT
    read, refused = answers(
        [{"ask": "closing", "data": to_base64url(data)} for data in (whole, whole.replace(b"x", b"xx", 1))]
    )
    assert read == {"written": to_base64url(whole)}
    assert "refused" in refused


def test_closings_damaged_or_changed_anywhere_are_refused_alike() -> None:
    chosen = random.Random(48)
    plain = sample.closing().encode()
    members = parse_canonical(plain, closings.LIMIT)
    data = [plain, plain[:-1], b"", plain[:1] + b'"at":1,' + plain[1:]]
    others: list[Any] = [0, -1, 1, 2**53 - 1, "", "a", "\u2028", "\x85", [], {}, True, FIRST_PREV, "ab" * 32, [[]]]
    for other in others:
        data += [canonical({**members, name: other}) for name in members]
        for listed in ("chains", "gaps"):
            first, *rest = members[listed]
            data += [canonical({**members, listed: [{**first, name: other}, *rest]}) for name in first]
    for _ in range(300):
        changed = bytearray(plain)
        changed[chosen.randrange(len(plain))] ^= chosen.randrange(1, 256)
        data.append(bytes(changed))
    found = answers([{"ask": "closing", "data": to_base64url(item)} for item in data])
    for item, answer in zip(data, found, strict=True):
        try:
            assert answer == {"written": to_base64url(Closing.decode(item).encode())}
        except ClosingMalformed:
            assert "refused" in answer, item
