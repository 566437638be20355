"""The child itself: takes one open file after the other from its parent, decodes it within limits, answers.

It is started with an empty environment and one socket; once bound, it can open no file and no further socket.
"""

import json
import os
import socket
import sys
from typing import BinaryIO

from api.decoder import cleaning, films, limits, pictures, renditions
from api.decoder.answers import Answer, Bomb, NoDecoder, Truncated

_HEADER = 200
_LINE = 3


def main(descriptor: int) -> None:
    """Serves until the parent closes its end."""
    pictures.prepare()
    cleaning.prepare()
    renditions.prepare()
    films.prepare()
    # The lowest numbers are all in use then, and one more is allowed: the file that is handed over. While it is held,
    # nothing else can be opened, neither a file nor a connection.
    os.dup2(descriptor, _LINE)
    os.closerange(_LINE + 1, descriptor + 1)
    parent = socket.socket(fileno=_LINE)
    limits.bind(open_files=_LINE + 2)
    parent.sendall(b"\x00")
    while True:
        header, files, _, _ = socket.recv_fds(parent, _HEADER, 1)
        if not header or not files:
            return
        limits.begin_file()
        with os.fdopen(files[0], "rb") as file:
            answer = describe(file, header.decode("ascii"))
        told = json.dumps(answer.told()).encode()
        parent.sendall(len(told).to_bytes(4, "big") + len(answer.preview).to_bytes(4, "big") + told + answer.preview)


def describe(file: BinaryIO, media_type: str) -> Answer:
    """Reads one file as what its bytes were sniffed to be; never raises for anything that is in them."""
    answer = Answer()
    part, decode = ("PICTURE", pictures.describe) if media_type.startswith("image/") else ("FILM", films.describe)
    if media_type.startswith(limits.CLEAN):
        part, decode, media_type = "PICTURE", cleaning.clean, media_type.removeprefix(limits.CLEAN)
    if media_type.startswith(limits.RENDER):
        part, decode, media_type = "PICTURE", renditions.render, media_type.removeprefix(limits.RENDER)
    if media_type.startswith(limits.PACK):
        part, decode, media_type = "PICTURE", renditions.pack, media_type.removeprefix(limits.PACK)
    try:
        decode(file, media_type, answer)
    except NoDecoder:
        answer.not_read(part, "NO_DECODER")
    except (Bomb, MemoryError):
        answer.not_read(part, "BOMB")
    except Truncated:
        answer.not_read(part, "TRUNCATED")
    except Exception as fault:
        # Parsers of hostile bytes raise what nobody listed: whatever it was, the file is what could not be read.
        answer.not_read(part, "TRUNCATED" if _ends_early(fault) else "NOT_READ")
    return answer


def _ends_early(fault: Exception) -> bool:
    return isinstance(fault, OSError | EOFError | StopIteration) and "truncat" in str(fault).lower()


if __name__ == "__main__":
    main(int(sys.argv[1]))
