"""Headless Chromium over its debugging pipe: two descriptors and JSON, so that no port and no package is needed."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--remote-debugging-pipe",
    "--lang=zh-CN",
)  # fmt: skip
OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
ONLINE = {**OFFLINE, "offline": False}


# The program reads descriptor 3 and writes descriptor 4: copies that lie higher are in nobody's way.
_PUT_PIPES = """
import fcntl, os, sys
copies = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
for copy, wanted in zip(copies, (3, 4)):
    os.dup2(copy, wanted)
os.execv(sys.argv[3], sys.argv[3:])
"""


class PageFault(AssertionError):
    """What was run in the page threw; the text is its own."""


def program() -> str:
    """The machine's Chromium."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    assert found is not None, "the browser tests need Chromium: apt-get install chromium"
    return found


@dataclass(slots=True)
class Browser:
    """One running Chromium."""

    process: asyncio.subprocess.Process
    _writer: int
    _reader: asyncio.StreamReader
    _answers: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _hearing: dict[tuple[str, str], list[Callable[[dict[str, Any]], None]]] = field(default_factory=dict)
    under_way: set["asyncio.Future[Any]"] = field(default_factory=set)
    _count: int = 0

    async def send(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """The result of one command; PageFault with what Chromium says of a wrong one."""
        self._count += 1
        number = self._count
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        told = await asyncio.wait_for(answer, 60)
        if "error" in told:
            raise PageFault(f"{method}: {told['error']}")
        result: dict[str, Any] = told["result"]
        return result

    def hear(self, event: str, session: str, listener: Callable[[dict[str, Any]], None]) -> None:
        """Calls the listener for each event of this kind."""
        self._hearing.setdefault((event, session), []).append(listener)

    async def listen(self) -> None:
        """Reads until Chromium ends."""
        while True:
            try:
                line = await self._reader.readuntil(b"\0")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            told = json.loads(line[:-1])
            if "id" in told:
                if not (answer := self._answers.pop(told["id"])).done():
                    answer.set_result(told)
            else:
                for listener in self._hearing.get((told["method"], told.get("sessionId", "")), ()):
                    listener(told["params"])

    async def page(self, *, width: int = 360, height: int = 760, dark: bool = False) -> "Page":
        """A new page as a phone shows it, with nothing kept from any other."""
        context = (await self.send("Target.createBrowserContext"))["browserContextId"]
        target = await self.send("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = Page(self, attached["sessionId"], context)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.send(f"{domain}.enable")
        await page.look(width=width, height=height, dark=dark)
        grants = ["videoCapture", "audioCapture", "geolocation"]
        await self.send("Browser.grantPermissions", permissions=grants, browserContextId=context)
        self.hear("Runtime.exceptionThrown", page.session, page.complain)
        self.hear("Log.entryAdded", page.session, page.complain)
        return page


@dataclass(slots=True)
class Page:
    """One tab."""

    browser: Browser
    session: str
    context: str
    complaints: list[str] = field(default_factory=list)

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self.browser.send(method, self.session, **parameters)

    def complain(self, told: dict[str, Any]) -> None:
        """Keeps what the page itself finds wrong: exceptions, and what its policy forbids."""
        self.complaints.append(json.dumps(told, ensure_ascii=False)[:2_000])

    async def look(self, *, width: int, height: int = 760, dark: bool = False) -> None:
        """The size of the screen and its colours."""
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=width < 800
        )
        await self.send("Emulation.setTouchEmulationEnabled", enabled=width < 800)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self.send("Emulation.setEmulatedMedia", features=scheme)

    async def go(self, url: str) -> None:
        """Opens an address, and waits until it is loaded."""
        loaded = asyncio.Event()
        self.browser.hear("Page.loadEventFired", self.session, lambda _: loaded.set())
        told = await self.send("Page.navigate", url=url)
        assert "errorText" not in told, told
        await asyncio.wait_for(loaded.wait(), 30)

    async def reload(self) -> None:
        """As if the phone had killed the page and its owner opened it again."""
        loaded = asyncio.Event()
        self.browser.hear("Page.loadEventFired", self.session, lambda _: loaded.set())
        await self.send("Page.reload")
        await asyncio.wait_for(loaded.wait(), 30)

    async def run(self, script: str) -> Any:
        """The value of an expression in the page, awaited."""
        told = await self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise PageFault(json.dumps(told["exceptionDetails"], ensure_ascii=False)[:2_000])
        return told["result"].get("value")

    async def until(self, script: str, *, seconds: float = 30.0) -> None:
        """Waits until an expression is true, and fails with what the page shows."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while loop.time() < deadline:
            with contextlib.suppress(PageFault):  # The page may be between two documents.
                if await self.run(f"(async () => Boolean(await ({script})))()"):
                    return
            await asyncio.sleep(0.05)
        text = await self.run("document.body.innerText")
        raise AssertionError(f"waited {seconds} s for {script}; the page shows:\n{text}\n{self.complaints}")

    async def tap(self, selector: str) -> None:
        """Presses the first element that matches, once it can be pressed."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.until(f"{found} && !{found}.disabled")
        await self.run(f"{found}.click()")

    async def press(self, selector: str) -> None:
        """The same with a finger: the page may then do what browsers allow only to whoever was touched."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.until(f"{found} && !{found}.disabled")
        await self.run(f"{found}.scrollIntoView()")
        box = await self.run(
            f"(() => {{ const b = {found}.getBoundingClientRect(); return [b.x, b.y, b.width, b.height] }})()"
        )
        x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def write(self, selector: str, text: str) -> None:
        """Fills in a field."""
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.run(
            f"(() => {{ const field = document.querySelector({json.dumps(selector)}); field.value = {json.dumps(text)};"
            " field.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )

    async def choose_file(self, selector: str, *files: Path) -> None:
        """Hands files to an input, as a person chooses them."""
        node = await self.send("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        await self.send(
            "DOM.setFileInputFiles", files=[str(file) for file in files], objectId=node["result"]["objectId"]
        )

    async def cut_the_network(self, *, cut: bool = True) -> None:
        """As underground."""
        await self.send("Network.emulateNetworkConditions", **(OFFLINE if cut else ONLINE))

    async def meddle(self, headers_for: Callable[[str], dict[str, str]]) -> None:
        """Adds headers to calls of the API by what they ask: `headers_for` is given the body."""

        def paused(told: dict[str, Any]) -> None:
            request = told["request"]
            more = headers_for(request.get("postData", ""))
            headers = [{"name": name, "value": value} for name, value in {**request["headers"], **more}.items()]
            going = self.send("Fetch.continueRequest", requestId=told["requestId"], headers=headers)
            task = asyncio.ensure_future(going)
            self.browser.under_way.add(task)
            task.add_done_callback(self.browser.under_way.discard)

        self.browser.hear("Fetch.requestPaused", self.session, paused)
        await self.send("Fetch.enable", patterns=[{"urlPattern": "*/graphql"}])

    async def slow_down(self, bytes_a_second: int) -> None:
        """A thin line upwards; 0 for as fast as it is."""
        await self.send("Network.emulateNetworkConditions", **{**ONLINE, "uploadThroughput": bytes_a_second or -1})

    async def picture(self, file: Path, *, whole: bool = False) -> None:
        """What the page shows, as a PNG."""
        told = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        await asyncio.to_thread(file.write_bytes, base64.b64decode(told["data"]))

    async def close(self) -> None:
        await self.browser.send("Target.disposeBrowserContext", browserContextId=self.context)


@asynccontextmanager
async def running_chromium(folder: Path, *flags: str) -> AsyncIterator[Browser]:
    """Chromium with a fresh profile in this folder; it ends with the block."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    arguments = [
        sys.executable,
        "-c",
        _PUT_PIPES,
        str(theirs_in),
        str(theirs_out),
        program(),
        *FLAGS,
        *flags,
        f"--user-data-dir={folder}",
        "about:blank",
    ]
    log = (folder.parent / "chromium.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        *arguments, pass_fds=(theirs_in, theirs_out), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs_in)
    os.close(theirs_out)
    reader = asyncio.StreamReader(limit=256 * 2**20)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours_in, "rb")
    )
    browser = Browser(process, ours_out, reader)
    listening = asyncio.create_task(browser.listen())
    try:
        yield browser
    finally:
        await _end(browser, listening)
        transport.close()
        os.close(ours_out)
        log.close()


async def _end(browser: Browser, listening: "asyncio.Task[None]") -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(browser.send("Browser.close"), 10)
    waiting: Awaitable[Any] = browser.process.wait()
    try:
        await asyncio.wait_for(waiting, 10)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(browser.process.pid, signal.SIGKILL)
        await browser.process.wait()
    await asyncio.wait_for(listening, 10)
