"""The files of `api/web`: types, ETags and policies; that none leads out of the folder; that the app is whole."""

import gzip
import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api.static import WEB, StaticFiles

pytestmark = pytest.mark.quick
APP = Starlette(routes=list(StaticFiles(store="https://store.example:9000/path").routes()))
OURS = [
    path
    for path in sorted(WEB.rglob("*"))
    if path.suffix in (".js", ".css", ".html") and "vendor" not in path.parts and path.stem != "explorer"
]
IMPORTED = re.compile(r'(?:from |import |import\()"([^"]+)"')


async def got(path: str, **headers: str) -> httpx.Response:
    line = httpx.ASGITransport(APP)
    async with httpx.AsyncClient(transport=line, base_url="http://pithead.example") as client:
        return await client.get(path, headers=headers)


async def test_files_have_their_types_and_an_etag_that_saves_sending_them_again() -> None:
    types = {"pithead.js": "text/javascript", "app/app.css": "text/css", "app/icon.svg": "image/svg+xml"}
    for name, media in types.items():
        first = await got(f"/web/{name}")
        assert (first.status_code, first.headers["content-type"].split(";")[0]) == (200, media)
        assert first.headers["cache-control"] == "no-cache"
        assert first.content == (WEB / name).read_bytes()
        again = await got(f"/web/{name}", **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await got(f"/web/{name}", **{"if-none-match": '"other"'})).status_code == 200


async def test_no_page_loads_from_another_host_or_is_shown_in_a_frame() -> None:
    for path in ("/app/", "/app/sw.js", "/app/hashing.js", "/web/app/main.js", "/web/nothing"):
        headers = (await got(path)).headers
        policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert policy["connect-src"] == "'self' https://store.example:9000"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/web/../app.py", "/web/%2e%2e/app.py", "/web/..%2fapp.py", "/web//etc/passwd", "/web/app/../../app.py",
     "/web/app/", "/web/", "/web/app/index.html", "/web/phone.html", "/web/package.json", "/web/pithead.js%00.css"],
)  # fmt: skip
async def test_no_path_leads_anywhere_else(path: str) -> None:
    assert (await got(path)).status_code == 404


async def test_the_page_says_where_originals_go() -> None:
    assert 'name="pithead-store" content="other"' in (await got("/app/")).text
    assert (await got("/app")).headers["location"] == "/app/"
    same = StaticFiles(store=None)
    line = httpx.ASGITransport(Starlette(routes=list(same.routes())))
    async with httpx.AsyncClient(transport=line, base_url="http://pithead.example") as client:
        page = await client.get("/app/")
    assert 'name="pithead-store" content="same"' in page.text
    assert "connect-src 'self';" in page.headers["content-security-policy"]


async def test_the_worker_keeps_all_that_the_page_needs_and_changes_when_a_file_does(tmp_path: Path) -> None:
    worker = (await got("/app/sw.js")).text
    listed = set(json.loads(worker.split("FILES = ")[1].split(";\n")[0]))
    ours = [path.relative_to(WEB).as_posix() for path in OURS if path.suffix != ".html"]
    # A desk or the public site without a line is none; reporters keep nothing; commitments have pages of their own.
    apart = ("desk/", "public/", "report/", "commitments/", "protocol/reports/", "protocol/commitments/")
    needed = {f"/web/{name}" for name in ours if not name.startswith(apart)}
    assert needed - listed == {"/web/app/sw.js", "/web/phone.css"}
    assert {"/app/", "/app/hashing.js"} <= listed
    for path in listed:
        assert (await got(path)).status_code == 200, path
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "index.html").write_text("page")
    (tmp_path / "app" / "sw.js").write_text("worker")
    (tmp_path / "app" / "a.js").write_text("one")
    files = StaticFiles(store=None, folder=tmp_path)
    line = httpx.ASGITransport(Starlette(routes=list(files.routes())))
    async with httpx.AsyncClient(transport=line, base_url="http://pithead.example") as client:
        before = (await client.get("/app/sw.js")).text
        (tmp_path / "app" / "a.js").write_text("another")
        assert (await client.get("/app/sw.js")).text != before


@pytest.mark.parametrize(
    "page", [path for path in OURS if path.suffix == ".html" and path.parent.name == "commitments"]
)
def test_a_page_of_commitments_names_all_that_it_loads_and_sends_it_in_less_than_100_kb(page: Path) -> None:
    named = set(re.findall(r'(?:href|src)="/web/([^"]+)"', page.read_text(encoding="utf-8")))
    loaded = {name for name in named if name.endswith(".js")}
    for name in sorted(loaded):
        for other in IMPORTED.findall((WEB / name).read_text(encoding="utf-8")):
            if "/vendor/" not in other:  # Loaded only where a browser lacks it, and kept by the worker.
                assert (WEB / name).parent.joinpath(other).resolve().relative_to(WEB).as_posix() in loaded, (
                    name,
                    other,
                )
    sent = [len(gzip.compress((WEB / name).read_bytes(), 6)) for name in named]
    assert sum(sent) < 100_000, sum(sent)


