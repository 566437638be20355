"""Refuses a database role under which the promises of the record would be empty."""

from storage.record.database import Database


class RoleUnfit(RuntimeError):
    """The role could pass the row policies or change the tables; the text says how."""


_LOOK = """
SELECT rolsuper, rolbypassrls,
  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relowner = r.oid) AS owns,
  EXISTS (SELECT FROM pg_roles o WHERE pg_has_role(r.oid, o.oid, 'MEMBER') AND o.oid <> r.oid
          AND (o.rolsuper OR o.rolbypassrls OR EXISTS (
            SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relowner = o.oid))) AS may_become
FROM pg_roles r WHERE rolname = current_user
"""


PUBLIC_TABLES = frozenset(
    {
        "checkpoints",
        "disclosure_editions",
        "disclosure_events",
        "divisions",
        "entries",
        "positions",
        "public_gone",
        "public_head",
        "public_listed",
        "public_pictures",
        "public_requests",
        "public_rows",
        "tiles",
        "tree_head",
    }
)
"""What the role of the public site may read, some of it by columns alone; a test holds this against the migrations."""

_FAULTS = {
    "rolsuper": "is a superuser",
    "rolbypassrls": "has BYPASSRLS",
    "owns": "owns tables",
    "may_become": "may become a role that passes row security or owns tables",
}


async def role_faults(database: Database) -> list[str]:
    """What of the role would make the promises of the record empty; nothing for a plain one."""
    async with database.connection() as (_, sql):
        row = await sql.fetchrow(_LOOK)
    return [text for column, text in _FAULTS.items() if row is None or row[column]]


async def must_be_a_plain_role(database: Database) -> None:
    """RoleUnfit if the role is a superuser, passes row security, owns a table, or may become such a one."""
    found = await role_faults(database)
    if found:
        raise RoleUnfit(f"the database role {' and '.join(found)}: use one that has only the rights it was granted")


async def must_read_what_is_public_alone(database: Database) -> None:
    """RoleUnfit if the role of the public site may read anything of the record behind what was published."""
    async with database.connection() as (_, sql):
        rows = await sql.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND NOT relispartition"
            " AND relkind IN ('r', 'p', 'v', 'm') AND relname <> ALL ($1::text[])"
            " AND has_any_column_privilege(oid, 'SELECT') ORDER BY relname LIMIT 3",
            sorted(PUBLIC_TABLES),
        )
    if rows:
        listed = ", ".join(row[0] for row in rows)
        raise RoleUnfit(f"the database role of the public site may read {listed}: use pithead_public, which may not")


async def must_be_migrated(database: Database) -> None:
    """RoleUnfit's neighbour: a database whose tables are not there yet is named as such."""
    async with database.connection() as (_, sql):
        if await sql.fetchval("SELECT to_regclass('public.tree_head')") is None:
            raise RoleUnfit("the database has no tables yet: run `pithead migrate`")


async def step_of(database: Database) -> str | None:
    """The migration at which the database stands; None without tables."""
    async with database.connection() as (_, sql):
        if await sql.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        step = await sql.fetchval("SELECT version_num FROM alembic_version")
    return None if step is None else str(step)


async def open_tables(database: Database) -> list[str]:
    """Tables whose row security is not on, or not for their owner, too."""
    async with database.connection() as (_, sql):
        rows = await sql.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'alembic_version'"
            " ORDER BY relname"
        )
    return [row[0] for row in rows]


