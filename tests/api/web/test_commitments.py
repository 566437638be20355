"""Both verifiers, fed the same commitments and codes, whole and damaged, come to the same verdict."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from storage.record.ledger.proofs.base45 import from_base45, to_base45
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.commitments import bundles, codes, documents, reading
from storage.record.ledger.proofs.commitments.signing import PASSKEY, Signature
from storage.record.ledger.proofs.entries import Entry
from tests.api.web.node import FOLDER, answers, node
from tests.vectors import promised, sample

SERVER = sample.server()
TRUST = SERVER.keys.document()
WHOLE = promised.bundled("passkey", sealed=True, pdf=promised.STAMPED)
OTHERS: list[Any] = [0, -1, 2**53 - 1, "", "A", [], {}, True, [[]], {"": {}}, "\u0000", "\u4e95", {"__proto__": 1}]


def agree(cases: list[tuple[bytes, dict[str, Any] | None]]) -> set[str | None]:
    """Both say the same of every bundle; the names of the checks that failed first."""
    questions = [{"ask": "commitment", "data": to_base64url(data), "trust": trust} for data, trust in cases]
    failing = set()
    for (data, trust), answer in zip(cases, answers(questions), strict=True):
        verdict = bundles.verify_bundle(data, trust)
        assert answer["checks"] == [[check.name, check.ok] for check in verdict.checks], (data, verdict.summary, answer)
        assert (answer["status"], answer["complete"]) == (verdict.status.value, verdict.complete)
        failing.add(verdict.failed.name if verdict.failed else None)
    return failing


def agree_on_codes(texts: list[str]) -> set[str | None]:
    failing = set()
    found = answers([{"ask": "code", "text": text, "trust": TRUST} for text in texts])
    for text, answer in zip(texts, found, strict=True):
        verdict = reading.verify_code(text, TRUST)
        assert answer["checks"] == [[check.name, check.ok] for check in verdict.checks], (text, verdict.summary, answer)
        assert answer["status"] == verdict.status.value
        failing.add(verdict.failed.name if verdict.failed else None)
    return failing


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield path
    for key, item in items:
        yield from leaves(item, (*path, key))


def changed(data: bytes, path: tuple[str | int, ...], other: Any) -> bytes:
    outer: Any = {"": parse_canonical(data, bundles.LIMIT)}
    inner = outer
    for step in ("", *path[:-1]):
        inner = inner[step]
    inner[path[-1]] = other
    return canonical(outer[""])


def flipped(data: bytes, chosen: random.Random, count: int) -> Iterator[bytes]:
    for _ in range(count):
        other = bytearray(data)
        other[chosen.randrange(len(data))] ^= chosen.randrange(1, 256)
        yield bytes(other)


def test_every_vector_of_commitments_is_what_javascript_finds() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "commitments.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout
    assert "# skipped 0" in done.stdout


def test_whole_bundles_and_their_summaries_are_told_alike() -> None:
    every = [promised.bundled(way, sealed=True, pdf=promised.STAMPED) for way in promised.WAYS]
    every += [promised.bundled(by=SERVER.rotated("ledger", "next", promised.SIGNED - 1)), promised.bundled(by=None)]
    every.append(promised.bundled(by=sample.server("forger")))
    assert {None, "trust"} == agree([(one, TRUST) for one in every] + [(every[0], None)])
    found = answers([{"ask": "commitment", "data": to_base64url(one), "trust": TRUST} for one in every])
    assert [one["summary"] for one in found] == [bundles.verify_bundle(one, TRUST).summary for one in every]


def test_bundles_with_any_byte_changed_are_broken_alike() -> None:
    chosen = random.Random(8)
    assert None not in agree([(data, TRUST) for data in flipped(WHOLE, chosen, 250)])


def test_bundles_with_a_member_of_another_value_or_missing_are_told_apart_alike() -> None:
    chosen = random.Random(9162)
    members = parse_canonical(WHOLE, bundles.LIMIT)
    paths = [path for path in leaves(members) if path]
    cases = [(changed(WHOLE, path, other), TRUST) for path in paths for other in chosen.sample(OTHERS, 4)]
    cases += [(canonical({name: item for name, item in members.items() if name != one}), TRUST) for one in members]
    assert None not in agree(cases)


def test_entries_that_say_otherwise_under_a_log_that_is_signed_again_are_told_apart_alike() -> None:
    """A forger who holds the log's key: only what the entries say can be wrong."""
    plain = promised.entries_of(
        promised.commitment().encode(), promised.signature("passkey", promised.commitment().encode())
    )
    others: list[Any] = [*OTHERS, sample.uuid_of("another"), "ab" * 32, "KEY", "INK", None]
    cases: list[tuple[bytes, dict[str, Any] | None]] = []
    for name, entry in plain.items():
        for member in (*entry.data, "more"):
            for other in others:

                def said(all: dict[str, Entry]) -> dict[str, Entry]:
                    data = {**all[name].data, member: other}  # noqa: B023  # It is called before the loop goes on.
                    kept = {key: item for key, item in data.items() if item is not None}
                    return {**all, name: replace(all[name], data=kept)}  # noqa: B023  # The same.

                cases.append((promised.bundled("passkey", said=said), TRUST))
    assert {"entries", "agreement", "key"} <= agree(cases)


