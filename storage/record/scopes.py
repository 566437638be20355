"""Writes the one statement by which a list is read within an actor's reach; pure text, nothing is run here.

A plain index on time fails under row security: whoever sees 1 % of the rows, all old, makes the database walk through
all the newer ones. So each division, office and mine of the reach is read by itself along an index that begins with
it, no further than a page, and the pages are merged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.record.actor import Reach

LARGEST_LIMIT = 5_001
"""The longest list that anyone reads at once (5,000 of `changes`), and the one row that tells whether more follow."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A table that is read as a list, sorted by `key` and then `id`, both upward or both downward.

    Each of `county`, `office`, `mine` must lead an index (column, key, id); an index (key, id) serves whoever sees
    everything. `columns` holds what comes back, `key` and `id` among it.
    """

    table: str
    columns: tuple[str, ...]
    key: str
    downward: bool = True
    county: str = "county"
    office: str = "office"
    mine: str = "mine_id"

    def kind(self, column: str) -> str:
        """The SQL type of a scope column."""
        if column not in (self.county, self.office, self.mine):
            raise ValueError(f"no index of {self.table} is known to begin with {column}")
        return "uuid" if column == self.mine else "text"


@dataclass(slots=True)
class Statement:
    """SQL with numbered places, and what stands in them."""

    text: str = ""
    arguments: list[Any] = field(default_factory=list)

    def put(self, value: Any, kind: str = "") -> str:
        """The place of a further argument; `kind` is its SQL type where the context does not give it."""
        self.arguments.append(value)
        return f"${len(self.arguments)}" + (f"::{kind}" if kind else "")


def page_within(
    listed: Listed,
    reach: Reach,
    *,
    limit: int,
    behind: tuple[Any, Any] | None = None,
    backwards: bool = False,
    along: tuple[str, Any] | None = None,
    only: Mapping[str, Any] | None = None,
    where: Mapping[str, tuple[Any, ...]] | None = None,
) -> Statement:
    """One page of at most `limit` rows behind the row whose (key, id) is `behind`, each row once.

    `backwards` turns the order of the list, to read what stands before a row, nearest first.
    `along` names one of the three scope columns and a value: the list of that mine, county or office.
    `only` are further columns that must equal a value, `where` further conditions, each with a `{}` for each of its
    values; both are looked at row by row.
    """
    if not 0 <= limit <= LARGEST_LIMIT:
        raise ValueError(f"a page holds 0 to {LARGEST_LIMIT} rows, not {limit}")
    statement = Statement()
    page = _Page(listed, statement, limit, downward=listed.downward is not backwards)
    page.behind = [statement.put(part) for part in behind or ()]
    page.beside = [f"{column} = {statement.put(value)}" for column, value in (only or {}).items()]
    for condition, values in (where or {}).items():
        page.beside.append(condition.format(*(statement.put(value) for value in values)))
    if along is not None:
        page.beside += [] if reach.everything else [_seen(listed, reach, statement)]
        branches = [page.of_each(along[0], [along[1]])]
    elif reach.everything:
        branches = [page.of_all()]
    else:
        branches = [page.of_each(column, values) for column, values in _scopes(listed, reach)]
    # Two scopes of one actor may hold the same row: UNION keeps it once.
    merged = "\nUNION ".join(f"({branch})" for branch in branches) or page.of_none()
    statement.text = f"SELECT * FROM ({merged}) merged ORDER BY {page.order()} LIMIT {limit}"
    return statement


@dataclass(slots=True)
class _Page:
    """What all branches of one statement have in common."""

    listed: Listed
    statement: Statement
    limit: int
    downward: bool
    behind: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def order(self, *columns: str) -> str:
        way = " DESC" if self.downward else ""
        return ", ".join(f"{column}{way}" for column in (*columns, self.listed.key, "id"))

    def of_all(self) -> str:
        return self._select([], self.order())

    def of_each(self, column: str, values: Sequence[Any]) -> str:
        """A page of each value, found along the index that begins with `column`.

        The value is written as an array of one, never as `column = value`: after an equality the planner may drop
        the column from the order and walk the index on time instead, which is what this module is there to prevent.
        """
        kind, single = self.listed.kind(column), len(values) == 1
        place = self.statement.put(list(values), f"{kind}[]")
        of_this = f"{column} = ANY ({place})" if single else f"{column} = ANY (ARRAY[scope.value])"
        inner = self._select([of_this], self.order(column))
        if single:
            return inner
        return f"SELECT one.* FROM unnest({place}) AS scope(value) CROSS JOIN LATERAL ({inner}) one"  # As above.

    def of_none(self) -> str:
        """The page of an actor who reaches nothing."""
        return self._select(["false"], self.order())

    def _select(self, conditions: list[str], order: str) -> str:
        if self.behind:
            conditions = [
                *conditions,
                f"({self.listed.key}, id) {'<' if self.downward else '>'} ({', '.join(self.behind)})",
            ]
        where = " AND ".join([*conditions, *self.beside]) or "true"
        # The limit stands as a number, so that the planner knows how few rows are wanted.
        return (
            f"SELECT {', '.join(self.listed.columns)} FROM {self.listed.table} WHERE {where}"  # As above.
            f" ORDER BY {order} LIMIT {self.limit}"
        )


def _scopes(listed: Listed, reach: Reach) -> list[tuple[str, list[Any]]]:
    every: tuple[tuple[str, list[Any]], ...] = (
        (listed.county, sorted(reach.counties)),
        (listed.office, sorted(reach.offices)),
        (listed.mine, sorted(reach.mines)),
    )
    return [(column, values) for column, values in every if values]


def _seen(listed: Listed, reach: Reach, statement: Statement) -> str:
    """The rule of Reach.covers, for a list that is read along one value and not scope by scope."""
    parts = [
        f"{column} = ANY ({statement.put(values, listed.kind(column) + '[]')})"
        for column, values in _scopes(listed, reach)
    ]
    return f"({' OR '.join(parts) or 'false'})"
