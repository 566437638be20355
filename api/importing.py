"""`pithead import …`: a thin client that sends sheets of mines and people batch by batch, and prints the answers."""

import argparse
import codecs
import csv
import getpass
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api.phone import calls
from api.phone.commands import Surroundings
from api.phone.phone import Person
from api.phone.server import TIMEOUT, Refused, Server, Unreachable

ALL_WELL, FAILED, REFUSED = 0, 1, 3
LARGEST_FILE = 64 * 1024 * 1024
BATCH_ROWS = 500
BATCH_BYTES = 150 * 1024
"""Below the 200 KiB that one act takes, with room for the quotes that writing a row anew may add."""

_WORDS = {
    "CREATED": "新增 created", "CHANGED": "更改 changed", "UNCHANGED": "不变 unchanged", "REFUSED": "拒绝 refused",
}  # fmt: skip
_SHEET = (
    "sheet { rows { row outcome problem { code message parameters { name value } } } stored }"
    " problem { code message parameters { name value } }"
)


class SheetNotRead(Exception):
    """The file is no sheet that can be sent; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a sheet under its headers; `before` rows stand between the headers and its first row."""

    text: str
    before: int


def add_import_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds `import mines FILE` and `import people FILE --mine CODE`; docs/import.md describes the files."""
    told = "enter mines or people from a CSV file"
    kinds = commands.add_parser("import", help=told, description=told).add_subparsers(required=True, metavar="WHAT")
    for what, text in (("mines", "mines, found by credit code"), ("people", "people of one mine")):
        parser = kinds.add_parser(what, help=text, description=text)
        parser.add_argument("file", type=Path, help="a CSV file, UTF-8 or GB18030; docs/import.md names its columns")
        if what == "people":
            parser.add_argument("--mine", required=True, metavar="CREDIT_CODE", help="the mine's credit code")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come of it")
        parser.add_argument("--skip-refused", action="store_true", help="enter the other rows of a batch all the same")
        parser.add_argument("--as", dest="login", metavar="LOGIN", help="who enters them (default: the sample one)")
        parser.add_argument("--password", help="asked for if left out")
        parser.set_defaults(command=lambda parsed, settings: _import(parsed, surroundings(settings)))


def _import(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    person = _person(parsed, surroundings.people)
    with httpx.Client(timeout=TIMEOUT) as http:
        return main_import(
            server=Server(surroundings.url, http), person=person, file=parsed.file, mine=getattr(parsed, "mine", None),
            dry_run=parsed.dry_run, skip_refused=parsed.skip_refused, say=print,
        )  # fmt: skip


def main_import(
    *,
    server: Server,
    person: Person,
    file: Path,
    mine: str | None,
    dry_run: bool,
    skip_refused: bool,
    say: Callable[[str], None],
) -> int:
    """Sends a file of mines, or of the people of the mine with this credit code, and says what came of each row.

    Ends with one line that sums up: 0 if nothing was refused, 3 if a row was, 1 if the file or the server failed.
    """
    count: Counter[str] = Counter()
    try:
        batches = list(batches_of(decoded(_bytes_of(file))))
        server.access = calls.sign_in(server, login=person.login, password=person.password).access
        for batch in batches:
            _send(server, batch, mine, {"dryRun": dry_run, "skipRefused": skip_refused}, count, say)
    except Refused as refused:
        say(f"{_summed(count, dry_run)} · 被拒绝 refused ({refused.code}): {refused.sentence}")
        return REFUSED
    except (SheetNotRead, Unreachable) as failed:
        say(f"{_summed(count, dry_run)} · 未完成 not finished: {failed}")
        return FAILED
    say(_summed(count, dry_run))
    return REFUSED if count["REFUSED"] else ALL_WELL


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 with or without BOM, UTF-16 with one, else GB18030, as Chinese spreadsheets write."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetNotRead("neither UTF-8 nor GB18030")


def batches_of(text: str) -> Iterator[Batch]:
    """The sheet in pieces that one act takes, each under the headers; a sheet without rows is one piece."""
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        headers, *records = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    except (csv.Error, ValueError) as wrong:
        raise SheetNotRead(f"no comma-separated values ({wrong})") from None
    head = _written(headers)
    lines: list[str] = []
    before = size = 0
    for number, record in enumerate(records):
        line = _written(record)
        if lines and (len(lines) == BATCH_ROWS or size + len(line.encode()) > BATCH_BYTES):
            yield Batch(head + "".join(lines), before)
            lines, before, size = [], number, 0
        lines.append(line)
        size += len(line.encode())
    yield Batch(head + "".join(lines), before)


def _send(
    server: Server,
    batch: Batch,
    mine: str | None,
    given: dict[str, Any],
    count: Counter[str],
    say: Callable[[str], None],
) -> None:
    name = "importMines" if mine is None else "importPeople"
    kind = name[0].upper() + name[1:]
    told = server.act(
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {_SHEET} }} }}",
        csv=batch.text, **given, **({} if mine is None else {"mine": mine}),
    )["sheet"]  # fmt: skip
    for row in told["rows"]:
        count[row["outcome"]] += 1
        if row["outcome"] != "UNCHANGED":
            why = f"  {row['problem']['code']}: {row['problem']['message']}" if row["problem"] else ""
            say(f"{row['row'] + batch.before:>7}  {_WORDS[row['outcome']]}{why}")
    if not told["stored"] and not given["dryRun"]:
        count["KEPT_OUT"] += sum(row["outcome"] in ("CREATED", "CHANGED") for row in told["rows"])


def _summed(count: Counter[str], dry_run: bool) -> str:
    parts = [f"{_WORDS[outcome]} {count[outcome]}" for outcome in _WORDS]
    kept_out = [f"因同批有拒绝而未录入 kept out by a refused row {count['KEPT_OUT']}"] if count["KEPT_OUT"] else []
    return " · ".join([*(["试运行 dry run"] if dry_run else []), *parts, *kept_out])


def _written(record: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(record)
    return out.getvalue()


def _bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise SheetNotRead(f"{file} is larger than {LARGEST_FILE} bytes")
        return file.read_bytes()
    except OSError as error:
        raise SheetNotRead(f"{file}: {error.strerror}") from error


def _person(parsed: argparse.Namespace, people: Sequence[Person]) -> Person:
    """Who was named, or the one who is known here."""
    if parsed.login is None and people:
        return people[0]
    login = parsed.login or input("login: ")
    return Person(login, parsed.password if parsed.password is not None else getpass.getpass(f"{login}: "))
