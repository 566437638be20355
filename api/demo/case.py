"""What may live here: `pithead demo case`: a whole case where days can pass, else as far as one day carries it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.demo import correcting, course, papering, words
from api.demo.days import HEADER, Clock, Dates, Sandbox, Today, at
from api.demo.docket import Docket
from api.demo.hands import Cast
from api.demo.inspecting import inspect
from api.demo.packing import pack_case
from api.demo.playing import FAILED, is_taken, played
from api.demo.telling import HEAD, DayIsOver, Story
from api.phone import disk
from api.phone.outset import line_of, server_of
from api.phone.server import Server, keys_document
from storage.record.clock import from_ms, to_ms
from storage.record.law import BUILT_IN
from storage.record.ledger.proofs.keys import PublicKeys


def main_case(
    *,
    url: str,
    folder: Path,
    into: Path,
    password: str,
    say: Callable[[str], None],
    http: httpx.Client | None = None,
    clock: Clock | None = None,
    heard: Callable[[Story, Docket], None] = lambda story, docket: None,
) -> int:
    """Plays the case with the sample people; 0 if every act was done and the pack verifies, else 1.

    `folder` holds their phones, `into` receives the pack. `clock` is the server's, where that is known; else the story
    asks. `heard` is called with the story once it is told, before the pack is made.
    """
    if is_taken(into, say):
        return FAILED

    def play() -> int:
        with disk.held(folder), line_of(http) as line, stage(url, line, folder, password, clock, say) as story:
            docket = _tell(story)
            heard(story, docket)
            return pack_case(story, docket.id, url, into, http=line)

    return played(play, url=url, say=say)


def _tell(story: Story) -> Docket:
    """All of it, chapter by chapter, until a day would have to pass that does not."""
    inspect(story)
    story.order = correcting.order(story)
    docket = course.investigate(story)
    course.notify(docket)
    course.correct(docket)
    try:
        course.hear(docket)
        course.review(docket)
        course.decide(docket)
        course.reconsider(docket)
        course.end(docket)
        waits = False
    except DayIsOver:
        waits = True
    papering.prints(story)
    if waits:
        _tell_what_waits(docket)
    return docket


def _tell_what_waits(docket: Docket) -> None:
    """The rest of the procedure: refused today, with what is missing by which article, and until when clocks run."""
    story = docket.story
    story.say(words.line("waits"))
    with story.refused(docket.missing()[0]["code"]):
        docket.tries(story.cast[HEAD], "decideCase", **course.draft_of(docket))
    docket.tells_all()
    story.say(words.line(story.rest))


@contextmanager
def stage(
    url: str, line: httpx.Client, folder: Path, password: str, known: Clock | None, say: Callable[[str], None]
) -> Iterator[Story]:
    """The story before it begins, by the clock that is given, else that of the sandbox, else that of one day."""

    def server() -> Server:
        return server_of(url, line, "zh", 20.0)

    def by(clock: Clock, dates: Dates, rest: str = "the_rest") -> Story:
        return Story(Cast(server, folder, password, clock), say, clock, dates, rest)

    today, sandbox = Today(), Sandbox()
    if known is not None:
        yield by(known, known.begin(BUILT_IN))
    elif not _is_sandbox(server()):
        yield by(today, today.begin(BUILT_IN))
    else:
        dates, since = sandbox.begin(BUILT_IN), _keys_since(server())
        if since > to_ms(at(dates.prepared, 0)):
            say(words.line("young", since=f"{from_ms(since):%Y-%m-%d}", begin=dates.prepared))
            yield by(today, today.begin(BUILT_IN), "the_rest_elsewhere")
        else:
            say(words.line("whole", begin=dates.prepared, end=dates.closed))
            with _saying_the_time(line, sandbox):
                yield by(sandbox, dates)


@contextmanager
def _saying_the_time(line: httpx.Client, clock: Sandbox) -> Iterator[None]:
    """Each call says the time of the story, as long as it is told."""
    hooks = line.event_hooks
    line.event_hooks = {**hooks, "request": [*hooks["request"], clock.asks]}
    try:
        yield
    finally:
        line.event_hooks = hooks


def _is_sandbox(server: Server) -> bool:
    """Asks for a fault that there is not: only the sandbox minds."""
    asked = {"query": "{ __typename }"}
    return server.http.post(f"{server.url}/graphql", json=asked, headers={HEADER: "?"}).status_code == 400


def _keys_since(server: Server) -> int:
    """Since when (ms) what the server promises now holds: before that nobody would believe it."""
    keys = PublicKeys.parse(keys_document(server)).keys.values()
    return max(key.since for key in keys if key.until is None and key.name in ("promise", "token"))
