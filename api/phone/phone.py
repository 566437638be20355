"""One officer's phone: his notebook, his key, his line to the server, and how it signs in and stays signed in."""

import socket
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.phone import calls
from api.phone.keys import DeviceKey
from api.phone.notebook import PHONE, Device, KeptBeacon, Notebook, Session
from api.phone.server import Refused, Server
from api.phone.talk import Talk

_ENDED = "SESSION_ENDED"


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as he signs in."""

    login: str
    password: str = field(repr=False)


@dataclass(slots=True)
class Phone:
    """A phone that is switched on; `account` and the session are there once it has signed in."""

    person: Person
    notebook: Notebook
    device: Device
    key: DeviceKey
    server: Server

    @property
    def account(self) -> str:
        """The id of its owner's account."""
        return self.device.account

    def sign_in(self, talk: Talk) -> None:
        """Signs in and has the key enrolled, as far as that has not been done before. Refused, Unreachable."""
        opened = self._renew()
        if not self.device.enrolled:
            calls.enrol(self.server, self.key, owner=opened.account, kind=self.device.kind, name=_name_of_this_phone())
            self.device = self.notebook.write_device(replace(self.device, account=opened.account, enrolled=True))
            talk.tell("enrolled", device=self.device.id[:8], login=self.person.login)
            opened = self._renew()
        if opened.device != self.device.id:
            # A sign-in whose enrolment's answer was lost goes on as nobody's device; a new one proves the key.
            self._sign_in_anew()
        talk.tell("signed_in", login=self.person.login)

    def beacon(self) -> KeptBeacon:
        """The newest beacon that is held: sign-in and refresh bring some, and underground there is no asking."""
        held = self.notebook.newest_beacon()
        if held is not None:
            return held
        fresh = calls.beacons(self.server, device=self.device.id)
        self.notebook.write_beacons(fresh)
        return max(fresh, key=lambda one: one.at)

    def renew(self) -> None:
        """A new access token, for calls that the last one does not open any more."""
        self._renew()

    def _renew(self) -> calls.Opened:
        session = self.notebook.session()
        if session is None:
            return self._sign_in_anew()
        try:
            return self._opened(calls.refresh(self._as_stranger(), token=session.refresh_token, key=self.key))
        except Refused as refused:
            if refused.code != _ENDED:
                raise
            return self._sign_in_anew()

    def _sign_in_anew(self) -> calls.Opened:
        key = self.key if self.device.enrolled else None
        return self._opened(
            calls.sign_in(self._as_stranger(), login=self.person.login, password=self.person.password, key=key)
        )

    def _as_stranger(self) -> Server:
        return replace(self.server, access=None, renew=None)

    def _opened(self, opened: calls.Opened) -> calls.Opened:
        self.notebook.write_session(Session(refresh_token=opened.refresh_token))
        if opened.beacons:
            self.notebook.write_beacons(opened.beacons)
        self.server.access = opened.access
        return opened


def switch_on(person: Person, folder: Path, server: Server, *, kind: str = PHONE) -> Phone:
    """The phone in this folder, made at the first time: an id, a key and nothing else until it signs in.

    `kind` is what it is enrolled as.
    """
    notebook = Notebook(folder)
    device = notebook.device(make=lambda: Device(id=str(uuid.uuid4()), login=person.login, kind=kind))
    phone = Phone(person, notebook, device, notebook.key(device), server)
    server.renew = phone.renew
    return phone


def new_id() -> str:
    """An id made by the phone: written down first, then sent, so that a second sending is the same act."""
    return str(uuid.uuid4())


def _name_of_this_phone() -> str:
    """What the owner reads in the list of his devices."""
    name = "".join(sign for sign in socket.gethostname() if sign.isprintable())[:60]
    return name or "phone"
