"""The kinds of columns that rows are made of, so that a time or a closed list looks the same in every table."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, MetaData, String, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

# Here, since every module of tables imports this one first: a constraint takes its name when its table is made.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

MOMENT: Any = DateTime(timezone=True)
"""timestamptz; values are UTC, cut to milliseconds."""
BYTES: Any = LargeBinary
TEXT: Any = Text
TEXTS: Any = ARRAY(Text)
HASHES: Any = ARRAY(LargeBinary)
IDS: Any = ARRAY(Uuid)
DIVISION: Any = String(6)
"""GB/T 2260: two, four or six digits for province, city, county."""


def moment(*, nullable: bool = False) -> Any:
    """A field that holds a moment."""
    return Field(default=None, sa_type=MOMENT, nullable=nullable)


def text(*, nullable: bool = False, index: bool = False) -> Any:
    """A field that holds text of any length; its rules are in rules.py."""
    return Field(default=None, sa_type=TEXT, nullable=nullable, index=index)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A closed list, as text and CHECK: adding a value is a migration, removing one is never silent."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_listed")
