"""The page to try GraphQL by hand: GraphiQL from the files that set-up installed, and nothing of an outside host."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

WEB: Final = Path(__file__).with_name("web")
GRAPHIQL: Final = WEB / "vendor" / "graphiql"

_FILES: Final = {
    "explorer.js": (WEB / "explorer.js", "text/javascript"),
    "graphiql.js": (GRAPHIQL / "graphiql.js", "text/javascript"),
    "graphiql.css": (GRAPHIQL / "graphiql.css", "text/css"),
    "editor.worker.js": (GRAPHIQL / "editor.worker.js", "text/javascript"),
    "json.worker.js": (GRAPHIQL / "json.worker.js", "text/javascript"),
    "graphql.worker.js": (GRAPHIQL / "graphql.worker.js", "text/javascript"),
}
# Nothing comes from or goes to another host. The editor writes its measures as inline styles, so these are allowed.
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}


def explorer_routes() -> list[Route]:
    """The page at `/explorer` and its files."""
    return [Route("/explorer", _page), Route("/explorer/{name}", _file)]


async def _page(_: Request) -> Response:
    if not (GRAPHIQL / "graphiql.js").exists():
        missing = "The explorer is not installed: run `make vendor`, which takes it from the npm registry.\n"
        return PlainTextResponse(missing, 503, _HEADERS)
    return FileResponse(WEB / "explorer.html", media_type="text/html", headers=_HEADERS)


async def _file(request: Request) -> Response:
    path, media = _FILES.get(request.path_params["name"], (WEB, ""))
    if not path.is_file():
        return PlainTextResponse("no such file\n", 404, _HEADERS)
    return FileResponse(path, media_type=media, headers=_HEADERS)
