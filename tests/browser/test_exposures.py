"""The pages of an exposed case in headless Chromium: looked at, checked on a tap, and found broken once changed."""

import asyncio
import io
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.public.exposures import Exposures
from api.public.site import site_of
from api.static import StaticFiles
from api.worker import LedgerWorker
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs import pictures as proofs
from storage.record.ledger.proofs.canonical import canonical, from_base64url, parse_canonical, to_base64url
from storage.record.objects import Objects
from storage.trust.exposures.rules import Asked, Photo
from tests.browser.chromium import running_chromium
from tests.browser.test_public_site import barriers, pictured
from tests.factories.exposures import exposing, photo_bytes
from tests.sites import Site

FACE = Asked(left=3_400, top=2_000, width=1_500, height=2_600)
PLATE = Asked(left=6_500, top=7_000, width=2_500, height=1_200)


def original() -> bytes:
    """A real photo where somebody has one; else one of ours."""
    folder = os.environ.get("PITHEAD_SAMPLES")
    found = sorted(Path(folder).rglob("DSCN0010.jpg")) if folder else []
    return found[0].read_bytes() if found else photo_bytes(size=(1_600, 1_200))


@asynccontextmanager
async def served_by(routes: list[Route]) -> AsyncIterator[str]:
    """The routes on a port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="warning", lifespan="off"))
        running = asyncio.create_task(server.serve(sockets=[free]))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
        server.should_exit = True
        await running


async def test_an_exposed_case_is_read_and_its_photo_checked_and_found_out_when_it_was_meddled_with(
    site: Site, objects: Objects, public_database: Database, workers: Database, keys: KeyFolder, tmp_path: Path
) -> None:
    made = await exposing(site, objects)
    photo = Photo(evidence_id=await made.photo(original()), regions=(FACE, PLATE), alt="井口外景，人员和车牌已遮挡")
    row = await made.approve(await made.draft(photo))
    worker = LedgerWorker(workers, objects, keys, timedelta(minutes=1), between_checkpoints=0)
    while await worker.turn():
        pass
    first: list[bytes] = []

    async def bundle(request: Request) -> Response:
        """The first time as it is; from then on with another pixel."""
        if not first:
            answer = await honest(request)
            first.append(bytes(answer.body))
            return answer
        whole = parse_canonical(first[0], proofs.LIMIT)
        picture = Image.open(io.BytesIO(from_base64url(whole["picture"])))
        picture.putpixel((1, 1), (1, 2, 3))
        written = io.BytesIO()
        picture.save(written, "PNG")
        return Response(canonical(whole | {"picture": to_base64url(written.getvalue())}))

    public = site_of(public_database, keys.public, "http://127.0.0.1")
    exposures = Exposures(public, objects)
    honest = exposures._answered(exposures.bundle)
    routes = [
        Route("/.well-known/pithead-keys", lambda _: JSONResponse(keys.public())),
        Route("/d/{id}/pictures/{number}.picture.json", bundle), *exposures.routes(), *public.routes(),
        *StaticFiles(store=None).routes(),
    ]  # fmt: skip
    async with served_by(routes) as url, running_chromium(tmp_path / "profile") as browser:
        page = await browser.page(width=320)
        for path in ("/exposures", f"/d/{row.disclosure_id}", f"/d/{row.disclosure_id}?lang=en"):
            for width in (320, 360, 1280):
                await page.look(width=width, height=900)
                await page.go(f"{url}{path}")
                await page.until("[...document.images].every(one => { one.loading = 'eager'; return one.complete })")
                assert await page.run("document.documentElement.scrollWidth") <= width, path
                name = path.strip("/").replace(str(row.disclosure_id), "exposure").replace("?", "-").replace("/", "-")
                await pictured(page, f"{name}-{width}")
            assert await barriers(page) == [], path
        assert await page.run("document.images[0].naturalWidth") > 0
        await page.tap("figure [data-check]")
        await page.until("document.querySelector('figure[data-verdict=VERIFIED]')")
        assert await page.run("document.querySelectorAll('figure .checks [data-ok=true]').length") == 6
        await page.look(width=360, height=900)
        await pictured(page, "exposure-checked-360")
        await page.tap("figure [data-check]")
        await page.until("document.querySelector('figure[data-verdict=BROKEN]')")
        assert page.complaints == []
