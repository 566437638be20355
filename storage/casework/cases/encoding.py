"""Turns the body of a step into JSON and back, by the types of its fields; pure."""

from collections.abc import Mapping
from typing import Any

from storage.casework.cases.bodies import BODIES
from storage.casework.cases.steps import Body, StepKind
from storage.record.plain import read


def body_of(kind: StepKind, data: Mapping[str, Any]) -> Body:
    """The body that `told` told."""
    body: Body = read(BODIES[kind], data)
    return body
