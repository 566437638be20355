"""A whole shift: a folder taken underground without any network, then brought to sealed receipts and closed by two."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx

from api.phone import calls, disk
from api.phone.drain import Drain
from api.phone.gather import Gatherer, plain_files, written
from api.phone.notebook import DOCK, PHONE, Recording
from api.phone.outset import ENDS, CannotTake, first_contact, inspect, line_of, server_of, tell_fault
from api.phone.phone import Person, Phone, new_id, switch_on
from api.phone.server import Refused, Server
from api.phone.shelf import Origin, Shelf, new_shelf, unfinished
from api.phone.shift_end import close
from api.phone.table import FAILED, tell_end
from api.phone.talk import Talk
from api.phone.trust import Trust
from storage.record.ledger.proofs.closings import ClosingMalformed


def main_shift(
    *,
    url: str,
    root: Path,
    folder: Path,
    people: Sequence[Person],
    language: str,
    say: Callable[[str], None],
    into: Path | None = None,
    http: httpx.Client | None = None,
    reach: float = 20.0,
    patience: float = 180.0,
    dock: bool = False,
    origin: Origin | None = None,
) -> int:
    """Takes every plain file below `root` through the whole job.

    0: all sealed; 3: it is over, and some are no evidence or lost; 1: it is not over, and the lines say why.
    `folder` holds the phones (one a person, the lead first); killed anywhere, the same call goes on where it was.
    `into` receives originals, bundles and keys; by default a folder named by the time in ./pithead-out.
    With `dock` the lead signs by a dock of his own, which reads in what a camera took; `origin` says from whom the
    files were taken over, if they were.
    """
    talk = Talk(say, language)
    into = (into or Path("pithead-out") / time.strftime("%Y%m%d-%H%M%S")).absolute()
    try:
        with disk.held(folder), line_of(http) as line:
            phones = _phones(people, folder, lambda: server_of(url, line, language, reach), dock=dock)
            trust = Trust(folder / "server-keys.json")
            job = _Job(phones, root.absolute(), folder.absolute(), trust, talk, patience, origin or Origin())
            return job.run(into)
    except Refused as refused:
        talk.end("act_refused", code=refused.code, said=talk.said(refused.sentence))
    except ENDS as fault:
        tell_fault(talk, fault)
    return FAILED


def _phones(people: Sequence[Person], folder: Path, server: Callable[[], Server], *, dock: bool) -> list[Phone]:
    """A phone a person; the first one's is a dock if the files are read in at one."""
    phones = [switch_on(one, folder / one.login, server(), kind=PHONE) for one in people]
    if dock and people:
        phones[0] = switch_on(people[0], folder / "docks" / people[0].login, server(), kind=DOCK)
    return phones


@dataclass(slots=True)
class _Job:
    """One run over one folder."""

    phones: Sequence[Phone]
    root: Path
    folder: Path
    trust: Trust
    talk: Talk
    patience: float
    origin: Origin

    @property
    def _lead(self) -> Phone:
        return self.phones[0]

    def run(self, into: Path) -> int:
        if len(self.phones) < 2:
            raise CannotTake("two_officers")
        shelf = unfinished(self._lead.notebook.folder, root=written(self.root))
        if shelf is None and not self._holds_anything(leave_out=(self.folder, into)):
            raise CannotTake("no_files")
        if shelf is not None and shelf.shift.origin != self.origin:
            raise CannotTake("begun_otherwise")
        if shelf is None or not shelf.shift.recording.opened:
            shelf = self._begin(shelf, into)
        else:
            disk.clear_halves(Path(shelf.shift.into))
            self.talk.tell("going_on", count=len(shelf.open_pieces()))
        if not shelf.shift.closing:
            outside = (self.folder, Path(shelf.shift.into))
            Gatherer(self._lead, shelf, self.talk).gather(self.root, leave_out=outside)
        self._reach_the_server()
        Drain(self._lead, shelf, self.trust, self.talk, self.patience).run()
        if not shelf.open_pieces():
            self._close(shelf)
        return tell_end(shelf, self.talk)

    def _holds_anything(self, *, leave_out: tuple[Path, ...]) -> bool:
        """Is there a file, or a folder that cannot be read and is to be named?"""
        faults: list[Path] = []
        files = plain_files(self.root, leave_out=leave_out, unreadable=lambda folder, _: faults.append(folder))
        return next(files, None) is not None or bool(faults)

    def _begin(self, shelf: Shelf | None, into: Path) -> Shelf:
        """The last calls before the officers go underground: sign-in, beacons, inspection, recording."""
        self._reach_the_server()
        inspection = inspect(self.phones, self.talk)
        if shelf is None:
            beacon = asdict(self._lead.beacon())
            shelf = new_shelf(
                self._lead.notebook.folder, root=written(self.root), into=into, site=inspection.places[-1]["id"],
                recording=Recording(id=new_id(), inspection=inspection.id, beacon=beacon), origin=self.origin,
            )  # fmt: skip
        calls.open_recording(self._lead.server, shelf.shift.recording)
        shelf.keep(recording=replace(shelf.shift.recording, opened=True))
        self.talk.tell("recording")
        return shelf

    def _reach_the_server(self) -> None:
        """Signs in on each phone, unless this run has done so: a token that runs out later is renewed by itself."""
        if not self.trust.served.keys:
            first_contact(self._lead, self.trust, self.talk)
        for phone in self.phones:
            if phone.server.access is None:
                phone.sign_in(self.talk)

    def _close(self, shelf: Shelf) -> None:
        if shelf.shift.closed:
            return
        try:
            close(self._lead, self.phones[1], shelf)
        except (Refused, ClosingMalformed) as fault:
            # The next run signs another one: this one says otherwise than the record.
            shelf.keep(closing="", signature="")
            self.talk.tell("not_closed", told=fault)
        else:
            self.talk.tell("closed", lead=self._lead.person.login, second=self.phones[1].person.login)
