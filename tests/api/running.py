"""Starts supervisors for the tests, waits for them, and makes sure that none outlives its test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import ROOT


def wait_until(true: Callable[[], bool], *, seconds: float = 30.0, what: str) -> None:
    """Polls; fails with `what` when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


def start_supervisor(data: Path, **variables: str) -> subprocess.Popen[str]:
    """Starts `tests.api.supervised` with this data folder and these PITHEAD_ variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PITHEAD_")}
    environment |= {"PITHEAD_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    environment |= {f"PITHEAD_{name}": value for name, value in variables.items()}
    with (data.parent / f"{data.name}.out").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.api.supervised"], cwd=ROOT, env=environment, stdout=out, stderr=out, text=True
        )


def words_of(data: Path) -> str:
    """All that the supervisors of this data folder said."""
    return (data.parent / f"{data.name}.out").read_text()


def wait_for_address(supervisor: subprocess.Popen[str], data: Path) -> str:
    """The address that the supervisor wrote."""
    written = data / "address"
    wait_until(lambda: written.exists() or supervisor.poll() is not None, what="the address")
    assert written.exists(), words_of(data)
    wait_until(lambda: bool(written.read_text()), what="the address")
    return written.read_text().strip()


def told(data: Path, name: str) -> dict[str, str]:
    """The PITHEAD_ variables that this stand-in was given, without the prefix."""
    variables: dict[str, str] = _words_of_stand_in(data, name)["told"]
    return {key.removeprefix("PITHEAD_"): value for key, value in variables.items()}


def pid_of(data: Path, name: str) -> int:
    """The process id of this stand-in."""
    return int(_words_of_stand_in(data, name)["pid"])


def _words_of_stand_in(data: Path, name: str) -> dict[str, Any]:
    """What the stand-in wrote, whole; the workers start only when the API's port is open."""
    path = data / f"{name}.json"
    wait_until(lambda: path.exists() and path.read_text().endswith("}"), what=str(path))
    words: dict[str, Any] = json.loads(path.read_text())
    return words


def processes_of(data: Path) -> list[int]:
    """Processes of this machine that name the data folder in their command or environment and still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                named = str(data).encode() in (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if named:
                found.append(int(entry.name))
    return found


def end(supervisor: subprocess.Popen[str]) -> int:
    """SIGTERM and the exit code."""
    if supervisor.poll() is None:
        supervisor.send_signal(signal.SIGTERM)
    return supervisor.wait(timeout=30)
