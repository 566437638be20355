"""Tests of several processes that answer as one API: what each is asked, what dies, what is told, how all stop."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.embedded.ports import free_ports, is_free
from api.numbers import Numbers
from tests.api.running import wait_until
from tests.servers import ROOT


class Running:
    """The processes under their parent."""

    def __init__(self, folder: Path) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.api.siblings", str(self.port), str(folder)]
        self.parent = subprocess.Popen(command, cwd=ROOT)
        self.client = httpx.Client(timeout=20, limits=httpx.Limits(max_keepalive_connections=0))

    def children(self) -> list[int]:
        """The process ids of those that live."""
        path = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def ask(self, path: str = "/") -> httpx.Response:
        """Over a connection of its own, which any of them may take."""
        return self.client.get(self.url + path)

    def all_answer(self) -> bool:
        """Whether each of them has its turn: nobody listens yet, or one of them, or both."""
        try:
            return {self.ask().text for _ in range(20)} == {"1", "2"}
        except httpx.ConnectError:
            return False


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path)
    wait_until(lambda: not is_free(started.port), what="the port")
    wait_until(started.all_answer, what="both processes")
    yield started
    left = started.children() if started.parent.poll() is None else []
    started.client.close()
    started.parent.kill()
    started.parent.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), what="the end of what was left")


def test_one_that_is_killed_is_started_again_while_the_others_answer(running: Running) -> None:
    before = set(running.children())
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: min(before) not in running.children(), what="the end of one")
    assert all(running.ask().status_code == 200 for _ in range(20))
    wait_until(lambda: len(running.children()) == 2, what="two processes again")
    assert len(before & set(running.children())) == 1
    wait_until(running.all_answer, what="both processes again")


def test_whichever_is_asked_tells_the_numbers_of_all_and_names_the_process(running: Running) -> None:
    told = running.ask("/metrics").text
    for number in (1, 2):
        assert f'pithead_requests_total{{process="{number}",route="/",status="200"}} ' in told
    assert told.count("# TYPE pithead_requests_total counter") == 1


def test_asked_to_stop_each_closes_its_ready_page_answers_what_runs_and_then_ends(running: Running) -> None:
    with httpx.Client(base_url=running.url, timeout=20) as slow:
        slow.get("/")
        running.parent.send_signal(signal.SIGTERM)
        wait_until(lambda: {running.ask("/readyz").status_code for _ in range(5)} == {503}, what="not ready")
        assert slow.get("/slow").status_code == 200  # It ends after the door was shut.
    assert running.parent.wait(timeout=20) == 0
    assert is_free(running.port)


def test_none_is_left_when_their_parent_is_killed(running: Running) -> None:
    children = running.children()
    running.parent.kill()
    running.parent.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), what="the end of all")
    assert is_free(running.port)


def test_if_they_cannot_even_start_all_end_at_once_and_the_port_was_never_open(tmp_path: Path) -> None:
    (tmp_path / "fail").touch()
    failing = Running(tmp_path)
    failing.client.close()
    assert failing.parent.wait(timeout=20) == 1
    assert is_free(failing.port)


@pytest.mark.quick
async def test_a_sibling_that_does_not_answer_is_left_out_and_a_label_is_put_before_the_others(tmp_path: Path) -> None:
    (tmp_path / "3").touch()
    own = ["# HELP a What.", "# TYPE a gauge", "a 1", 'a{b="{ c"} 2']
    theirs = ["# HELP b What.", "# TYPE b gauge", "b 1", *own]
    async with Numbers(2, tmp_path).told(lambda: theirs):
        told = await Numbers(1, tmp_path).of_all(own)
    assert told == [
        "# HELP a What.", "# TYPE a gauge", 'a{process="1"} 1', 'a{process="1",b="{ c"} 2', 'a{process="2"} 1',
        'a{process="2",b="{ c"} 2', "# HELP b What.", "# TYPE b gauge", 'b{process="2"} 1',
    ]  # fmt: skip