def test_what_a_browser_says_of_a_passkey_is_read_or_refused_alike() -> None:
    document = promised.commitment().encode()
    signer = sample.es256("vector commitment")
    by = Signature(way=PASSKEY, algorithm="ES256", key=signer.public)
    challenge = documents.challenge_of(promised.NONCE, documents.digest_of(document))
    plain = json.loads(promised.asserted(by, challenge, signer.sign).client)
    crossed: list[Any] = [None, 0, "false", [], False, True]
    texts = [
        json.dumps({**plain, "crossOrigin": other}).encode() for other in crossed
    ]  # fmt: skip
    bare = json.dumps(plain).encode()
    texts += [bare[:-1] + b"," + more + b"}" for more in (
        b'"x":1.5e3', b'"x":null', b'"x":NaN', b'"x":-Infinity', b'"type":"webauthn.get"', b'"x":{"a":1,"a":2}',
        b'"x":{"a":1,"b":{"a":1}}', b'"\\u0074ype":"webauthn.get"', b'"x":"\\ud800"', b'"x":"\xff"', b'"x":"\t"',
        b'"__proto__":{"type":1}', b'"x":[' * 300 + b"]" * 300, b'"x":' + b"[" * 900 + b"]" * 900,
        b'"x":01', b'"x":"{:"',
    )]  # fmt: skip
    texts += [b"\xef\xbb\xbf" + bare, b" " + bare + b"\n", bare + b" " * 2_048, b"[]", b"null", b"", b"1", b'"x"']
    cases: list[tuple[bytes, dict[str, Any] | None]] = []
    for client in texts:
        asserted = promised.asserted(by, challenge, signer.sign)
        over = asserted.authenticator + documents.digest_of(client)
        cases.append((promised.bundled(signed=replace(asserted, client=client, signature=signer.sign(over))), TRUST))
    wild = ("http://localhost", "HTTP://localhost", "http://a.localhost:1", "http://localhost:1/", "http://[::1]")
    for origin in wild:
        asserted = promised.asserted(by, challenge, signer.sign, origin=origin)

        def said(all: dict[str, Entry]) -> dict[str, Entry]:
            signed = all["signed"]
            return {**all, "signed": replace(signed, data={**signed.data, "origin": origin})}  # noqa: B023  # As above.

        cases.append((promised.bundled(signed=asserted, said=said), TRUST))
    assert agree(cases) == {None, "signature"}


def test_codes_whole_and_damaged_are_told_apart_alike() -> None:
    chosen = random.Random(45)
    texts = []
    for way in promised.WAYS:
        whole = codes.code_of(promised.bundled(way)).encode()
        data = from_base45(whole.removeprefix(codes.PREFIX))
        texts += [whole, *(codes.PREFIX + to_base45(one) for one in flipped(data, chosen, 60))]
        heads = [bytes([way, algorithm]) for way in range(5) for algorithm in range(5)]
        texts += [codes.PREFIX + to_base45(head + data[2:]) for head in heads]
        texts += [whole[: chosen.randrange(len(whole))] for _ in range(10)]
        signs = [*"0Z:a\u00e9\U0001f600", "::", ":::"]
        texts += [whole[:at] + chosen.choice(signs) + whole[at:] for at in chosen.sample(range(len(whole)), 10)]
    assert {None, "code", "signature", "checkpoint"} <= agree_on_codes([*texts, "", codes.PREFIX, "PH1:0", "A" * 9_000])
