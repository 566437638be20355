"""Chains and closings: gaps and breaks are found, and a closing that says otherwise is contradicted by name."""

import random
from dataclasses import replace
from typing import Any

import pytest

from storage.record.ledger.proofs import closings
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.chains import check_chains
from storage.record.ledger.proofs.closings import Closing, ClosingMalformed, Gap, read_closed
from storage.record.ledger.proofs.statements import FIRST_PREV, StatementMalformed
from tests.vectors import sample

pytestmark = pytest.mark.quick

DEVICE, SECOND = sample.uuid_of("device"), sample.uuid_of("second device")


def test_a_whole_chain_is_told_from_one_with_gaps_or_breaks_in_any_order() -> None:
    whole = sample.chain(9)
    for seed in range(20):
        mixed = random.Random(seed).sample(whole, len(whole))
        (chain,) = check_chains(mixed)
        assert chain.whole
        assert (chain.count, chain.device) == (9, DEVICE)
    (chain,) = check_chains([*whole[1:3], whole[6]])
    assert (chain.gaps, chain.breaks, chain.whole) == (((0, 0), (3, 5)), (), False)
    (chain,) = check_chains([*whole, sample.statement(seq=8, prev="ab" * 32).encode()])
    assert [seq for seq, _ in chain.breaks] == [8, 8], "twice the same number, and one of them follows something else"


def test_what_is_no_statement_makes_no_chain() -> None:
    assert check_chains([]) == []
    with pytest.raises(StatementMalformed):
        check_chains([b"{}"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("the gap that the closing explains", []),
        ("a gap that no one explains", [f"seq 2 to 2 of device {DEVICE} is missing, and the closing gives no reason"]),
        ("the end is missing", [f"seq 3 to 3 of device {DEVICE} is missing, and the closing gives no reason"]),
        ("a device is missing", [f"seq 0 to 1 of device {SECOND} is missing, and the closing gives no reason"]),
        ("another device", [f"device {sample.uuid_of('third device')} is not in the closing"]),
        ("more than the closing says", [f"device {DEVICE} has 6 statements, the closing says 4"]),
    ],
)
def test_what_the_statements_say_otherwise_is_named(name: str, said: list[str]) -> None:
    assert sample.closing().contradictions(check_chains(sample.chains()[name])) == said


def test_another_last_statement_is_named_unless_the_last_is_known_to_be_lost() -> None:
    chains = check_chains([*sample.chain(), *sample.chain(2, "second device")])
    other = sample.closing(chains={**sample.closing().chains, DEVICE: (4, "ab" * 32)})
    assert other.contradictions(chains) == [f"the last statement of device {DEVICE} is not that of the closing"]
    lost = sample.closing(
        chains={**sample.closing().chains, DEVICE: (6, FIRST_PREV)}, gaps=(Gap(DEVICE, 4, 5, "手机掉入水仓"),)
    )
    assert Closing.decode(lost.encode()) == lost
    assert lost.contradictions(chains) == []


def test_a_closing_is_written_in_one_way_whatever_the_order_it_is_given_in() -> None:
    closing = sample.closing(gaps=(Gap(SECOND, 0, 0, "b"), Gap(DEVICE, 2, 2, "c"), Gap(DEVICE, 0, 1, "a")))
    turned = replace(closing, chains=dict(reversed(closing.chains.items())), gaps=closing.gaps[::-1])
    assert closing.encode() == turned.encode()
    with pytest.raises(ClosingMalformed):
        sample.closing(at=2**53).encode()
    many = tuple(Gap(DEVICE, at, at, "理由" * 50) for at in range(400))
    with pytest.raises(ClosingMalformed, match="more than the 131072 allowed"):
        sample.closing(chains={DEVICE: (401, "ab" * 32)}, gaps=many).encode()


def test_a_byte_of_a_closed_file_changed_anywhere_is_refused() -> None:
    data = sample.closed_file(sample.closing())
    assert read_closed(data).closing.encode() == sample.closing().encode()
    chosen = random.Random(47)
    for at in range(chosen.randrange(3), len(data), 3):
        changed = bytearray(data)
        changed[at] ^= chosen.randrange(1, 256)
        officers: set[Any] = set()
        try:
            closed = read_closed(bytes(changed))
            officers = {closed.closer.device, closed.cosigner.device}
        except ClosingMalformed:
            continue
        # Which device holds a key is not signed: it is for the sealed entries of the pack to say.
        assert closed.closing == sample.closing()
        assert officers != {DEVICE, SECOND} or closed.cosigner.maker != sample.uuid_of("second maker")


def test_one_officer_alone_closes_nothing() -> None:
    parts = parse_canonical(sample.closed_file(sample.closing()), closings.FILE_LIMIT)
    for wrong in (
        {**parts, "cosigned": parts["signed"]},
        {**parts, "cosigned": {**parts["cosigned"], "maker": parts["signed"]["maker"]}},
        {**parts, "cosigned": {**parts["cosigned"], "device": parts["signed"]["device"]}},
    ):
        with pytest.raises(ClosingMalformed):
            read_closed(canonical(wrong))
