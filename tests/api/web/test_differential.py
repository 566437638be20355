"""Both verifiers, fed the same broken bytes, give the same status and name the same first check that failed."""

import io
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.record.ledger.proofs import bundles, checkpoints, receipts, signatures, statements
from storage.record.ledger.proofs.canonical import (
    NotCanonical,
    canonical,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.keys import KeysMalformed, PublicKeys
from storage.record.ledger.proofs.statements import Statement, StatementMalformed
from storage.record.ledger.proofs.verify import parse_trust
from tests.api.web.node import answers
from tests.vectors import sample

SERVER = sample.server()
MEMBERS = sample.members(SERVER)
BUNDLE = receipts.bundle(**MEMBERS)
STATEMENT = sample.statement().encode()
OTHERS: list[Any] = [0, -1, 2**53 - 1, "", "A", [], {}, True, [[]], {"": {}}, "\u0000", "\u4e95", {"__proto__": 1}]

Case = tuple[bytes, dict[str, Any] | None]
TRUST = SERVER.keys.document()


def agree(cases: list[Case]) -> set[str | None]:
    """Both verifiers say the same of every case; the names of the checks that failed first."""
    questions = [
        {
            "ask": "bundle",
            "data": to_base64url(data),
            "original": to_base64url(sample.ORIGINAL),
            "name": None,
            "trust": trust,
        }
        for data, trust in cases
    ]
    failing = set()
    for (data, trust), answer in zip(cases, answers(questions), strict=True):
        verdict = bundles.verify_bundle(data, original=io.BytesIO(sample.ORIGINAL), trust=trust)
        assert answer["checks"] == [[check.name, check.ok] for check in verdict.checks], (data, verdict.summary, answer)
        assert answer["status"] == verdict.status.value
        assert answer["exitCode"] == verdict.exit_code
        assert answer["complete"] == verdict.complete
        failing.add(verdict.failed.name if verdict.failed else None)
    return failing


def flipped(data: bytes, chosen: random.Random, count: int) -> Iterator[bytes]:
    for _ in range(count):
        changed = bytearray(data)
        changed[chosen.randrange(len(data))] ^= chosen.randrange(1, 256)
        yield bytes(changed)


def damaged(data: bytes, chosen: random.Random) -> Iterator[bytes]:
    """Bytes flipped, cut off, left out and doubled, and members that stand there twice."""
    yield from flipped(data, chosen, 250)
    for _ in range(40):
        start, end = sorted(chosen.randrange(len(data) + 1) for _ in range(2))
        yield data[:start]
        yield data[:start] + data[end:]
        yield data[:end] + data[start:]
    for name, item in parse_canonical(data, bundles.LIMIT).items():
        member = canonical({name: item})[1:-1]
        yield b"{" + member + b"," + data[1:]
        yield data[:-1] + b"," + member + b"}"
        yield data.replace(member, member + b"," + member, 1)


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


def without(data: bytes, path: tuple[str | int, ...]) -> bytes:
    inner = whole = parse_canonical(data, bundles.LIMIT)
    for step in path[:-1]:
        inner = inner[step]  # type: ignore[index]  # The path was found by walking this very object.
    del inner[path[-1]]  # type: ignore[arg-type]  # The same.
    return canonical(whole)


def test_bundles_damaged_anywhere_are_told_apart_alike() -> None:
    failing = agree([(data, TRUST) for data in damaged(BUNDLE, random.Random(6962))])
    assert len(failing - {None}) > 5, "some damage leaves the bundle readable and breaks what stands in it"


def test_bundles_with_one_member_of_another_type_value_or_missing_are_told_apart_alike() -> None:
    chosen = random.Random(9162)
    paths = [path for path in leaves(parse_canonical(BUNDLE, bundles.LIMIT)) if path]
    cases: list[Case] = [(changed(BUNDLE, path, other), TRUST) for path in paths for other in chosen.sample(OTHERS, 5)]
    cases += [(without(BUNDLE, path), TRUST) for path in paths]
    assert "inclusion" not in agree(cases), "what is not signed again does not get so far"


def test_bundles_that_are_wrong_although_all_is_signed_again_are_told_apart_alike() -> None:
    """A forger who holds a server key: only what the receipts say can be wrong."""
    cases: list[Case] = []
    for kind, name in (("declared", "promise"), ("sealed", "receipt")):
        for member in MEMBERS[kind]:
            for other in [*OTHERS, "00" * 32, sample.uuid_of("x"), "9" * 19, ["00" * 32], sample.RECEIPTED + 10**8]:
                receipt = {**MEMBERS[kind], member: other}
                receipt.pop("signature")
                again = receipts.signed(receipt, kind, SERVER.signers[name])
                cases.append((receipts.bundle(**{**MEMBERS, kind: again}), TRUST))
    device = sample.es256("vector device")
    plain = sample.entry(sample.statement(), device)
    for member in plain.data:
        for other in OTHERS:
            entry = replace(plain, data={**plain.data, member: other})
            cases.append((receipts.bundle(**sample.members(SERVER, sealed_entry=entry)), TRUST))
    assert {None, "agreement", "inclusion", "entry"} <= agree(cases)


def test_checkpoints_of_every_shape_are_told_apart_alike() -> None:
    ledger, witness = SERVER.signers["ledger"], sample.ed25519("vector witness", "witness")
    note = MEMBERS["sealed"]["checkpoint"]
    body, _, line = note.partition("\n\n")
    notes = [
        note,
        checkpoints.cosign(note, "witness.example", witness),
        checkpoints.cosign(note, sample.ORIGIN, witness),
        checkpoints.cosign(note, "\u4e95\u53e3", ledger),
        checkpoints.cosign(note, "a" * 200, ledger),
        note + note.splitlines()[-1] + "\n",
        note + "\n",
        note[:-1],
        note.replace("\n300\n", "\n3000000000000000000000\n"),
        note.replace("=", ""),
        body + "\n\n",
        body + "\n" + line,
        *(
            note.replace("\u2014 ", f"\u2014 a{sign}b AAAAAAA=\n\u2014 ")
            for sign in "\u0085\ufeff\u3000\u200b\x1c+\U0001f600"
        ),
        note + "\u2014 " + "b" * 201 + " AAAAAAA=\n",
        note + "\u2014 w AAAAAAA=\n" * 1500,
        note + "\u2014 \u4e95 AAAAAAA=\n" * 850,
        note + "\u2014 w AAAAAAB=\n",
        note + "\u2014 w AAAA\n",
        note + "\u2014 w AAAAAAA=",
        note + "- w AAAAAAA=\n",
        "",
    ]
    cases: list[Case] = []
    for text in notes:
        sealed = {**MEMBERS["sealed"], "checkpoint": text}
        sealed.pop("signature")
        again = receipts.signed(sealed, "sealed", SERVER.signers["receipt"])
        cases.append((receipts.bundle(**{**MEMBERS, "sealed": again}), TRUST))
    assert agree(cases) == {None, "checkpoint"}


def rotations() -> list[sample.Server]:
    """Servers that rotated keys at times before, within the grace of, and long after what they signed."""
    found = [SERVER, sample.server("forger"), sample.server("vector", "other.example")]
    for name in ("promise", "receipt", "ledger"):
        for at in (sample.BEGUN + 1, sample.DECLARED - 61_000, sample.DECLARED - 1_000, sample.RECEIPTED + 1):
            found.append(SERVER.rotated(name, f"next {name}", at))
            found.append(found[-1].rotated(name, f"after next {name}", at + 5))
        found.append(SERVER.rotated(name, f"another {name}", sample.DECLARED - 1_000))
    return found


def test_chains_of_keys_reach_the_trusted_ones_or_do_not_alike() -> None:
    chosen = random.Random(8032)
    servers = rotations()
    cases: list[Case] = []
    for by in servers:
        data = receipts.bundle(**sample.members(by))
        cases += [(data, trusted.keys.document()) for trusted in chosen.sample(servers, 8)]
        mixed = {**SERVER.keys.keys, **by.keys.keys}
        cases.append((changed(data, ("keys",), PublicKeys(sample.ORIGIN, mixed).document()), TRUST))
    assert {None, "trust"} <= agree(cases)


def test_trusted_keys_damaged_anywhere_are_refused_alike() -> None:
    chosen = random.Random(8785)
    rotated = SERVER.rotated("promise", "next promise", sample.DECLARED - 1_000).keys.document()
    plain = canonical(rotated)
    paths = [path for path in leaves(rotated) if path]
    documents = [changed(plain, path, other) for path in paths for other in chosen.sample(OTHERS, 3)]
    cases = [(BUNDLE, json.loads(document)) for document in documents]
    assert agree(cases) <= {None, "trust"}


def test_statements_damaged_anywhere_are_refused_alike() -> None:
    data = list(damaged(STATEMENT, random.Random(5280)))
    paths = [path for path in leaves(parse_canonical(STATEMENT, statements.LIMIT)) if path]
    data += [changed(STATEMENT, path, other) for path in paths for other in [*OTHERS, "gnss", "a/b", 0, 1, 20 * 2**30]]
    data += [without(STATEMENT, path) for path in paths]
    data += [STATEMENT[:-1] + b" " * (1025 - len(STATEMENT)) + b"}"]
    found = answers([{"ask": "statement", "data": to_base64url(item)} for item in data])
    for item, answer in zip(data, found, strict=True):
        assert ("written" in answer) is is_statement(item), (item, answer)


def is_statement(data: bytes) -> bool:
    try:
        return Statement.decode(data).encode() == data
    except StatementMalformed:
        return False


def parsed(data: bytes) -> dict[str, Any]:
    """What the Python side answers to the question "parse"."""
    try:
        return {"written": to_base64url(canonical(parse_canonical(data, 10_000)))}
    except NotCanonical as refusal:
        return {"refused": refusal.reason, "offset": refusal.offset}


ODD = st.sampled_from([0.5, 1e300, None, 2**53, -(2**53), 10**400, "\ud800", "\udc00\ud800", "\ufb33", "\U0001f600"])
SCALARS = st.one_of(st.booleans(), st.integers(-(2**60), 2**60), st.text(max_size=8), ODD)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=12,
)
LAID_OUT = st.sampled_from([{}, {"indent": 1}, {"sort_keys": True, "separators": (",", ":")}, {"ensure_ascii": False}])
SIGNS = ["{", "}", "[", "]", ":", ",", '"', '"a"', '"b"', "\\", "\\u0061", "\\ud83d\\ude00", "\\ud800", "__proto__"]
NUMBERS = [
    "0",
    "-0",
    "01",
    "1e1",
    "1.0",
    "-",
    "9007199254740991",
    "9007199254740992",
    "true",
    "null",
    "NaN",
    "Infinity",
]
CHARACTERS = [
    " ",
    "\n",
    "\t",
    "\x0b",
    "\u00a0",
    "\ufeff",
    "\x7f",
    "\x00",
    "\u2028",
    "井",
    "\U0001f600",
    '"__proto__":1',
]
PIECES = st.sampled_from([*SIGNS, *NUMBERS, *CHARACTERS])


