"""Vectors of protected reports, from fixed words: receipts, keys, boxes, files, shares, and what must be refused."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import (
    derivation,
    files,
    messages,
    receipts,
    shares,
    signing,
    words,
    wraps,
)
from storage.record.ledger.proofs.reports.malformed import ReportMalformed
from tests.vectors import hpke, sample

SERVER_KEY = sha256(b"vector report key of the server").digest()
MESSAGE, FILE, REWARD = (sample.uuid_of(f"vector {name}") for name in ("message", "report file", "reward"))
DIGITS = "3 · 482 913 · 551 204 338 917 620 045"
TYPED = [
    DIGITS,
    "3482913551204338917620045",
    "３　４８２　９１３　５５１　２０４　３３８　９１７　６２０　０４５",
    "3.482.913.551.204.338.917.620.045",
    "三 四八二 九幺三 五五一 二〇四 三三八 九一七 六二零 〇四五",
]
REFUSED = [
    "", "3", "4 482 913 551 204 338 917 620 045", "3 482 913 551 204 338 917 620 04",
    "3 482 913 551 204 338 917 620 0455",
    "3 48x 913 551 204 338 917 620 045", "x", "0482913551204338917620045",
]  # fmt: skip


def draw(word: str) -> Callable[[int], bytes]:
    """Bytes that look random and follow from a word."""
    drawn = iter(range(1 << 30))
    return lambda size: b"".join(sha256(f"{word} {next(drawn)}".encode()).digest() for _ in range(-(-size // 32)))[
        :size
    ]


def private_of(word: str) -> X25519PrivateKey:
    """The X25519 key whose secret half is the SHA-256 of a word."""
    return X25519PrivateKey.from_private_bytes(sha256(word.encode()).digest())


def report_vectors() -> dict[str, Any]:
    """Everything that a twin of these functions has to find again."""
    return {
        "words": {"count": words.COUNT, "sha256": sha256("".join(words.WORDS).encode()).hexdigest()},
        "receipts": _receipts(),
        "keys": [_keys(receipt) for receipt in (receipts.parse_receipt(DIGITS), *_weaker(), _worded())],
        "messages": _messages(),
        "wraps": _wraps(),
        "files": _files(),
        "shares": _shares(),
        "signed": _signed(),
        "work": _work(),
    }


def _worded() -> receipts.Receipt:
    drawn = iter((7, 4_095, 1_234, 0, 2_048, 3_333))
    locator = receipts.make_locator("W", draw=lambda _: next(drawn))
    return receipts.make_receipt("W", locator, draw=lambda _: next(drawn))


def _weaker() -> list[receipts.Receipt]:
    return [receipts.parse_receipt(digit + DIGITS[1:]) for digit in "21"]


def _receipts() -> dict[str, Any]:
    worded = _worded()
    spaced = "　".join(worded.groups())
    beyond = worded.text().replace(worded.groups()[4], "龘龘")
    return {
        "read": [
            {
                "typed": typed,
                "form": receipt.form,
                "parameters": receipt.parameters,
                "locator": receipt.locator,
                "secret": receipt.secret,
                "text": receipt.text(),
                "groups": receipt.groups(),
            }
            for typed in [*TYPED, worded.text(), spaced, "３" + "".join(worded.groups()[1:])]
            for receipt in [receipts.parse_receipt(typed)]
        ],
        "refused": [
            {"typed": typed, "reason": refusal.reason, "at": refusal.at}
            for typed in [*REFUSED, beyond, "".join(worded.groups()[1:]), worded.text()[:-2]]
            for refusal in [_refusal(receipts.parse_receipt, typed)]
        ],
    }


def _keys(receipt: receipts.Receipt) -> dict[str, Any]:
    salt = derivation.salt_of(SERVER_KEY, receipt.form, receipt.locator)
    root = derivation.root_of(receipt.secret.encode(), salt, receipt.parameters)
    public = derivation.keys_of(root).public()
    return {
        "receipt": receipt.text(),
        "server_key": to_base64url(SERVER_KEY),
        "salt": to_base64url(salt),
        "root": to_base64url(root),
        **{f"{name}_private": to_base64url(derivation.expand(root, name)) for name in public},
        **{f"{name}_public": to_base64url(raw) for name, raw in public.items()},
    }


def _messages() -> dict[str, Any]:
    key = sha256(b"vector content key").digest()
    attached = messages.Attached(
        id=FILE, kind="PHOTO", type="image/jpeg", size=70_000, key=sha256(b"vector file key").digest()
    )
    said = messages.Message(words="采煤面没有支护，我们不下去。", answers={"since": "昨天夜班"}, files=(attached,))
    long = messages.Message(words="井" * 1_500)
    who = messages.Identity(name="张三", number="520201199001011234", contact="13800000000")
    bound, apart = messages.for_message(MESSAGE), messages.for_identity(MESSAGE)
    good = messages.encrypt(said.encode(), key, bound, draw=draw("vector message nonce"))
    wrong = [
        good[:-1], good[:20] + bytes([good[20] ^ 1]) + good[21:],
        messages.encrypt(said.encode(), key, apart, draw=draw("vector message nonce")),
    ]  # fmt: skip
    return {
        "id": MESSAGE,
        "key": to_base64url(key),
        "encrypted": [
            {
                "bound": to_base64url(to),
                "data": data.decode(),
                "encrypted": to_base64url(messages.encrypt(data, key, to, draw=draw("vector message nonce"))),
            }
            for data, to in ((said.encode(), bound), (long.encode(), bound), (who.encode(), apart))
        ],
        "refused": [
            {"encrypted": to_base64url(data), "reason": _refusal(messages.decrypt, data, key, bound).reason}
            for data in wrong
        ],
        "sizes": list(messages.ENCRYPTED_SIZES),
    }


def _wraps() -> list[dict[str, Any]]:
    officer = private_of("vector officer")
    public = officer.public_key().public_bytes_raw()
    id, owner = wraps.key_id(public), wraps.key_id(private_of("vector owner").public_key().public_bytes_raw())
    secrets = [(wraps.for_message(MESSAGE, id), 32), (wraps.for_half(MESSAGE, "a", id), 32)]
    secrets += [(wraps.for_half(MESSAGE, "b", id), 32), (wraps.for_share(owner, id), 33)]
    return [
        {
            "private": to_base64url(officer.private_bytes_raw()),
            "public": to_base64url(public),
            "key_id": id,
            "purpose": to_base64url(purpose),
            "secret": to_base64url(secret),
            "wrapped": to_base64url(hpke.seal(secret, public, purpose, private_of("vector sender"))),
        }
        for purpose, size in secrets
        for secret in [draw("vector wrapped")(size)]
    ]


def _files() -> dict[str, Any]:
    key, plain = sha256(b"vector file key").digest(), draw("vector file")(70_000)
    encrypted = files.encrypt_file(plain, key, FILE, draw=draw("vector prefix"))
    return {
        "plain": 'SHA-256("vector file N") for N = 0, 1, 2 … one after the other, cut to `size`',
        "id": FILE,
        "key": to_base64url(key),
        "size": len(plain),
        "prefix": to_base64url(encrypted[: files.PREFIX]),
        "encrypted_size": len(encrypted),
        "sha256": sha256(encrypted).hexdigest(),
        "frames": [{"size": size, "frames": files.frames_for(size)} for size in (1, 65_536, 65_537, 131_073, 1 << 24)],
    }


def _shares() -> dict[str, Any]:
    secret = sha256(b"vector secret").digest()
    a, b = shares.halve(secret, draw=draw("vector half"))
    parts = shares.split(secret, draw=draw("vector slope"))
    return {
        "secret": to_base64url(secret),
        "a": to_base64url(a),
        "b": to_base64url(b),
        "shares": [to_base64url(part) for part in parts],
    }


def _signed() -> list[dict[str, Any]]:
    keys = derivation.keys_of(sha256(b"vector root").digest())
    challenge, payee = to_base64url(sha256(b"vector challenge").digest()), "县局窗口现金".encode()
    login = signing.login_message("D", "482913", challenge)
    claim = signing.claim_message(REWARD, 300_000, "CASH", payee)
    return [
        {
            "message": message.decode(),
            "public": to_base64url(key.public_key().public_bytes_raw()),
            "signature": to_base64url(key.sign(message)),
        }
        for message, key in ((login, keys.login), (claim, keys.claim))
    ]


def _work() -> list[dict[str, Any]]:
    return [{"reservation": "vector.1", "bits": bits, "nonce": signing.work("vector.1", bits)} for bits in (1, 8, 12)]


def _refusal(asked: Callable[..., Any], *arguments: Any) -> ReportMalformed:
    try:
        asked(*arguments)
    except ReportMalformed as refusal:
        return refusal
    raise AssertionError(arguments)
