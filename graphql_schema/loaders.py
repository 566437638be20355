"""What may live here: the loaders that turn many questions for one row into one question for many rows."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from graphql_schema.context import Context

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")
Answer = TypeVar("Answer")


class Loaders:
    """The loaders of one request; what one actor may see is never kept for another."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: dict[object, DataLoader[Any, Any]] = {}

    def of(self, owner: object, load: Callable[[list[Any]], Awaitable[list[Any]]]) -> DataLoader[Any, Any]:
        """Return the loader of this request that belongs to `owner`, opening it when first asked."""
        loader = self._open.get(owner)
        if loader is None:
            # A statement takes at most one page of keys, so that no list of parameters grows without end.
            loader = self._open[owner] = DataLoader(load, max_batch_size=500)
        return loader


class Loader(Generic[Key, Row, Answer]):
    """A question for one key, asked of storage for all keys that were asked in the same turn of the loop."""

    def __init__(
        self,
        query: Callable[["Context", list[Key]], Awaitable[Iterable[Row]]],
        *,
        arrange: Callable[[Iterable[Row], list[Key]], list[Answer]],
    ) -> None:
        self._query = query
        self._arrange = arrange

    async def __call__(self, context: "Context", key: Key) -> Answer:
        """Return the answer for one key; all keys of one turn are one query."""

        async def load(keys: list[Key]) -> list[Answer]:
            return self._arrange(await self._query(context, keys), keys)

        answer: Answer = await context.loaders.of(self, load).load(key)
        return answer


def one(
    query: Callable[["Context", list[Key]], Awaitable[Iterable[Row]]], *, key: Callable[[Row], Key]
) -> Loader[Key, Row, Row | None]:
    """Make a loader that answers the row of a key, or None; `key` reads the key off a row."""

    def arrange(rows: Iterable[Row], keys: list[Key]) -> list[Row | None]:
        found = {key(row): row for row in rows}
        return [found.get(wanted) for wanted in keys]

    return Loader(query, arrange=arrange)


def many(
    query: Callable[["Context", list[Key]], Awaitable[Iterable[Row]]], *, key: Callable[[Row], Key]
) -> Loader[Key, Row, Sequence[Row]]:
    """Make a loader that answers all rows of a key, in the order of the query; `key` reads the key off a row."""

    def arrange(rows: Iterable[Row], keys: list[Key]) -> list[Sequence[Row]]:
        found: dict[Key, list[Row]] = {wanted: [] for wanted in keys}
        for row in rows:
            found[key(row)].append(row)
        return [found[wanted] for wanted in keys]

    return Loader(query, arrange=arrange)
