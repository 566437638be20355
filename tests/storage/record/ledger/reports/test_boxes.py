"""What is encrypted opens for its own key, purpose and place alone, and its length says next to nothing."""

from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.reports import files, messages, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

pytestmark = pytest.mark.quick

KEY, OTHER = bytes(range(32)), bytes(32)
ID = "9822fc67-3038-40cf-aab1-21976520a582"
BOUND = messages.for_message(ID)
ids = st.uuids(version=4).map(str)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
attached = st.builds(
    messages.Attached,
    id=ids,
    kind=st.sampled_from(messages.KINDS),
    type=st.just("image/jpeg"),
    size=st.integers(1, files.LARGEST),
    key=st.binary(min_size=32, max_size=32),
)
said = st.builds(
    messages.Message,
    words=texts,
    answers=st.dictionaries(texts, texts, max_size=3),
    files=st.lists(attached, max_size=3, unique_by=lambda file: file.id).map(tuple),
)


@given(said)
def test_a_message_comes_back_and_has_one_of_four_sizes(message: messages.Message) -> None:
    encrypted = messages.encrypt(message.encode(), KEY, BOUND)
    assert len(encrypted) in messages.ENCRYPTED_SIZES
    assert messages.decode_message(messages.decrypt(encrypted, KEY, BOUND)) == message


@given(st.binary(max_size=70_000).map(lambda data: data.rstrip(b" ")))
def test_padding_is_undone_and_is_the_smallest(data: bytes) -> None:
    assert messages.unpad(messages.pad(data)) == data


@given(st.integers(0, 4_096 + 27), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(at: int, change: int) -> None:
    encrypted = bytearray(messages.encrypt(b"{}", KEY, BOUND))
    encrypted[at] ^= change
    with pytest.raises(ReportMalformed, match="not for this key"):
        messages.decrypt(bytes(encrypted), KEY, BOUND)


def test_another_key_or_message_or_the_identity_of_the_same_one_opens_nothing() -> None:
    encrypted = messages.encrypt(b"{}", KEY, BOUND)
    elsewhere = messages.for_message(str(uuid4()))
    for key, bound in ((OTHER, BOUND), (KEY, elsewhere), (KEY, messages.for_identity(ID))):
        with pytest.raises(ReportMalformed, match="not for this key"):
            messages.decrypt(encrypted, key, bound)


def test_what_is_too_large_or_padded_otherwise_is_refused() -> None:
    with pytest.raises(ReportMalformed, match="too large"):
        messages.pad(bytes(262_145))
    for padded in (b"{}", b"{}".ljust(16_384), b"{}\0".ljust(4_097)):
        with pytest.raises(ReportMalformed, match="padding"):
            messages.unpad(padded)


@pytest.mark.parametrize(
    "change",
    [
        {"v": "pithead/report-message/2"},
        {"words": 1},
        {"answers": []},
        {"answers": {"a": 1}},
        {"files": {}},
        {"files": [{}]},
        {"files": [{"id": ID, "kind": "FILM", "type": "a", "size": 1, "key": "A" * 43}]},
        {"files": [{"id": ID, "kind": "PHOTO", "type": "a", "size": 0, "key": "A" * 43}]},
        {"files": [{"id": ID, "kind": "PHOTO", "type": "a", "size": 1, "key": "A" * 42}]},
        {"files": [{"id": ID.upper() + "0", "kind": "PHOTO", "type": "a", "size": 1, "key": "A" * 43}]},
        {"files": [{"id": ID, "kind": "PHOTO", "type": "a", "size": 1, "key": "A" * 43}] * 2},
        {"extra": 1},
    ],
)
def test_a_message_of_any_other_form_is_refused(change: dict[str, object]) -> None:
    members = {"v": messages.VERSION, "words": "", "answers": {}, "files": [], **change}
    with pytest.raises(ReportMalformed):
        messages.decode_message(canonical(members))


def test_an_identity_comes_back_and_does_not_show_itself() -> None:
    who = messages.Identity(name="张三", number="1", contact="2")
    assert messages.decode_identity(who.encode()) == who
    assert "张三" not in repr(who)
    with pytest.raises(ReportMalformed):
        messages.decode_message(who.encode())


@given(st.sampled_from([1, 15, 65_535, 65_536, 65_537, 200_000]), ids)
def test_a_file_comes_back_in_a_power_of_two_of_frames(size: int, id: str) -> None:
    plain = (b"pithead" * (size // 7 + 1))[:size]
    encrypted = files.encrypt_file(plain, KEY, id)
    assert files.frames_of(len(encrypted)) in (1, 2, 4)
    assert files.decrypt_file(encrypted, KEY, id, size=size) == plain


def test_a_file_cut_short_reordered_or_under_another_id_is_refused() -> None:
    plain = bytes(range(256)) * 500
    encrypted = files.encrypt_file(plain, KEY, ID)
    step = (len(encrypted) - files.PREFIX) // 2
    prefix, first, second = encrypted[:8], encrypted[8 : 8 + step], encrypted[8 + step :]
    for changed, size, id in (
        (prefix + first, 65_536, ID),
        (prefix + second + first, len(plain), ID),
        (prefix + first + first, len(plain), ID),
        (encrypted, len(plain), str(uuid4())),
        (encrypted, 5, ID),
        (encrypted, len(plain) - 1, ID),
        (encrypted[:-1], len(plain), ID),
    ):
        with pytest.raises(ReportMalformed):
            files.decrypt_file(changed, KEY, id, size=size)


@pytest.mark.parametrize("size", [0, -1, files.LARGEST + 1])
def test_no_file_is_empty_or_too_large(size: int) -> None:
    with pytest.raises(ReportMalformed):
        files.frames_for(size)


@given(st.binary(min_size=32, max_size=32))
def test_a_wrap_opens_for_its_key_and_purpose_alone(secret: bytes) -> None:
    officer, stranger = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    public = officer.public_key().public_bytes_raw()
    id = wraps.key_id(public)
    purpose = wraps.for_message(ID, id)
    wrapped = wraps.wrap(secret, public, purpose)
    assert len(wrapped) == wraps.WRAP_SIZE
    assert wraps.unwrap(wrapped, officer, purpose) == secret
    for private, other in (
        (stranger, purpose),
        (officer, wraps.for_half(ID, "a", id)),
        (officer, wraps.for_message(str(uuid4()), id)),
    ):
        with pytest.raises(ReportMalformed, match="wrap"):
            wraps.unwrap(wrapped, private, other)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        bytes([1]) + bytes(31),
        bytes(31),
        bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ],
)
def test_keys_that_give_everybody_the_same_secret_are_refused(raw: bytes) -> None:
    with pytest.raises(ReportMalformed, match="public key"):
        wraps.box_key(raw)


@pytest.mark.parametrize("id", ["", "x", str(UUID(int=1)), "0190e5a8-7b1c-7c3e-9a53-3f1f7e0a4b11", ID.upper()])
def test_ids_are_random_uuids_in_lower_case(id: str) -> None:
    with pytest.raises(ReportMalformed):
        messages.for_message(id)
