"""How the processes of one API tell each other their numbers, so that whichever is asked for them answers for all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

LONGEST_WAIT: Final = 1.0
"""Seconds: a sibling that is only being started again has no numbers yet, and nobody waits for it."""

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Those of one process among its siblings.

    Each listens on a socket in `folder`, which only their own user can enter, and tells whoever connects its lines of
    Prometheus' text. They are not added up: each number bears the label `process`, so that one that starts anew from 0
    is seen as such and not as a step back.
    """

    number: int
    folder: Path

    @asynccontextmanager
    async def told(self, own: Callable[[], Lines]) -> AsyncIterator[None]:
        """Tells the siblings, for as long as this is open."""

        async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write("\n".join(self._labelled(own())).encode())
            await writer.drain()
            writer.close()

        async with await asyncio.start_unix_server(tell, self.folder / str(self.number)):
            yield

    async def of_all(self, own: Lines) -> Lines:
        """Our own and those of every sibling that answers, each family of numbers together."""
        others = [path for path in sorted(self.folder.iterdir()) if path.name != str(self.number)]
        return _together([self._labelled(own), *await asyncio.gather(*map(_asked, others))])

    def _labelled(self, lines: Lines) -> Lines:
        return [line if line.startswith("#") else _with_label(line, f'process="{self.number}"') for line in lines]


def _with_label(line: str, label: str) -> str:
    """A number with one more label, before those that it has: what stands in their quotes is not looked at."""
    name, labelled, rest = line.partition("{")
    if labelled:
        return f"{name}{{{label},{rest}"
    name, _, value = line.partition(" ")
    return f"{name}{{{label}}} {value}"


async def _asked(path: Path) -> Lines:
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            reader, writer = await asyncio.open_unix_connection(path)
            told = await reader.read()
            writer.close()
            return told.decode().splitlines()
    except (OSError, TimeoutError):
        return []


def _together(pages: Iterable[Lines]) -> Lines:
    """The lines of several pages with each family under one head, as the format wants it."""
    families: dict[str, Lines] = {}
    for page in pages:
        for head, lines in _families(page):
            families.setdefault(head, []).extend(lines)
    return [line for head, lines in families.items() for line in (*head.splitlines(), *lines)]


def _families(page: Lines) -> Iterator[tuple[str, Lines]]:
    """Each family's two lines of head, and its numbers."""
    starts = [at for at, line in enumerate(page) if line.startswith("# HELP ")]
    for start, end in pairwise([*starts, len(page)]):
        yield "\n".join(page[start : start + 2]), page[start + 2 : end]
