"""The JavaScript package in Chromium: the very file of vectors that Node runs, with a page's stand-ins for Node."""

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.chromium import Browser
from tests.servers import ROOT

# What the file asks of Node: reading a vector, registering a test, and comparing.
STAND_INS = {
    "node:fs": """
        export function readFileSync(url) {
          const request = new XMLHttpRequest();
          request.open("GET", url, false);
          request.send();
          if (request.status !== 200) throw new Error(`${url}: ${request.status}`);
          return request.responseText;
        }""",
    "node:test": """
        export function test(name, step) {
          (globalThis.registered ??= []).push({ name, step });
        }""",
    "node:assert/strict": """
        const plain = (value) => {
          if (value instanceof Uint8Array) return `bytes ${[...value]}`;
          if (value instanceof Map) return [...value].map(plain);
          if (Array.isArray(value)) return value.map(plain);
          if (typeof value === "object" && value !== null) {
            return Object.fromEntries(Object.keys(value).sort().map((name) => [name, plain(value[name])]));
          }
          return typeof value === "bigint" ? `${value}n` : value;
        };
        const written = (value) => JSON.stringify(plain(value)) ?? "undefined";
        const fail = (message) => { throw new Error(`assertion: ${message}`); };
        const must = (error, wanted) => {
          if (wanted === undefined) return;
          const like = (value, pattern) => (pattern instanceof RegExp ? pattern.test(value) : value === pattern);
          const holds = wanted instanceof RegExp ? wanted.test(String(error))
            : typeof wanted === "object" ? Object.entries(wanted).every(([name, value]) => like(error[name], value))
            : wanted.prototype instanceof Error ? error instanceof wanted : wanted(error) === true;
          if (!holds) fail(String(error));
        };
        export default {
          ok: (value, message) => value || fail(message ?? "not true"),
          equal: (left, right, message) => Object.is(left, right) || fail(`${message ?? ""} ${left} is not ${right}`),
          notEqual: (left, right) => !Object.is(left, right) || fail(`${left} is ${right}`),
          deepEqual: (left, right, message) =>
            written(left) === written(right) || fail(`${message ?? ""} ${written(left)} is not ${written(right)}`),
          throws(step, wanted) {
            try { step(); } catch (error) { return must(error, wanted); }
            return fail("nothing was thrown");
          },
          async rejects(promised, wanted) {
            try {
              await (typeof promised === "function" ? promised() : promised);
            } catch (error) {
              return must(error, wanted);
            }
            return fail("nothing was thrown");
          },
        };""",
}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """The repository's files, and one page with the stand-ins."""

    def do_GET(self) -> None:
        if self.path != "/page":
            super().do_GET()
            return
        # An address of kind `data:` would be another origin, from which no worker and no request works.
        imports = {name: f"data:text/javascript,{_quoted(text)}" for name, text in STAND_INS.items()}
        body = f'<script type="importmap">{json.dumps({"imports": imports})}</script>'.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def _quoted(text: str) -> str:
    return quote(text)


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """The repository over HTTP on loopback, which browsers trust as they trust HTTPS."""
    _Quiet.extensions_map = {**_Quiet.extensions_map, ".mjs": "text/javascript", ".js": "text/javascript"}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(("name", "least"), [("vectors", 41), ("reports", 16)])
async def test_every_vector_is_what_chromium_finds(chromium: Browser, files: str, name: str, least: int) -> None:
    assert (Path(ROOT) / f"tests/api/web/{name}.test.mjs").exists()
    page = await chromium.page()
    await page.go(f"{files}/page")
    told = await page.run(
        f"""(async () => {{ await import("/tests/api/web/{name}.test.mjs");"""
        """
          const failed = [];
          for (const { name, step } of globalThis.registered) {
            try { await step(); } catch (error) { failed.push(`${name}: ${error.message}`); }
          }
          return JSON.stringify({ count: globalThis.registered.length, failed });
        })()"""
    )
    await page.close()
    found = json.loads(told)
    assert found["failed"] == []
    assert found["count"] >= least


async def test_plain_arithmetic_agrees_with_chromium_s_own(chromium: Browser, files: str) -> None:
    page = await chromium.page()
    await page.go(f"{files}/page")
    told = await page.run(
        """(async () => {
          const pithead = await import("/api/web/pithead.js");
          const wrong = [];
          for (const algorithm of pithead.ALGORITHMS) {
            const signer = await pithead.signerOf(await pithead.makeKeyPair(algorithm));
            for (let round = 0; round < 5; round += 1) {
              const message = pithead.randomBytes(10 * round);
              const signature = await signer.sign(message);
              if (!pithead.plainVerifier.verify(algorithm, signer.publicKey, message, signature)) wrong.push(algorithm);
              signature[round] ^= 4;
              if (pithead.plainVerifier.verify(algorithm, signer.publicKey, message, signature)) wrong.push(algorithm);
            }
          }
          return wrong.join();
        })()"""
    )
    await page.close()
    assert told == ""
