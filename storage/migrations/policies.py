"""The words in which migrations say who may see and change which rows; used by migrations only."""

REACH = "(SELECT current_setting('pithead.reach', true))"
ACTOR = "(SELECT nullif(current_setting('pithead.actor', true), '')::uuid)"
DOOR = f"{REACH} = 'door'"


def listed(name: str, kind: str) -> str:
    """A setting as an array; read once a statement, not once a row."""
    return f"(SELECT string_to_array(current_setting('pithead.{name}', true), ',')::{kind}[])::{kind}[]"


def within_reach(county: str = "county", office: str = "office", mine: str = "mine_id") -> str:
    """The row's division, office or mine is one that the actor reaches (actor.Reach.covers says the same)."""
    return (
        f"({REACH} = 'all' OR {county}::text = ANY ({listed('counties', 'text')})"
        f" OR {office} = ANY ({listed('offices', 'text')}) OR {mine} = ANY ({listed('mines', 'uuid')}))"
    )


def table(
    name: str,
    *,
    see: str,
    add: str | None = None,
    change: str | None = None,
    changed_columns: str | None = None,
    becomes: str = "true",
    workers: bool = True,
) -> list[str]:
    """Row security and grants of one table for the API's role; the workers' role sees every row, its grants come apart.

    `change` says which rows may be changed, and holds of them afterwards too; `becomes` what must hold besides:
    with "false" a row is locked and never changed. `workers` is False where no worker has any business.
    """
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY see ON {name} FOR SELECT TO pithead_api USING ({see})",
        f"GRANT SELECT ON {name} TO pithead_api",
    ]
    if workers:
        statements += [
            f"CREATE POLICY worker ON {name} TO pithead_worker USING (true) WITH CHECK (true)",
            f"GRANT SELECT ON {name} TO pithead_worker",
        ]
    if add is not None:
        statements += [
            f"CREATE POLICY add ON {name} FOR INSERT TO pithead_api WITH CHECK ({add})",
            f"GRANT INSERT ON {name} TO pithead_api",
        ]
    if change is not None:
        columns = f" ({changed_columns})" if changed_columns else ""
        statements += [
            f"CREATE POLICY change ON {name} FOR UPDATE TO pithead_api USING ({change})"
            f" WITH CHECK ({change} AND {becomes})",
            f"GRANT UPDATE{columns} ON {name} TO pithead_api",
        ]
    return statements


def never_emptied(name: str) -> str:
    """The trigger that refuses TRUNCATE of one table or partition to every role, its owner's among them."""
    return (
        f"CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