def texts(tree: Any, layout: dict[str, Any]) -> bytes:
    return json.dumps({"a": tree}, **layout).encode("utf-8", "surrogatepass")


def agree_on_json(data: list[bytes]) -> None:
    found = answers([{"ask": "parse", "data": to_base64url(item), "limit": 10_000} for item in data])
    for item, answer in zip(data, found, strict=True):
        expected = parsed(item)
        assert ("written" in answer) == ("written" in expected), (item, answer, expected)
        if expected.get("refused") in ("not written canonically", "not UTF-8"):
            assert answer["offset"] == expected["offset"], (item, answer, expected)
        if "written" in expected:
            assert answer == expected


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.builds(texts, TREES, LAID_OUT), min_size=20, max_size=40))
def test_json_of_any_values_is_read_or_refused_alike(data: list[bytes]) -> None:
    agree_on_json(data)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.lists(PIECES, max_size=8).map("".join), min_size=20, max_size=80))
def test_text_of_any_pieces_is_read_or_refused_alike(pieces: list[str]) -> None:
    agree_on_json(
        [wrapped.encode() for text in pieces for wrapped in (text, '{"a":' + text + "}", '{"' + text + '":1}')]
    )


@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.lists(st.binary(max_size=8), min_size=20, max_size=80))
def test_bytes_that_are_no_text_are_refused_at_the_same_byte(data: list[bytes]) -> None:
    ill = [
        b"\xc0\x80",
        b"\xe0\x80\x80",
        b"\xed\xa0\x80",
        b"\xf0\x80\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xe4\xba",
        b"\xf5",
        b"\xe4\xbaa",
    ]
    agree_on_json([b'{"a":"' + item + b'"}' for item in [*data, *ill]] + ill)


