"""The page that a phone opens first, over plain HTTP: what to install, how to check it, and where to go then."""

import plistlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api.nearby.authority import Authority

_PAGE: Final = (Path(__file__).parents[1] / "web" / "phone.html").read_text(encoding="utf-8")
_STYLE: Final = (Path(__file__).parents[1] / "web" / "phone.css").read_bytes()
_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The leaflet of one authority, with the two addresses of the app: by name, and by number where names fail."""

    authority: Authority
    by_name: str
    by_number: str

    def app(self) -> Starlette:
        """The application; it knows nothing but these pages."""
        return Starlette(
            routes=[
                Route("/", self.to_the_page),
                Route("/phone", self.page),
                Route("/phone.css", self.style),
                Route("/pithead.crt", self.certificate),
                Route("/pithead.mobileconfig", self.profile),
            ]
        )

    async def to_the_page(self, _: Request) -> Response:
        return RedirectResponse("/phone", status_code=308)

    async def page(self, _: Request) -> Response:
        words: Mapping[str, str] = {
            "fingerprint": self.authority.fingerprint,
            "host": self.authority.host,
            "by_name": self.by_name,
            "by_number": self.by_number,
        }
        page = _PAGE
        for name, value in words.items():
            page = page.replace(f"{{{name}}}", escape(value))
        return Response(page, headers=_HEADERS, media_type="text/html")

    async def style(self, _: Request) -> Response:
        return Response(_STYLE, headers=_HEADERS, media_type="text/css")

    async def certificate(self, _: Request) -> Response:
        """For Android and desks."""
        headers = {**_HEADERS, "content-disposition": 'attachment; filename="pithead.crt"'}
        return Response(self.authority.der, headers=headers, media_type="application/x-x509-ca-cert")

    async def profile(self, _: Request) -> Response:
        """For iPhones: a profile with the certificate and nothing else."""
        name = f"Pithead {self.authority.host}"
        content = {
            "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadContent": self.authority.der,
            "PayloadIdentifier": f"{self.authority.host}.authority", "PayloadUUID": str(self.authority.id),
            "PayloadDisplayName": name,
        }  # fmt: skip
        profile = {
            "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadContent": [content],
            "PayloadIdentifier": f"{self.authority.host}.profile", "PayloadUUID": str(self.authority.id).upper(),
            "PayloadDisplayName": name,
            "PayloadDescription": "只为本机名称和局域网地址作证 · for this machine's name and private addresses",
        }  # fmt: skip
        headers = {**_HEADERS, "content-disposition": 'attachment; filename="pithead.mobileconfig"'}
        return Response(plistlib.dumps(profile), headers=headers, media_type="application/x-apple-aspen-config")
