"""What may live here: what a visitor without an account reads of a story: pages, twins, feeds, open data, proofs."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx

from api.demo import words
from api.demo.telling import NotAsTold, Story
from api.phone.server import Unreachable, tries
from api.phone.verify import main_verify

ATOM, JSON_FEED = "/feeds/disclosures.atom", "/feeds/disclosures.json"
CSV, DELETIONS = "/open-data/disclosures.csv", "/open-data/deletions.ndjson"
_LINK = "{http://www.w3.org/2005/Atom}link"
_PATIENCE = 60.0


@dataclass(slots=True)
class Visitor:
    """Somebody without an account: what he reads may be a second behind the act."""

    story: Story
    url: str
    http: httpx.Client

    def until(self, path: str, holds: Callable[[httpx.Response], bool]) -> httpx.Response:
        """The answer of an address, once it is as it should be."""
        for _ in tries(_PATIENCE, longest=0.5):
            answer = self.http.get(f"{self.url}{path}")
            if holds(answer):
                return answer
        raise Unreachable(path)

    def sees(self, id: str, *, edition: int = 1, disputed: bool = False) -> dict[str, Any]:
        """What a permalink shows, as its JSON twin tells it: this edition, disputed or not."""

        def holds(answer: httpx.Response) -> bool:
            shown = answer.json()["shown"] if answer.status_code == httpx.codes.OK else None
            return shown is not None and (shown["edition"], shown["disputed"]) == (edition, disputed)

        told: dict[str, Any] = self.until(f"/d/{id}.json", holds).json()
        page = self.until(f"/d/{id}", lambda answer: answer.status_code == httpx.codes.OK)
        if told["shown"]["mine"] not in page.text:
            raise NotAsTold(f"/d/{id}")
        self.story.say(words.line("page_shows", url=f"{self.url}/d/{id}", title=told["shown"]["title"]))
        return told

    def sees_it_gone(self, id: str) -> dict[str, Any]:
        """410: since when, by which article and why; the name of nobody; and no proof of what is shown no more."""
        gone = httpx.codes.GONE
        told: dict[str, Any] = self.until(f"/d/{id}.json", lambda answer: answer.status_code == gone).json()
        page = self.until(f"/d/{id}", lambda answer: answer.status_code == gone)
        if self.story.seen["mine"] in page.text or told["gone"]["reason"] not in page.text:
            raise NotAsTold(f"/d/{id}")
        self.until(f"/d/{id}.disclosure.json", lambda answer: answer.status_code == httpx.codes.GONE)
        self.story.say(words.line("page_gone", url=f"{self.url}/d/{id}", why=told["gone"]["reason"]))
        return told

    def takes(self, id: str, gone: str, into: Path) -> None:
        """公示信息: found by the mine's name, followed by both feeds, taken as open data, told what to delete."""
        into.mkdir(parents=True, exist_ok=True)
        found = self.until(f"/index.json?q={self.story.seen['mine']}", lambda answer: id in answer.text).json()
        atom, feed = (
            self.until(ATOM, lambda answer: id in answer.text),
            self.until(JSON_FEED, lambda answer: id in answer.text),
        )
        place = int(next(one["seq"] for one in found["rows"] if one["id"] == id))
        table = self.until(f"{CSV}?after={place - 1}", lambda answer: answer.status_code == httpx.codes.OK)
        deleted = self.until(DELETIONS, lambda answer: gone in answer.text)
        for name, answer in (
            ("disclosures.atom", atom), ("disclosures.csv", table), ("deletions.ndjson", deleted),
            (f"{id}.json", self.http.get(f"{self.url}/d/{id}.json")),
        ):  # fmt: skip
            (into / name).write_bytes(answer.content)
        told = {
            "searched": id in {one["id"] for one in found["rows"]},
            "atom": any(str(one.get("href")).endswith(f"/d/{id}") for one in _links(atom.content)),
            "feed": any(one["url"].endswith(f"/d/{id}") for one in feed.json()["items"]),
            "csv": id in {row["id"] for row in csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))},
            "deleted": gone in {json.loads(line)["id"] for line in deleted.text.splitlines()},
        }
        self.story.seen["taken"] = told
        if lacking := [name for name, there in told.items() if not there]:
            raise NotAsTold(", ".join(lacking))
        self.story.say(words.line("taken_by_all", url=self.url, path=into))

    def checks(self, id: str, into: Path, keys: Path) -> int:
        """The bundle, checked without the server; and that a changed sign of it is found. 0 if both are so."""
        path, changed = into / f"{id}.disclosure.json", into / "changed.disclosure.json"
        bundle = self.until(f"/d/{id}.disclosure.json", lambda answer: answer.status_code == httpx.codes.OK).content
        path.write_bytes(bundle)
        changed.write_bytes(bundle.replace(b"300000", b"100000", 1))
        self.story.say(words.line("disclosure_bundle", path=path, keys=keys))
        said: list[str] = []
        forged = main_verify(path=changed, trust=keys, say=said.append)
        self.story.say(words.line("changed_bundle", path=changed, told=said[-1]))
        code = main_verify(path=path, trust=keys, say=said.append)
        self.story.seen["bundle"], self.story.seen["verdicts"] = bundle, (forged, code)
        self.story.say(said[-1])
        return code if forged == 1 else 1


def _links(feed: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(feed).iter(_LINK))  # noqa: S314 # The feed of the server whose story this is.
