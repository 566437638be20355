"""The page of reporters and the files that it loads: kept by no browser, counted by nobody, and alone with us."""

import gzip
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.static import TYPES, WEB
from storage.record.ledger.proofs import reports

PATH: Final = "/report"
EXIT: Final = "https://weather.cma.cn/"
"""Where quick exit leads: the weather, which anybody may look at. Nothing tells it whence one comes."""
SHARED: Final = (
    "app/app.css", "app/dom.js", "app/marks.js", "app/speaking.js", "client/chance.js", "vendor/argon2.js",
    "vendor/nacl.js",
)  # fmt: skip
"""Beside `report/` and `protocol/`: the look and the few modules that keep nothing either."""
_OURS: Final = ("report/", "protocol/")
_POLICY: Final = {
    "default-src": "'none'", "script-src": "'self' 'wasm-unsafe-eval'", "style-src": "'self'",
    "img-src": "'self' blob:", "media-src": "blob:", "connect-src": "'self'", "worker-src": "'self'",
    "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'", "require-trusted-types-for": "'script'",
    "trusted-types": "report",
}  # fmt: skip
_NO: Final = ("camera", "microphone", "geolocation", "payment", "usb", "clipboard-read", "display-capture")
HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in _NO),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",
    "x-robots-tag": "noindex",
}


@dataclass(slots=True)
class ReportPage:
    """The routes `/report…`: no ETag, since what a browser sends back would tell that it was here before."""

    folder: Path = WEB
    _files: dict[str, Path] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        found = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*")}
        self._files = {
            name: path for name, path in found.items()
            if path.suffix in TYPES and path.suffix != ".html" and (name.startswith(_OURS) or name in SHARED)
        }  # fmt: skip

    def routes(self) -> list[Route]:
        """Within the reporters' application, so that no middleware of any other sees who asks."""
        return [
            Route(PATH, self.page),
            Route(f"{PATH}/", self.page),
            Route(f"{PATH}/words.txt", self.words),
            Route(f"{PATH}/web/{{path:path}}", self.file),
        ]

    async def page(self, request: Request) -> Response:
        """The page; it knows where quick exit leads."""
        text = (self.folder / "report" / "index.html").read_text(encoding="utf-8").replace("{exit}", EXIT)
        return _told(request, text.encode(), TYPES[".html"])

    async def words(self, request: Request) -> Response:
        """The list of which receipts in words are made: the one that Python has."""
        return _told(request, files(reports).joinpath("words.txt").read_bytes(), "text/plain; charset=utf-8")

    async def file(self, request: Request) -> Response:
        """One file, or 404; a path is looked up among the files that were there at the start and never put together."""
        path = self._files.get(request.path_params["path"])
        if path is None:
            return Response("not found\n", 404, media_type="text/plain", headers=HEADERS)
        return _told(request, path.read_bytes(), TYPES[path.suffix])


def _told(request: Request, body: bytes, media_type: str) -> Response:
    """Nothing of a browser's cache spares it the way, so a slow line is spared two thirds of it; no secret is in it."""
    headers = {**HEADERS, "content-type": media_type, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers = gzip.compress(body, 6, mtime=0), {**headers, "content-encoding": "gzip"}
    return Response(body, headers=headers)
