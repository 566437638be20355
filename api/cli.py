"""`pithead …`: every command of the product, each ending with one line that sums up.

What a command needs is imported when it runs: `pithead verify` must not wait for a database driver.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from api import composing
from api.cli_adding import Command
from api.cli_serving import add_serving_commands
from api.cli_upkeep import add_upkeep_commands
from api.composing import Refused
from api.demo.commands import add_demo_commands
from api.desk.commands import add_desk_commands
from api.embedded.processes import CannotStart
from api.importing import add_import_commands
from api.phone.commands import OFFICERS, Surroundings, add_phone_commands
from api.phone.phone import Person
from api.reporter.commands import add_report_commands
from api.settings import Settings, SettingsAreWrong, read_settings

WRONG_CALL = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when all went well, 1 for a fault, 2 for a wrong call, 3 if something was refused."""
    try:
        parsed = _parser().parse_args(arguments)
    except SystemExit as ended:
        if ended.code == WRONG_CALL:  # What is wrong stands above, in the words of argparse, which are English.
            print("pithead: 命令或者参数不对，未执行任何操作；加 --help 可看用法。", file=sys.stderr)
        raise
    try:
        settings = read_settings()
        command: Callable[[argparse.Namespace, Settings], int] = parsed.command
        return command(parsed, settings)
    except SettingsAreWrong as wrong:
        for line in wrong.lines:
            print(f"pithead: {line}", file=sys.stderr)
        return WRONG_CALL
    except (Refused, CannotStart) as refused:
        print(f"pithead: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pithead", description="井口 Pithead: evidence that anyone can check.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=command)
        return made

    add_serving_commands(add)
    add_upkeep_commands(add)
    add_import_commands(commands, surroundings=_import_surroundings)
    add_phone_commands(commands, surroundings=_surroundings)
    add_demo_commands(commands, surroundings=_surroundings)
    add_report_commands(commands, surroundings=_surroundings)
    add_desk_commands(commands, surroundings=_surroundings)
    return parser


def _surroundings(settings: Settings) -> Surroundings:
    """Where the field client finds the server: PITHEAD_URL, or the address that a running server wrote down."""
    url = composing.server_url(settings)
    people = []
    if settings.environment == "development":
        from api.sample_people import PASSWORD, SAMPLE_SIGN_INS

        people = [Person(one.login, PASSWORD) for one in SAMPLE_SIGN_INS[:OFFICERS]]
    return Surroundings(url=url, data=settings.data, people=people)


def _import_surroundings(settings: Settings) -> Surroundings:
    """The same server; who registers mines and people is the sample system administrator, where there is one."""
    from dataclasses import replace

    people = []
    if settings.environment == "development":
        from api.sample_people import PASSWORD, SYSTEM_LOGIN

        people = [Person(SYSTEM_LOGIN, PASSWORD)]
    return replace(_surroundings(settings), people=people)


if __name__ == "__main__":
    sys.exit(main())
