"""`pithead demo case` against a whole service: every act done, what waits said with its articles, the pack verified."""

import asyncio
import re
import tempfile
from pathlib import Path

from api.demo.case import DONE, main_case
from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.journeys.case_course import Days
from tests.journeys.running import running_service
from tests.servers import Servers


async def test_the_demo_ends_in_a_pack_and_says_what_waits(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    days = Days(2026, 3, 2, 9, 0)
    with tempfile.TemporaryDirectory(prefix="pithead-demo-") as folder:
        async with running_service(servers, template, Path(folder), clock=days) as service:
            for turn in ("first", "second"):  # Whoever liked it plays it again.
                said: list[str] = []
                code = await asyncio.to_thread(
                    main_case, url=service.url, folder=tmp_path / "phones", into=tmp_path / turn, password=PASSWORD,
                    say=said.append, clock=days,
                )  # fmt: skip
                assert code == DONE, said
                acts = [line for line in said if line.startswith("#")]
                places = [int(line[1:].split()[0]) for line in acts]
                assert places == sorted(set(places))
                assert len(acts) == 26
                assert all(re.search(r"（.*(条|三（).*）", line) for line in acts), acts
                assert "2026-03-12" in acts[-1], "the first day behind seven whole working days"
                waiting = [line for line in said if line.startswith(("尚缺", "试作决定", "期限"))]
                assert any("听证" in line and "条" in line for line in waiting)
                assert said[-1].startswith("VERIFIED")
                assert "; 1 not checked, the first: " in said[-1], "the case goes on, and the pack says so"
                assert "not archived" in said[-1]
                page = (tmp_path / turn / "contents.html").read_text(encoding="utf-8")
                assert page.count("HEARING_NOTIFIED") == 1
                assert str(tmp_path / turn) in said[-2]
                assert verify_path(tmp_path / turn, tmp_path / "phones" / "server-keys.json").status is Status.VERIFIED
