"""What the database says of itself: roles, guards, migrations, clock, durability, how long the queue waits."""

from collections.abc import Mapping
from datetime import UTC, datetime

from api.doctor.findings import Look
from storage.casework.cases import sweeping
from storage.field.evidence import inventory
from storage.field.keeping import queries as keeping
from storage.migrations import run as migrations
from storage.record import fitness, heartbeats
from storage.record.actor import keeper
from storage.record.database import Database

CLOCKS_APART = 2.0
LONGEST_QUEUE = 10_000
LONGEST_SILENCE = 300.0


async def roles(databases: Mapping[str, Database]) -> Look:
    """Whether API and workers come as roles that have only what they were granted, and whether the guards stand."""
    look = Look("rights")
    for name, database in databases.items():
        for fault in await fitness.role_faults(database):
            look.find(
                f"the role of the {name} {fault}",
                why="row security, grants and guards do not hold for such a role: one bug could change the record",
                do=f"give the {name} a role of its own: LOGIN NOSUPERUSER NOBYPASSRLS, owner of nothing",
            )
    any_database = next(iter(databases.values()))
    for table in await fitness.open_tables(any_database):
        look.find(
            f"row security of the table {table} is off, or does not hold for its owner",
            why="people could see rows beyond their reach",
            do=f"as owner: ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ask who did it",
        )
    for table, guard in await fitness.sleeping_guards(any_database):
        look.find(
            f"the guard {guard} of the table {table} is gone or switched off",
            why="what must never change could have been changed since; only the tables' owner can have done this",
            do=f"as owner: ALTER TABLE {table} ENABLE TRIGGER {guard}; then look at what `record` below says",
        )
    look.seen = f"{', '.join(databases)}: plain roles; {len(fitness.GUARDS)} guards stand"
    return look


async def migrations_at_head(database: Database) -> Look:
    """Whether the database stands at the newest step of this program."""
    look, newest = Look("migrations"), migrations.newest_step()
    step = await fitness.step_of(database)
    look.seen = f"at step {step}"
    if step != newest:
        look.find(
            "the database has no tables"
            if step is None
            else f"the database is at step {step}, this program at {newest}",
            why="program and tables do not fit each other",
            do="pithead migrate with PITHEAD_DATABASE_OWNER_URL, by the newest program that any process here runs",
        )
    return look


async def clocks(database: Database, store_says: datetime | None, *, asked_at: datetime) -> Look:
    """How far the clocks of database and store are from this machine's."""
    look = Look("clocks")
    async with database.reading(keeper()) as sql:
        database_says = await sql.fetchval("SELECT clock_timestamp()")
    apart = {"database": (database_says - datetime.now(UTC)).total_seconds()}
    if store_says is not None:
        # HTTP tells whole seconds: half of one is the least that can be said wrong.
        apart["store"] = (store_says - asked_at).total_seconds() + 0.5
    look.seen = ", ".join(f"{name} {seconds:+.2f} s" for name, seconds in apart.items()) + " from ours"
    for name, seconds in apart.items():
        if abs(seconds) > CLOCKS_APART:
            look.find(
                f"the clock of the {name} is {seconds:+.1f} s from ours",
                why="entries would tell two times, and the store refuses signed requests that seem old",
                do="let the same time service (NTP) set all machines",
            )
    return look


async def durability(database: Database) -> Look:
    """Whether what PostgreSQL acknowledges survives a power failure."""
    look = Look("durability")
    for fault in await fitness.durability_faults(database):
        look.find(
            f"PostgreSQL runs with {fault}",
            why="an act that was acknowledged may be gone after a power failure",
            do="take the setting out of postgresql.conf (ALTER SYSTEM RESET …) and restart PostgreSQL",
        )
    look.seen = "PostgreSQL writes through what it acknowledges"
    return look


async def work_waiting(database: Database) -> Look:
    """What waits too long: the queue, sealing, keeping."""
    look = Look("workers")
    async with database.reading(keeper()) as sql:
        queued = await heartbeats.queued(sql)
        stuck = await inventory.stuck_pieces(sql, limit=1_000)
        upkeep = await keeping.upkeep(sql)
        untold = await sweeping.stuck_cases(sql, limit=1_000)
    look.seen = f"{queued} entries wait for their position; {len(stuck)} pieces are stuck"
    if queued > LONGEST_QUEUE:
        look.find(
            f"more than {LONGEST_QUEUE} entries wait for their position",
            why="what was declared is promised to stand in the log within a minute",
            do="see that `pithead worker ledger` runs, and what it logs",
        )
    for piece in stuck:
        look.find(
            f"evidence {piece['id']} could not be sealed in {piece['attempts']} attempts (received"
            f" {piece['received_at']:%Y-%m-%d %H:%M} UTC)",
            why="its phone waits for the receipt and must not delete its copy",
            do="look for its id in the log of `pithead worker sealing`: it says why; it is tried every hour",
        )
    for case in untold:
        look.find(
            f"the clocks of case {case} cannot be derived",
            why="nobody is told that one of them ran out",
            do="look for its id in the log of `pithead worker keeping`: it says why; it is tried every hour",
        )
    if upkeep is not None:
        _keeper(look, upkeep["looked_at"], {name: upkeep[name] for name in keeping.COUNTED})
    return look


def _keeper(look: Look, looked_at: datetime | None, counts: Mapping[str, int]) -> None:
    if looked_at is None:
        look.seen += "; the keeper has not looked yet"
        return
    if (silent := (datetime.now(UTC) - looked_at).total_seconds()) > LONGEST_SILENCE:
        look.find(
            f"the keeper has not looked for {silent / 60:.0f} minutes",
            why="holds and longer terms that were decided do not reach the store",
            do="see that `pithead worker keeping` runs, and what it logs",
        )
    words = {
        "late": ("do not follow what was decided", "the store may let go of what must be kept"),
        "stuck": ("could not be sealed, followed or erased in ten attempts", "what was decided of them is not done"),
        "damaged": ("are damaged in the store", "their bytes are no longer those that were sealed"),
        "facts_stuck": ("could not be described in ten attempts", "what their files say against a claim is not shown"),
    }
    for name, (what, why) in words.items():
        if counts[name]:
            do = "ask `keepings` (column damage) and the log of `pithead worker keeping`; restore bytes from a backup"
            look.find(f"{counts[name]} pieces {what}", why=why, do=do)
