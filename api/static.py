"""The files of `api/web` as browsers get them: their types, their ETags, and what a page of ours may load."""

import gzip
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

WEB: Final = Path(__file__).parent / "web"
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
_HASHING: Final = b'import "/web/app/hashing.js";\n'
_SHELL: Final = ("app/", "client/", "protocol/", "vendor/sha256.js", "pithead.js")
_APART: Final = ("protocol/reports/", "protocol/commitments/")
"""What the field app needs to open without a network; what only other pages need is not among it."""
_PAGES: Final = {
    "/desk": "desk/index.html",
    "/commitments/check": "commitments/check.html",
    "/commitments/overview": "commitments/overview.html",
    "/commitments/sign": "commitments/sign.html",
    "/commitments/{mine:uuid}": "commitments/mine.html",
}
"""Which page stands at which address; what a page shows of whom, it reads in its own address."""
_DECODER: Final = ("vendor/qr/decode.js", "vendor/qr/index.js")
"""Loaded only where a browser reads no code by itself; kept beside the page all the same, for there is no network."""
_LOADED: Final = re.compile(r'(?:href|src)="(/web/[^"]+)"')
_REPORT: Final = "report/"
"""The page of reporters is not served here, where requests are counted and logged, but by `api/reporting/page.py`."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as it was last read, and by which state of the disk."""

    stamp: tuple[int, int]
    body: bytes
    etag: str


@dataclass(slots=True)
class StaticFiles:
    """The routes `/web/…`, `/app/`, `/desk` and `/commitments/…`.

    `store` is where pages send originals; None for their own origin.

    A path is looked up among the files that were there at the start and never put together, so that none leads out of
    the folder. A file that is changed is read anew: there is no build step between an editor and a browser.
    """

    store: str | None
    folder: Path = WEB
    _files: dict[str, Path] = field(default_factory=dict, init=False)
    _kept: dict[Path, _Kept] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        found = (path for path in sorted(self.folder.rglob("*")) if path.suffix in TYPES and path.is_file())
        named = {path.relative_to(self.folder).as_posix(): path for path in found}
        self._files = {name: path for name, path in named.items() if not name.startswith(_REPORT)}

    def routes(self) -> list[Route]:
        return [
            Route("/app", self.to_the_app),
            Route("/app/", self.app),
            Route("/app/sw.js", self.app_worker),
            Route("/app/hashing.js", self.app_hashing),
            Route("/commitments/check-worker.js", self.check_worker),
            Route("/commitments/", self.to_the_check),
            *(Route(path, self._page(name)) for path, name in _PAGES.items()),
            Route("/web/{path:path}", self.file),
        ]

    async def to_the_app(self, _: Request) -> Response:
        """The service worker's reach ends at the slash."""
        return RedirectResponse("/app/", status_code=308)

    async def to_the_check(self, _: Request) -> Response:
        """Each mine has a page of its own; without its id there is what anybody can do with the code on its board."""
        return RedirectResponse("/commitments/check", status_code=307)

    async def app(self, request: Request) -> Response:
        """The page of the field app; it says where originals go."""
        return self._told(request, self._of_store("app/index.html"), ".html")

    def _of_store(self, name: str) -> bytes:
        """A page that is told whether what the store keeps has an origin of its own, from which it may load."""
        where = b"other" if self.store is not None else b"same"
        return self._read(self._files[name]).body.replace(b"{store}", where)

    async def app_worker(self, request: Request) -> Response:
        """The service worker, which begins with what it keeps: another list is another worker to the browser."""
        names = [
            name for name in self._files if name.startswith(_SHELL) and not name.startswith((*_APART, "app/sw.js"))
        ]
        listed = {f"/web/{name}": self._read(self._files[name]).etag for name in names}
        listed["/app/hashing.js"] = _etag(_HASHING)
        listed["/app/"] = listed.pop("/web/app/index.html", "")
        return self._worker(request, "app/sw.js", listed)

    async def check_worker(self, request: Request) -> Response:
        """The same for the page that checks commitments: all that it names, and what reads codes for some browsers."""
        page = self._read(self._files["commitments/check.html"]).body.decode()
        named = {path: self._files.get(path.removeprefix("/web/")) for path in _LOADED.findall(page)}
        named |= {f"/web/{name}": self._files.get(name) for name in _DECODER}
        listed = {path: self._read(file).etag for path, file in named.items() if file is not None}
        listed["/commitments/check"] = self._read(self._files["commitments/check.html"]).etag
        return self._worker(request, "commitments/check_worker.js", listed)

    def _worker(self, request: Request, name: str, listed: Mapping[str, str]) -> Response:
        version = hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]
        head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(list(listed))};\n"
        return self._told(request, head.encode() + self._read(self._files[name]).body, ".js")

    async def app_hashing(self, request: Request) -> Response:
        """The worker that reads originals, at an address within the service worker's reach."""
        return self._told(request, _HASHING, ".js")

    def _page(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def page(request: Request) -> Response:
            return self._told(request, self._of_store(name), ".html")

        return page

    async def file(self, request: Request) -> Response:
        """One file, or 404."""
        path = self._files.get(request.path_params["path"])
        if path is None or path.suffix == ".html":
            return Response("not found\n", 404, media_type="text/plain", headers=self._headers())
        return self._told(request, self._read(path).body, path.suffix)

    def _read(self, path: Path) -> _Kept:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        kept = self._kept.get(path)
        if kept is None or kept.stamp != stamp:
            body = path.read_bytes()
            kept = self._kept[path] = _Kept(stamp, body, _etag(body))
        return kept

    def _told(self, request: Request, body: bytes, suffix: str) -> Response:
        etag, media_type = _etag(body), TYPES[suffix]
        headers = {**self._headers(), "etag": etag, "cache-control": "no-cache", "vary": "accept-encoding"}
        asked = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
        if etag in asked or "*" in asked:
            return Response(status_code=304, headers=headers)
        if media_type.startswith("text/") and "gzip" in request.headers.get("accept-encoding", ""):
            # One body, however it is packed: so the tag is a weak one, which is all that it is compared for.
            body, headers = _packed(body), {**headers, "content-encoding": "gzip", "etag": f"W/{etag}"}
        return Response(body, headers={**headers, "content-type": media_type})

    def _headers(self) -> dict[str, str]:
        """No page of ours loads from another host, runs what stands in its text, or is shown in a frame."""
        connect = "'self'" if self.store is None else f"'self' {_origin(self.store)}"
        policy = {
            "default-src": "'none'", "script-src": "'self' 'wasm-unsafe-eval'", "style-src": "'self'",
            "img-src": "'self' blob:", "media-src": "'self' blob:", "connect-src": connect, "worker-src": "'self'",
            "manifest-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
        }  # fmt: skip
        return {
            "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }


@lru_cache(maxsize=512)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
