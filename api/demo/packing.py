"""What may live here: the pack that a story ends with, checked by whoever does not ask the server any more."""

from pathlib import Path

import httpx

from api.demo import words
from api.demo.hands import await_shown
from api.demo.telling import ARCHIVIST, Story
from api.phone.outset import first_contact
from api.phone.pack import OfCase, main_pack
from api.phone.phone import Person
from api.phone.talk import Talk
from api.phone.trust import Trust
from api.phone.verify import main_verify
from storage.record.ledger.proofs.packs import MANIFEST


def pack_case(story: Story, case: str, url: str, into: Path, *, http: httpx.Client) -> int:
    """The court pack of the case as far as it is, and the verdict of whoever checks it without the server."""
    folder = story.cast.folder
    phone = story.cast[ARCHIVIST].phone
    first_contact(phone, Trust(folder / "server-keys.json"), Talk(lambda _: None))
    await_shown(phone.server, story.cast.seen)
    said: list[str] = []
    code = main_pack(
        url=url, id=case, into=into, folder=folder, language="both", say=said.append, http=http,
        person=Person(ARCHIVIST, story.cast.password), case=OfCase(whole=True),
    )  # fmt: skip
    if not (into / MANIFEST).is_file():
        story.say(words.line("stopped", told=said[-1]))
        return code
    keys = folder / "server-keys.json"
    story.say(words.line("pack", path=into, id=case, keys=keys))
    said.clear()
    verified = main_verify(path=into, trust=keys, say=said.append)
    story.say(said[-1])
    return verified or code
