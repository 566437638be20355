"""A supervisor whose own processes are stand-ins: run as `python -m tests.api.supervised`, told by the environment.

Each stand-in writes the names of the PITHEAD_ variables that it got into DATA/<name>.json; the API's opens its port.
"""

import sys
from dataclasses import replace

from api.embedded.processes import CannotStart
from api.settings import SettingsAreWrong, read_settings
from api.supervisor import PITHEAD, Command, Plan, Supervisor

_TELL = """
import json, os, pathlib, sys, time
told = {name: value for name, value in os.environ.items() if name.startswith("PITHEAD_")}
path = pathlib.Path(told["PITHEAD_DATA"], sys.argv[1] + ".json")
path.write_text(json.dumps({"pid": os.getpid(), "told": told}))
"""
_WAIT = "time.sleep(600)"
_SERVE = """
import http.server
where = ("127.0.0.1", int(told["PITHEAD_PORT"]))
http.server.ThreadingHTTPServer(where, http.server.BaseHTTPRequestHandler).serve_forever()
"""


def _stand_in(command: Command, *, then: str = "") -> Command:
    return replace(command, arguments=(sys.executable, "-c", _TELL + then, command.name))


PLAN = Plan(
    before=tuple(_stand_in(command) for command in PITHEAD.before),
    beside=tuple(_stand_in(command) for command in PITHEAD.beside),
    stay=tuple(_stand_in(command, then=_SERVE if command.name == "api" else _WAIT) for command in PITHEAD.stay),
)


def main() -> None:
    try:
        Supervisor(read_settings(), plan=PLAN, banner=lambda url: ("inspector 13800000001",)).run()
    except (CannotStart, SettingsAreWrong) as reason:
        print(reason, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
