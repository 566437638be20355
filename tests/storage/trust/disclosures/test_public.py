"""Tests of what the public's role reads: pages, search, streams, proofs; and that it reads nothing else."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import Actor, Reach, stranger
from storage.record.database import Database
from storage.record.fitness import PUBLIC_TABLES, RoleUnfit, must_read_what_is_public_alone
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.disclosures import verify_bundle
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.problems import BadInput
from storage.trust.disclosures import operations, public
from storage.trust.disclosures.grams import STRETCH, grams_of, searched_of, tagged
from storage.trust.disclosures.public import Sought
from storage.trust.disclosures.rules import WithdrawalGround
from storage.trust.disclosures.tables import DisclosureKind
from tests.counting import statements_of
from tests.factories.disclosures import served
from tests.servers import DatabaseAddresses
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site

WITHDRAWN: dict[str, Any] = {"ground": WithdrawalGround.PUBLISHED_IN_ERROR, "reason": "重复公示"}


async def asked(database: Database, question: Any, *arguments: Any, **given: Any) -> Any:
    async with database.reading(stranger()) as sql:
        return await question(sql, *arguments, **given)


async def lay(site: Site, seq: int, **changes: Any) -> UUID:
    """A row as a publication would leave it."""
    texts = changes.pop("texts", ("乙煤矿", "瓦斯超限作业"))
    searched = searched_of(texts)
    usual: dict[str, Any] = {
        "id": uuid4(), "seq": seq, "kind": "PENALTY", "disputed": False, "edition": 1, "city": "5202",
        "county": PANZHOU, "agency": "贵州局", "mine_id": site.mine, "mine": "乙煤矿", "party": "乙煤矿",
        "credit_code": "C", "number": "1号", "title": "乙煤矿：瓦斯超限作业", "day": NOW.date(), "year": 2026,
        "amount": seq * 100, "published_at": NOW, "changed_at": NOW, "late": False, "content": b"{}",
        "digest": bytes(32), "searched": searched, "grams": tagged(grams_of(searched), seq),
    }  # fmt: skip
    await site.put("public_rows", **(usual | changes))
    found: UUID = (usual | changes)["id"]
    return found


async def seqs(database: Database, **sought: Any) -> list[int]:
    return [one.seq for one in await asked(database, public.search, Sought(**sought), limit=100)]


async def test_the_publics_role_reads_what_is_public_and_no_other_table_or_column(
    site: Site, database: DatabaseAddresses
) -> None:
    made = await served(site)
    await made.publish()
    sql = await asyncpg.connect(database.public)
    tables = await site.rows.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    )
    for name in {row["relname"] for row in tables} - PUBLIC_TABLES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.fetch(f"SELECT * FROM {name} LIMIT 1")
    for name, column in (("disclosure_editions", "worded"), ("disclosure_editions", "made_by"), ("entries", "kind")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.fetch(f"SELECT {column} FROM {name} LIMIT 1")
    for name in PUBLIC_TABLES:
        for act in (f"DELETE FROM {name}", f"INSERT INTO {name} DEFAULT VALUES", f"TRUNCATE {name}"):
            with pytest.raises(asyncpg.PostgresError):
                await sql.execute(act)
    with pytest.raises(asyncpg.PostgresError):
        await sql.execute("CREATE TABLE mine (x int)")
    await sql.close()


async def test_a_role_that_may_read_more_is_unfit_for_the_public_site(
    site: Site, public_database: Database, workers: Database
) -> None:
    await must_read_what_is_public_alone(public_database)
    for wide in (site.database, workers):
        with pytest.raises(RoleUnfit, match="accounts"):
            await must_read_what_is_public_alone(wide)


async def test_whoever_acts_under_the_publics_role_sees_no_more_by_what_he_says_he_is(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, **WITHDRAWN)
    everything = Actor(uuid4(), None, None, (), Reach(everything=True))
    async with public_database.reading(everything) as sql:
        assert await sql.fetchval("SELECT count(content) FROM disclosure_editions") == 0
        assert await sql.fetchval("SELECT count(*) FROM public_rows") == 0


async def test_a_private_id_answers_as_one_that_was_never_given_out(site: Site, public_database: Database) -> None:
    made = await served(site)
    row = await made.publish()
    private = (made.decision, made.desk.id, site.mine, made.officer.account_id, made.desk.check.id)
    heard = statements_of(public_database)
    answers = [await asked(public_database, public.page_of, id) for id in (*private, uuid4())]
    assert answers == [None] * len(answers)
    entry = await site.rows.fetchval("SELECT entry_id FROM disclosure_events")
    assert await asked(public_database, public.page_of, entry) is None
    assert await asked(public_database, public.page_of, row.id) is not None
    assert len({text for text in heard if "public_rows" in text}) == 1, "one statement, whatever stands there"
    assert len([text for text in heard if "public_rows" in text]) == len(private) + 3


async def test_a_page_with_its_proof_takes_two_statements_and_verifies_offline(
    site: Site, public_database: Database, workers: Database, keys: KeyFolder, objects: Objects
) -> None:
    made, heard = await served(site), statements_of(public_database)
    row = await made.publish()
    page = await asked(public_database, public.page_of, row.id)
    assert await asked(public_database, public.proof_of, page) is None  # Nothing was shown yet.
    while await sequencer.sequence(workers):
        pass
    now = datetime.now(UTC)  # The store's own clock must not be past what is locked.
    await checkpoints.show_head(workers, objects, keys, now=now, keep_until=now + timedelta(minutes=1))
    async with public_database.reading(stranger()) as sql:
        heard.clear()
        page = await public.page_of(sql, row.id)
        assert page is not None
        proof = await public.proof_of(sql, page)
    assert len([text for text in heard if "FROM" in text and "typeinfo" not in text and "jit" not in text]) == 2
    assert proof is not None
    document = keys.public()
    bundle = public.bundle_of(page, proof, document)
    assert bundle is not None
    verdict = verify_bundle(bundle, document)
    assert (verdict.status, verdict.complete) == (Status.VERIFIED, True), verdict.summary
    assert json.loads(json.loads(bundle)["copy"])["party"]["name"] == "甲煤矿"
    await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, **WITHDRAWN)
    gone = await asked(public_database, public.page_of, row.id)
    assert await asked(public_database, public.proof_of, gone) is None  # Its last entry is not under it yet.
    assert public.bundle_of(gone, proof, document) is None


@pytest.mark.parametrize(
    ("query", "found"),
    [("瓦", [3, 1]), ("瓦斯", [3, 1]), ("瓦斯超限", [3, 1]), ("顶板 丙煤矿", [2]), ("丙煤矿", [2]),
     ("斯瓦", []), ("", [3, 2, 1]),
     ("%", []), ("'; DROP TABLE public_rows; --", []), ("\x00", []), ("1", []), ("煤矿", [3, 2, 1])],
)  # fmt: skip
async def test_search_finds_chinese_words_of_any_length_newest_first(
    site: Site, public_database: Database, query: str, found: list[int]
) -> None:
    await lay(site, 1)
    await lay(site, 2, texts=("丙煤矿", "顶板支护不足"), kind="RESULT")
    await lay(site, 3)
    heard = statements_of(public_database)
    assert await seqs(public_database, words=query) == found
    assert len([one for one in heard if "public_rows" in one]) <= 1


async def test_search_is_narrowed_by_each_of_its_filters(site: Site, public_database: Database) -> None:
    await lay(site, 1)
    await lay(site, 2, kind="RESULT", county=ZHONGSHAN, city="5202", year=2025, credit_code="D", mine_id=uuid4())
    for narrowed, found in (
        ({"kind": DisclosureKind.RESULT}, [2]), ({"region": PANZHOU}, [1]), ({"region": "5202"}, [2, 1]),
        ({"region": "52"}, [2, 1]), ({"region": "53"}, []), ({"year": 2025}, [2]), ({"credit_code": "C"}, [1]),
        ({"mine_id": site.mine}, [1]), ({"least": 150}, [2]), ({"most": 150}, [1]), ({"least": 100, "most": 100}, [1]),
        ({"words": "瓦斯", "year": 2026}, [1]), ({"words": "瓦斯", "kind": DisclosureKind.RESULT}, [2]),
        ({"words": "瓦斯", "mine_id": site.mine}, [1]), ({"words": "顶板", "credit_code": "C"}, []),
        ({"words": "煤矿", "region": "5202", "least": 150}, [2]), ({"words": "煤矿", "most": 50}, []),
    ):  # fmt: skip
        assert await seqs(public_database, **narrowed) == found, narrowed
    with pytest.raises(BadInput):
        await asked(public_database, public.search, Sought(), limit=1_000)


async def test_pages_of_a_search_go_on_behind_each_other(site: Site, public_database: Database) -> None:
    for seq in range(1, 8):
        await lay(site, seq)
    seen: list[int] = []
    before = None
    while rows := await asked(public_database, public.search, Sought(words="瓦斯"), limit=3, before=before):
        seen += [one.seq for one in rows]
        before = rows[-1].seq
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_streams_go_on_by_their_place_in_one_statement_a_chunk(site: Site, public_database: Database) -> None:
    for seq in range(1, 8):
        await lay(site, seq)
    heard = statements_of(public_database)
    seen, after, chunks = [], 0, 0
    while rows := await asked(public_database, public.chunk, after=after, limit=3):
        seen += [one.seq for one in rows]
        after, chunks = rows[-1].seq, chunks + 1
    assert (seen, chunks) == ([1, 2, 3, 4, 5, 6, 7], 3)
    assert len([one for one in heard if "public_rows" in one]) == chunks + 1


async def test_what_is_withdrawn_while_it_is_read_is_missing_from_the_next_chunk_and_among_the_deletions(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    async with public_database.reading(stranger()) as sql:
        first = await public.chunk(sql, after=0)
        await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, **WITHDRAWN)
    assert [one.id for one in first] == [row.id]
    assert await asked(public_database, public.chunk, after=0) == []
    (gone,) = await asked(public_database, public.gone_after, after=first[-1].seq)
    assert (gone.id, gone.seq, gone.gone_as) == (row.id, 2, "WITHDRAWN")
    assert await asked(public_database, public.head_of) == 2
    assert [one.id for one in await asked(public_database, public.newest_gone, limit=5)] == [row.id]


async def test_places_in_the_stream_are_seen_in_their_order_whoever_commits_first(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    first = await made.publish()
    acts = [made.acts(operations.withdraw_disclosure, disclosure_id=first.id, **WITHDRAWN) for _ in range(3)]
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["DisclosureRow", "NotShown", "NotShown"]
    events = await site.rows.fetch("SELECT seq FROM disclosure_events ORDER BY seq")
    assert [row["seq"] for row in events] == [1, 2]


async def test_what_is_shown_is_counted_by_its_kind(site: Site, public_database: Database) -> None:
    for seq in range(1, 5):
        await lay(site, seq, kind="PENALTY" if seq % 2 else "RESULT")
    assert [one["many"] for one in await asked(public_database, public.counts)] == [2, 2]


async def test_what_is_rare_is_found_in_every_stretch_of_the_stream_newest_first(
    site: Site, public_database: Database
) -> None:
    ends = [1, (1 << STRETCH) - 1, 1 << STRETCH, (3 << STRETCH) + 5]
    for seq in ends:
        await lay(site, seq, texts=("丁煤矿", "透水"))
    for seq in range(4 << STRETCH, (4 << STRETCH) + 30):
        await lay(site, seq)
    assert await seqs(public_database, words="透水") == ends[::-1]
    assert await seqs(public_database, words="煤矿") == sorted([*range(4 << STRETCH, (4 << STRETCH) + 30), *ends])[::-1]
    behind = await asked(public_database, public.search, Sought(words="透水"), limit=2, before=ends[2])
    assert [one.seq for one in behind] == [ends[1], ends[0]]
    newest = await asked(public_database, public.search, Sought(words="透水"), limit=1)
    assert [one.seq for one in newest] == [ends[3]]