def test_nesting_is_refused_at_the_same_depth() -> None:
    agree_on_json([b'{"a":' * depth + b"1" + b"}" * depth for depth in (15, 16, 17, 18)])
    agree_on_json([b'{"a":' + b"[" * depth + b"]" * depth + b"}" for depth in (14, 15, 16, 17, 3000)])


def test_trust_files_are_read_or_refused_alike() -> None:
    document = SERVER.keys.document()
    laid_out = json.dumps(document, indent=2).encode()
    files = [laid_out, laid_out + b"\n", b"\xef\xbb\xbf" + laid_out, b"", b"[]", b'{"v":1,"v":1}', b"[" * 20]
    files += [laid_out.replace(b'"v":', b'"v": "x", "v":'), laid_out.replace(b"1779000000000", b"1779000000000.0")]
    files += list(flipped(laid_out, random.Random(1), 100))
    found = answers([{"ask": "trust", "data": to_base64url(item)} for item in files])
    for item, answer in zip(files, found, strict=True):
        assert ("origin" in answer) is is_trust(item), (item, answer)


def is_trust(data: bytes) -> bool:
    try:
        return bool(parse_trust(data))
    except KeysMalformed:
        return False


def test_public_keys_are_taken_or_refused_alike() -> None:
    chosen = random.Random(7748)
    keys = [sample.es256("vector device").public, sample.ed25519("vector dock", "device").public]
    keys += [change for key in keys for change in flipped(key, chosen, 60)]
    keys += [keys[0][:-1], keys[0] + b"\0", b"", keys[1][:12] + bytes(32), keys[1][:12] + b"\xff" * 32]
    keys += [keys[1][:12] + (2**255 - 19 + more).to_bytes(32, "little") for more in range(-2, 3)]
    questions = [
        {"ask": "key", "algorithm": algorithm, "data": to_base64url(key)}
        for key in keys
        for algorithm in ("ES256", "Ed25519", "RS256")
    ]
    for question, answer in zip(questions, answers(questions), strict=True):
        key = from_base64url(question["data"])
        assert answer["holds"] is signatures.is_public_key(question["algorithm"], key), question
