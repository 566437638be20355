"""A sheet of people from the file to the register, by the command line's own client over HTTP."""

import asyncio
import re
import tempfile
from pathlib import Path

import httpx

from api import sample as load
from api import sample_people
from api.embedded.postgres import DatabaseAddresses
from api.importing import main_import
from api.phone.phone import Person
from api.phone.server import Server
from tests.journeys.running import running_service
from tests.servers import ROOT, Servers

ADMINISTRATOR = Person(sample_people.SYSTEM_LOGIN, sample_people.PASSWORD)


async def test_a_sheet_is_tried_refused_entered_and_unchanged(servers: Servers, template: DatabaseAddresses) -> None:
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as service:
            file, told = Path(folder) / "people.csv", list[str]()

            def run(lines: str, *, dry_run: bool = False, skip_refused: bool = False) -> int:
                file.write_bytes(("姓名,职务,任职日期\r\n" + lines).encode("gb18030"))
                told.clear()
                with httpx.Client(timeout=20) as http:
                    return main_import(
                        server=Server(service.url, http), person=ADMINISTRATOR, file=file,
                        mine=load._credit_code(0), dry_run=dry_run, skip_refused=skip_refused, say=told.append,
                    )  # fmt: skip

            async def persons() -> int:
                return await service.count("SELECT count(*) FROM persons WHERE NOT sample")

            good = "".join(f"人{number},班组长,2024-01-01\r\n" for number in range(700))
            assert await asyncio.to_thread(run, good, dry_run=True) == 0
            assert (await persons(), "700" in told[-1], "dry run" in told[-1]) == (0, True, True)
            assert await asyncio.to_thread(run, good + "丙,门卫,2024-01-01\r\n") == 3
            assert any(line.split()[0] == "702" and "BAD_INPUT" in line for line in told)
            assert await persons() == 500  # The first batch of 500 had no refused row; the second was kept out.
            assert await asyncio.to_thread(run, good + "丙,门卫,2024-01-01\r\n", skip_refused=True) == 3
            assert await persons() == 700
            assert await asyncio.to_thread(run, good) == 0
            assert (await persons(), len(told)) == (700, 1)
            assert await asyncio.to_thread(run, '"') == 1


async def test_the_sheets_that_the_manual_shows_are_entered(servers: Servers, template: DatabaseAddresses) -> None:
    sheets = re.findall(r"```csv\n(.*?)```", (ROOT / "docs" / "import.md").read_text(), re.DOTALL)
    code = re.search(r"--mine (\w+) --dry-run", (ROOT / "docs" / "import.md").read_text())
    assert code is not None
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as service:
            told: list[str] = []

            def run(sheet: str, mine: str | None) -> int:
                file = Path(folder) / "sheet.csv"
                file.write_text(sheet)
                with httpx.Client(timeout=20) as http:
                    return main_import(
                        server=Server(service.url, http), person=ADMINISTRATOR, file=file, mine=mine, dry_run=False,
                        skip_refused=False, say=told.append,
                    )  # fmt: skip

            for sheet, mine in zip(sheets, (None, code.group(1)), strict=True):
                assert await asyncio.to_thread(run, sheet, mine) == 0, told
