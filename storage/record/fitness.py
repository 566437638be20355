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


async def must_be_a_plain_role(database: Database) -> None:
    """RoleUnfit if the role is a superuser, passes row security, owns a table, or may become such a one."""
    async with database.connection() as (_, sql):
        row = await sql.fetchrow(_LOOK)
    faults = {
        "rolsuper": "is a superuser",
        "rolbypassrls": "has BYPASSRLS",
        "owns": "owns tables",
        "may_become": "may become a role that passes row security or owns tables",
    }
    found = [text for column, text in faults.items() if row is None or row[column]]
    if found:
        raise RoleUnfit(f"the database role {' and '.join(found)}: use one that has only the rights it was granted")


async def must_be_migrated(database: Database) -> None:
    """RoleUnfit's neighbour: a database whose tables are not there yet is named as such."""
    async with database.connection() as (_, sql):
        if await sql.fetchval("SELECT to_regclass('public.tree_head')") is None:
            raise RoleUnfit("the database has no tables yet: run `pithead migrate`")