async def test_the_worker_of_the_checking_page_keeps_just_what_that_page_names() -> None:
    worker = (await got("/commitments/check-worker.js")).text
    listed = set(json.loads(worker.split("FILES = ")[1].split(";\n")[0]))
    page = (await got("/commitments/check")).text
    decoder = {"/web/vendor/qr/decode.js", "/web/vendor/qr/index.js"}
    assert listed == {*re.findall(r'(?:href|src)="(/web/[^"]+)"', page), "/commitments/check", *decoder}
    for path in listed:
        assert (await got(path)).status_code == 200, path


async def test_text_is_packed_for_whoever_takes_it_packed_and_known_again_by_its_tag() -> None:
    packed = await got("/web/pithead.js", **{"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == (WEB / "pithead.js").read_bytes()
    assert packed.headers["vary"] == "accept-encoding"
    again = await got("/web/pithead.js", **{"if-none-match": packed.headers["etag"], "accept-encoding": "gzip"})
    assert again.status_code == 304
    plain = await got("/web/pithead.js", **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_every_module_of_the_app_is_there_is_ours_and_says_what_may_live_in_it() -> None:
    for path in OURS:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, path
        assert "http://" not in text.replace("http://www.w3.org/", ""), path
        named = text.replace("https:// ", "").replace(
            '"https://schema.org/', ""
        )  # Words for search engines: not loaded.
        assert "https://" not in named, path
        if path.suffix != ".js":
            continue
        assert text.startswith("/**"), path
        for name in IMPORTED.findall(text):
            if "/vendor/" not in name:  # Installed at set-up; without the digest's the page hashes by itself.
                assert (path.parent / name).resolve() in OURS, (path, name)


@pytest.mark.parametrize(
    ("folder", "file"), [("app", "words"), ("commitments", "words"), ("commitments", "words_inside")]
)
def test_every_sentence_is_there_in_two_languages_and_is_said_somewhere(folder: str, file: str) -> None:
    words = (WEB / folder / f"{file}.js").read_text(encoding="utf-8")
    codes = set(re.findall(r'^  "?([A-Za-z_-]+)"?: \[', words, re.MULTILINE))
    pairs = re.findall(r'^  "?[A-Za-z_-]+"?: \[\s*"[^"]+",\s*"[^"]+",?\s*\]', words, re.MULTILINE)
    assert len(pairs) == len(codes)
    every = [path.read_text(encoding="utf-8") for path in (WEB / folder).rglob("*.js") if path.stem != file]
    asked = re.findall(r'\bt\("([A-Za-z_-]+)"', "".join(one for one in every if f'/{file}.js"' in one))
    assert set(asked) - codes == set()
    said = "".join(every)
    starts = ("s_", "c_", "e_", "q_", *re.findall(r"`([a-z_]+_)\$\{", said))  # What is put together of two parts.
    ends = tuple(re.findall(r"`\$\{\w+\}(_[a-z]+)`", said))
    silent = {code for code in codes if f'"{code}"' not in said and not code.startswith(starts)}
    silent = {code for code in silent if not code.endswith(ends or ("\0",))}
    assert silent == {"PLANNED", "REASONED"} & silent


@pytest.mark.parametrize("name", ["words.js", "thread_words.js"])
def test_every_sentence_of_the_reporters_page_is_there_in_two_languages_and_is_said_somewhere(name: str) -> None:
    words = (WEB / "report" / name).read_text(encoding="utf-8")
    codes = set(re.findall(r"^  (\w+): \[", words, re.MULTILINE))
    pairs = re.findall(r'^  \w+: \[\s*"[^"]+",\s*"[^"]+",?\s*\]', words, re.MULTILINE)
    assert len(pairs) == len(codes)
    said = "".join(path.read_text(encoding="utf-8") for path in (WEB / "report").glob("*.js") if path.name != name)
    made = set(re.findall(r"`(\w+_)\$\{", said)) | {"photo_"}
    labels = {"MORNING", "MIDDLE", "NIGHT", "ANONYMOUS", "CONTACT", "NAMED", "REPORT", "REFUSAL", "RETALIATION"}
    silent = {code for code in codes - labels if f'"{code}"' not in said and not code.startswith(tuple(made))}
    assert {code for code in silent if not code.endswith("_text")} == set()