GUARDS = frozenset(
    {
        ("alerts", "filled_once"),
        ("answer_examinations", "never_changed"),
        ("answer_examinations", "never_emptied"),
        ("answers", "never_changed"),
        ("answers", "never_emptied"),
        ("assignments", "filled_once"),
        ("blacklist_removals", "filled_once"),
        ("blacklistings", "filled_once"),
        ("breach_consequences", "filled_once"),
        ("breaches", "filled_once"),
        ("broken_promises", "never_changed"),
        ("broken_promises", "never_emptied"),
        ("case_fines", "filled_once"),
        ("case_parties", "never_changed"),
        ("case_parties", "never_emptied"),
        ("case_pieces", "never_changed"),
        ("case_pieces", "never_emptied"),
        ("case_served", "never_changed"),
        ("case_served", "never_emptied"),
        ("case_steps", "never_changed"),
        ("case_steps", "never_emptied"),
        ("chains", "only_grows"),
        ("clause_answers", "never_changed"),
        ("clause_answers", "never_emptied"),
        ("climbs", "filled_once"),
        ("closings", "never_emptied"),
        ("closings", "signed_once"),
        ("commitment_previews", "never_changed"),
        ("commitment_previews", "never_emptied"),
        ("commitment_clauses", "never_changed"),
        ("commitment_clauses", "never_emptied"),
        ("commitment_endings", "never_changed"),
        ("commitment_endings", "never_emptied"),
        ("commitment_seals", "never_changed"),
        ("commitment_seals", "never_emptied"),
        ("commitment_stamps", "never_changed"),
        ("commitment_stamps", "never_emptied"),
        ("commitments", "laid_out"),
        ("commitments", "never_changed"),
        ("commitments", "never_emptied"),
        ("passkey_challenges", "never_changed"),
        ("passkey_challenges", "never_emptied"),
        ("signing_agreements", "never_changed"),
        ("signing_agreements", "never_emptied"),
        ("signing_key_checks", "never_changed"),
        ("signing_key_checks", "never_emptied"),
        ("signing_key_endings", "never_changed"),
        ("signing_key_endings", "never_emptied"),
        ("signing_keys", "never_changed"),
        ("signing_keys", "never_emptied"),
        ("signing_reminders", "never_changed"),
        ("signing_reminders", "never_emptied"),
        ("deliveries", "never_changed"),
        ("deliveries", "never_emptied"),
        ("credit_repairs", "filled_once"),
        ("delivery_months", "never_changed"),
        ("delivery_months", "never_emptied"),
        ("disclosure_editions", "never_emptied"),
        ("disclosure_editions", "stands"),
        ("disclosure_events", "never_changed"),
        ("disclosure_events", "never_emptied"),
        ("disclosure_withheld", "never_changed"),
        ("disclosure_withheld", "never_emptied"),
        ("disclosures", "never_emptied"),
        ("drills", "never_changed"),
        ("drills", "never_emptied"),
        ("duty_absences", "filled_once"),
        ("duty_handovers", "filled_once"),
        ("entries", "never_changed"),
        ("entries", "never_emptied"),
        ("entries", "queued"),
        ("evidence", "moves_forward"),
        ("evidence_uploads", "ends_once"),
        ("exam_consequences", "filled_once"),
        ("exam_questions", "filled_once"),
        ("exam_seats", "filled_once"),
        ("exposure_objects", "filled_once"),
        ("exposure_objects", "never_emptied"),
        ("exposure_pictures", "never_changed"),
        ("exposure_pictures", "never_emptied"),
        ("exposures", "filled_once"),
        ("exposures", "never_emptied"),
        ("public_rows", "line"),
        ("finding_confirmations", "filled_once"),
        ("finding_defects", "filled_once"),
        ("incidents", "filled_once"),
        ("figures", "never_changed"),
        ("figures", "never_emptied"),
        ("joint_sanctions", "filled_once"),
        ("keepings", "only_grows"),
        ("lists", "filled_once"),
        ("lists", "never_emptied"),
        ("conduct_complainants", "never_changed"),
        ("conduct_complainants", "never_emptied"),
        ("conduct_matters", "opened_once"),
        ("conduct_steps", "never_changed"),
        ("conduct_steps", "never_emptied"),
        ("measure_findings", "never_changed"),
        ("measure_findings", "never_emptied"),
        ("measure_steps", "never_changed"),
        ("measure_steps", "never_emptied"),
        ("measures", "filled_once"),
        ("paper_refusals", "never_changed"),
        ("paper_refusals", "never_emptied"),
        ("paper_series", "has_no_gap"),
        ("paper_series", "never_emptied"),
        ("paper_signatures", "never_changed"),
        ("paper_signatures", "never_emptied"),
        ("own_clauses", "filled_once"),
        ("papers", "issued_once"),
        ("papers", "never_emptied"),
        ("persons", "filled_once"),
        ("positions", "never_changed"),
        ("positions", "never_emptied"),
        ("posts", "filled_once"),
        ("provisions", "filled_once"),
        ("qualifications", "filled_once"),
        ("recordings", "closes_once"),
        ("role_grants", "hands_stay_apart"),
        ("scheme_items", "filled_once"),
        ("sends", "never_emptied"),
        ("schemes", "filled_once"),
        ("shifts", "filled_once"),
        ("statements", "never_changed"),
        ("statements", "never_emptied"),
        ("takeovers", "never_changed"),
        ("takeovers", "never_emptied"),
        ("templates", "filled_once"),
        ("workplaces", "filled_once"),
        ("check_tasks", "never_changed"),
        ("check_tasks", "never_emptied"),
        ("identity_requests", "filled_once"),
        ("later_checks", "never_changed"),
        ("later_checks", "never_emptied"),
        ("refusal_filings", "filled_once"),
        ("refusal_steps", "never_changed"),
        ("refusal_steps", "never_emptied"),
        ("refusals", "filled_once"),
        ("report_key_boxes", "never_changed"),
        ("report_key_boxes", "never_emptied"),
        ("report_key_recoveries", "never_changed"),
        ("report_key_recoveries", "never_emptied"),
        ("report_key_shares", "never_changed"),
        ("report_key_shares", "never_emptied"),
        ("report_keys", "filled_once"),
        ("report_steps", "never_changed"),
        ("report_steps", "never_emptied"),
        ("request_steps", "never_changed"),
        ("request_steps", "never_emptied"),
        ("requests", "never_emptied"),
        ("requests", "stands"),
        ("retaliation_steps", "never_changed"),
        ("retaliation_steps", "never_emptied"),
        ("rewards", "filled_once"),
    }
)
"""The triggers, by table, that refuse what no role may do; a test holds this list against the migrations."""


async def sleeping_guards(database: Database) -> list[tuple[str, str]]:
    """Guards that are gone or switched off: only the owner of the tables, or a superuser, can have done that."""
    async with database.connection() as (_, sql):
        rows = await sql.fetch(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND NOT t.tgisinternal"
            " AND t.tgenabled IN ('O', 'A')"
        )
    return sorted(GUARDS - {(row[0], row[1]) for row in rows})


async def durability_faults(database: Database) -> list[str]:
    """Settings of the server under which an acknowledged act may be lost with the power."""
    async with database.connection() as (_, sql):
        rows = await sql.fetch(
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')"
            " AND setting = 'off' ORDER BY name"
        )
    return [f"{row[0]} = {row[1]}" for row in rows]
