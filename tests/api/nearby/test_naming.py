"""The one name in `.local`: who asks for it is answered, and nothing that arrives breaks the answerer."""

import asyncio
import random
import socket
import struct

import pytest

from api.nearby.naming import Question, Responder, answer, questions

pytestmark = pytest.mark.quick
NAME, ADDRESS = "pithead-1a2b.local", "192.168.1.5"


def query(name: str, *, kind: int = 1, kin: int = 1, id: int = 7, flags: int = 0) -> bytes:
    written = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    return struct.pack("!6H", id, flags, 1, 0, 0, 0) + written + struct.pack("!2H", kind, kin)


def test_questions_are_read_in_lower_case_and_with_how_they_want_their_answer() -> None:
    assert questions(query("Pithead-1A2B.local")) == [Question(NAME, 1, 1, False)]
    assert questions(query(NAME, kin=0x8001)) == [Question(NAME, 1, 1, True)]
    twice = struct.pack("!6H", 0, 0, 2, 0, 0, 0) + query(NAME)[12:] + b"\xc0\x0c" + struct.pack("!2H", 28, 1)
    assert [one.name for one in questions(twice)] == [NAME, NAME]


def test_answers_and_broken_messages_ask_nothing() -> None:
    assert questions(query(NAME, flags=0x8400)) == []
    assert questions(b"") == []
    assert questions(struct.pack("!6H", 0, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\x01\0\x01") == []
    chance = random.Random(5)
    for _ in range(2_000):
        whole = bytearray(query(NAME))
        whole[chance.randrange(len(whole))] = chance.randrange(256)
        questions(bytes(whole[: chance.randrange(len(whole) + 1)]))


def test_an_answer_is_the_name_with_its_address() -> None:
    told = answer(NAME, ADDRESS)
    assert struct.unpack_from("!6H", told) == (0, 0x8400, 0, 1, 0, 0)
    assert told.endswith(struct.pack("!2HIH", 1, 0x8001, 120, 4) + socket.inet_aton(ADDRESS))


async def test_whoever_asks_by_plain_dns_gets_his_question_back_with_the_answer() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: Responder(NAME, ADDRESS), local_addr=("127.0.0.1", 0))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.bind(("127.0.0.1", 0))
            asker.settimeout(5)
            to = transport.get_extra_info("sockname")
            for text in ("another.local", NAME):
                asker.sendto(query(text, id=4242), to)
            told, _ = await loop.run_in_executor(None, asker.recvfrom, 512)
        assert struct.unpack_from("!6H", told) == (4242, 0x8400, 1, 1, 0, 0)
        assert told.endswith(socket.inet_aton(ADDRESS))
    finally:
        transport.close()
