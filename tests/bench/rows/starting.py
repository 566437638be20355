"""What may live here: how long `make run` takes in a fresh copy of the clone until the address is told."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from api.embedded.ports import free_ports
from tests.bench.figures import Figure, Side
from tests.bench.ground import Ground
from tests.servers import ROOT

COLD = "cold make run, packages cached"
WARM = "warm make run"
ROUNDS = 5
_LONGEST = 600.0


async def measure(_: Ground) -> list[Figure]:
    """Cold: no .venv and no data, twice: the first fills the cache of pip, the second counts. Warm: both are there."""
    return await asyncio.to_thread(_measured)


def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="pithead-bench-") as folder:
        Path(folder).chmod(0o755)  # As root the servers run as another user.
        # The first stays until the end. On ext4 without a journal each new file is sought past all that were removed
        # lately: 15,000 new files cost 0.3 s of CPU beside 15,000 others, and 4.8 s after 30,000 were removed.
        filling, clone = Path(folder) / "filling", Path(folder) / "clone"
        _copy(filling)
        first = _seconds(filling)
        _copy(clone)
        cold = _seconds(clone)
        warm = tuple(_seconds(clone) for _ in range(ROUNDS))
    remark = f"the first, which may have had to fetch packages, took {first:.0f} s"
    return [
        Figure(COLD, (cold,), (Side("make run", "s", (cold,)),), (remark,)),
        Figure(WARM, warm, (Side("make run", "s", warm),)),
    ]


def _copy(clone: Path) -> None:
    """The files that git knows, as they stand."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in names.split("\0"):
        if name and (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)


def _seconds(clone: Path) -> float:
    """From the command to the address; then all is stopped."""
    (port,) = free_ports(1)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PITHEAD_", "MAKE"))}
    environment |= {"PITHEAD_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    begun, address = time.monotonic(), clone / ".pithead" / "address"
    running = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while not address.exists():
            if running.poll() is not None or time.monotonic() - begun > _LONGEST:
                raise RuntimeError(f"make run ended with {running.poll()} after {time.monotonic() - begun:.0f} s")
            time.sleep(0.02)
        return time.monotonic() - begun
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(timeout=60)
        while address.exists():
            time.sleep(0.05)
