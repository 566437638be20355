"""`pithead phone …` and `pithead verify`: the arguments of the field client, read and handed on as plain values."""

import argparse
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.phone.phone import Person
from storage.record.ledger.proofs.canonical import is_line, is_uuid

OFFICERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the command line knows of the place it runs in: the server's address, the data folder, sample sign-ins."""

    url: str
    data: Path
    people: Sequence[Person] = ()


def add_phone_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds `phone photo`, `phone shift` and `verify`.

    Each is called as `parsed.command(parsed, settings)` and returns its exit code.
    `surroundings` turns the settings into plain values when a command needs them: `verify` never does.
    """
    phone = commands.add_parser("phone", help="the reference field client", description="The reference field client.")
    kinds = phone.add_subparsers(required=True, metavar="WHAT")
    _photo_arguments(kinds.add_parser("photo", help="one photo, from the file to its verified sealed receipt"))
    kinds.choices["photo"].set_defaults(command=lambda parsed, settings: _photo(parsed, surroundings(settings)))
    pack = commands.add_parser(
        "pack", help="a court pack of a recording, an inspection or a case", description=_pack.__doc__
    )
    _pack_arguments(pack)
    pack.set_defaults(command=lambda parsed, settings: _pack(parsed, surroundings(settings)))
    _shift_arguments(
        kinds.add_parser("shift", help="a folder of photos and films, from capture to the closed recording")
    )
    kinds.choices["shift"].set_defaults(command=lambda parsed, settings: _shift(parsed, surroundings(settings)))
    verify = commands.add_parser("verify", help="check sealed evidence offline", description=_verify.__doc__)
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="a *.{pithead,commitment,disclosure,picture}.json bundle, or a folder",
    )
    what.add_argument("--qr", metavar="TEXT", help="the text of the QR code on a notice board")
    verify.add_argument("--trust", type=Path, metavar="KEYS", help="the keys document that you trust")
    verify.add_argument("--original", type=Path, metavar="FILE", help="of a picture: the original that you have")
    verify.add_argument("--secret", metavar="HEX", help="of a picture: its secret, to compare what is covered as well")
    verify.set_defaults(command=lambda parsed, _: _verify(parsed))


def _photo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a photo, film or sound")
    parser.add_argument("--type", dest="media_type", metavar="MEDIA_TYPE", help="declare this type, not what is found")
    parser.add_argument("--lat", help="latitude, WGS-84 degrees")
    parser.add_argument("--lon", help="longitude, WGS-84 degrees")
    _common_arguments(parser)


def _shift_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("root", type=Path, metavar="FOLDER", help="every plain file below it is taken")
    parser.add_argument("--dock", action="store_true",
                        help="cameras that sign nothing took the files: sign at a dock (SIGNED_AT_DOCK)")  # fmt: skip
    parser.add_argument("--taken-over-from", dest="giver", metavar="NAME",
                        help="somebody else handed the files over: from whom (TAKEN_OVER)")  # fmt: skip
    parser.add_argument("--how", metavar="TEXT", help="in which way they were handed over; with --taken-over-from")
    parser.add_argument("--at", type=_time, metavar="TIME",
                        help="when, in ISO 8601 (default: the moment of signing); with --taken-over-from")  # fmt: skip
    _common_arguments(parser)


def _common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, help="where originals, receipts and keys go (default: pithead-out/TIME)")
    parser.add_argument("--folder", type=Path, help="where the phones live (default: in the data folder)")
    parser.add_argument("--as", dest="logins", action="append", default=[], metavar="LOGIN",
                        help="an officer; twice, the lead first (default: the sample officers)")  # fmt: skip
    parser.add_argument("--password", dest="passwords", action="append", default=[],
                        help="of the officer named in the same place; asked for if left out")  # fmt: skip
    parser.add_argument("--language", choices=("zh", "en", "both"), default="both")


def _photo(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.phone.photo import main_photo

    return main_photo(
        url=surroundings.url, file=parsed.file, folder=parsed.folder or surroundings.data / "phones",
        people=_people(parsed) or surroundings.people, language=parsed.language, say=_say, into=parsed.into,
        media_type=parsed.media_type, lat=parsed.lat, lon=parsed.lon,
    )  # fmt: skip


def _pack_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", type=_id, metavar="ID", help="of the recording or the inspection")
    which.add_argument("--case", type=_id, metavar="ID", help="of a case: its steps, papers and evidence (正卷)")
    parser.add_argument("--whole", action="store_true", help="with --case: the second volume (副卷) too")
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="an empty or new folder")
    parser.add_argument("--folder", type=Path, help="where the phones live, whose pinned keys are trusted")
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="the keys document that you trust instead")
    parser.add_argument("--as", dest="logins", action="append", default=[], metavar="LOGIN",
                        help="who opens the pack (default: the first sample officer)")  # fmt: skip
    parser.add_argument("--password", dest="passwords", action="append", default=[], help="asked for if left out")
    parser.add_argument("--language", choices=("zh", "en", "both"), default="both")


def _pack(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    """Open a court pack: originals, proofs, closings, and what is missing; in the ledger it stands that you did."""
    from api.phone.pack import OfCase, main_pack

    if parsed.whole and parsed.case is None:
        raise SystemExit("pithead: --whole belongs to --case")
    people = _people(parsed) or surroundings.people
    if not people:
        raise SystemExit("pithead: name who opens the pack: --as LOGIN")
    return main_pack(
        url=surroundings.url, id=parsed.case or parsed.id, into=parsed.into,
        folder=parsed.folder or surroundings.data / "phones",
        case=OfCase(whole=parsed.whole) if parsed.case else None, person=people[0], language=parsed.language, say=_say,
        trust=parsed.trust,
    )  # fmt: skip


def _shift(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.phone.shelf import Origin
    from api.phone.shift import main_shift

    if (parsed.giver is None) is not (parsed.how is None) or (parsed.at is not None and parsed.giver is None):
        raise SystemExit("pithead: --taken-over-from and --how belong together, and --at to them")
    for line in (parsed.giver, parsed.how):
        if line is not None and not is_line(line):
            raise SystemExit("pithead: --taken-over-from and --how are one line each, of 1 to 600 bytes")
    return main_shift(
        url=surroundings.url, root=parsed.root, folder=parsed.folder or surroundings.data / "phones",
        people=_people(parsed) or surroundings.people, language=parsed.language, say=_say, into=parsed.into,
        dock=parsed.dock, origin=Origin(giver=parsed.giver or "", how=parsed.how or "", at=parsed.at),
    )  # fmt: skip


def _id(text: str) -> str:
    """An id as the server takes it; told here and not by the server, which would speak of its own input."""
    if not is_uuid(text.lower()):
        raise argparse.ArgumentTypeError(f"no id: {text!r}; one looks like 0190f3c1-7f3e-7a54-8b1c-2d9be1a40c55")
    return text.lower()


def _time(text: str) -> int:
    """A time of ISO 8601 in ms since 1970 UTC; without an offset it is that of this machine's clock."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _people(parsed: argparse.Namespace) -> list[Person]:
    """The officers that were named, each with the password in his place, or asked for on the terminal."""
    given = [*parsed.passwords, *[None] * len(parsed.logins)]
    return [
        Person(login, password if password is not None else getpass.getpass(f"{login}: "))
        for login, password in zip(parsed.logins, given, strict=False)
    ]


def _verify(parsed: argparse.Namespace) -> int:
    """Check sealed evidence, safety commitments and disclosures offline."""
    from api.phone.verify import main_verify, main_verify_code

    if parsed.qr is not None:
        return main_verify_code(code=parsed.qr, trust=parsed.trust, say=_say)
    if parsed.original is not None:
        from api.phone.pictures import main_verify_original

        return main_verify_original(
            path=parsed.path, original=parsed.original, secret=parsed.secret, trust=parsed.trust, say=_say
        )
    return main_verify(path=parsed.path, trust=parsed.trust, say=_say)


def _say(line: str) -> None:
    print(line, flush=True)
