"""Tests that the house is built as it was drawn: rooms, names, sizes, and the printed contract."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from graphql_schema import schema

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "graphql_schema", "storage", "notifications")
NO_AREAS = ("record", "migrations")
"""The kernel and the migrations stand beside the wings."""
UNSEEN_AREAS: frozenset[str] = frozenset()
"""Areas that people do not reach, with the reason why."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
CLAIMING = re.compile(r"raises$|warns$|_?(must|assert|expect)(_|$)")
"""What is called to claim something; a rule of the product, `must_…`, raises where it does not hold."""
LONGEST_FILE, LONGEST_OPERATION, LONGEST_RESOLVER = 400, 30, 8
OF_NO_AREA = {
    "glossary": {"alert_labels", "articles", "case_contents", "case_facts", "case_fields", "case_labels",
                 "conduct_labels", "credit_labels", "credit_words", "kernel", "labels", "miner_labels", "naming",
                 "paper_words", "promise_labels", "promise_words", "site_words", "trust_words", "unit_words", "verbs"},
    "graphql_schema": {"sight"},
}  # fmt: skip
"""Modules beside those of areas: sentences of the kernel, labels of closed lists and what is told by them, what papers
say by themselves; who sees what of a whole wing."""


def wings() -> list[Path]:
    return [
        path
        for path in sorted((ROOT / "storage").iterdir())
        if (path / "__init__.py").exists() and path.name not in NO_AREAS
    ]


def areas() -> list[Path]:
    return [path for wing in wings() for path in sorted(wing.iterdir()) if (path / "__init__.py").exists()]


def sources(*rooms: str) -> list[Path]:
    """Our own Python files: migrations are SQL, and `vendor` is not ours."""
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if not {"versions", "vendor", "node_modules"} & set(path.parts)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_printed_contract_is_that_of_the_schema() -> None:
    assert schema.main(["--check"]) == 0


def test_every_area_that_people_reach_has_its_graphql_file() -> None:
    reached = [area for area in areas() if area.name not in UNSEEN_AREAS]
    missing = [f"graphql_schema/{area.parent.name}/{area.name}.py" for area in reached]
    assert [path for path in missing if not (ROOT / path).exists()] == []


def test_every_area_has_its_rooms_tests_and_a_wing_holds_at_most_ten() -> None:
    assert [named(area) for area in areas() if not (area / "tables.py").exists()] == []
    missing = [f"tests/storage/{area.parent.name}/{area.name}" for area in areas()]
    assert [path for path in missing if not list((ROOT / path).glob("test_*.py"))] == []
    assert all(sum(area.parent == wing for area in areas()) <= 10 for wing in wings())


def test_whatever_is_named_after_an_area_names_one_that_exists() -> None:
    known = {wing.name: {area.name for area in areas() if area.parent == wing} for wing in wings()}
    modules = {
        wing.name: {path.stem for area in areas() if area.parent == wing for path in area.glob("*.py")}
        for wing in wings()
    }
    strangers = []
    for room in ("graphql_schema", "tests/storage", "tests/graphql_schema"):
        for wing in known:
            # A GraphQL file may also stand for one module of an area that is too large for one file.
            allowed = (
                known[wing] | modules[wing] | OF_NO_AREA.get(Path(room).name if room.startswith("tests") else "", set())
            )
            for path in (ROOT / room / wing).glob("*"):
                name = path.stem.removeprefix("test_").split("_")[0]
                if path.stem not in ("__init__", "__pycache__", "conftest") and not {name, path.stem} & allowed:
                    strangers.append(named(path))
    every = set().union(*known.values()) | OF_NO_AREA["glossary"] | {"__init__"}
    strangers += [named(path) for path in (ROOT / "storage/record/glossary").glob("*.py") if path.stem not in every]
    assert strangers == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*ROOMS, "tests")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_operation_is_longer_than_thirty_lines() -> None:
    long = {
        f"{named(path)}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for area in areas()
        for path in sorted(area.glob("*.py"))
        for function in functions(path)
    }
    assert {name: length for name, length in long.items() if length > LONGEST_OPERATION} == {}


def test_no_resolver_has_more_than_eight_statements() -> None:
    long = {}
    for wing in wings():
        for path in sources(f"graphql_schema/{wing.name}"):
            for function in functions(path):
                if any(_is_resolver(decorator) for decorator in function.decorator_list):
                    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
                    if statements - bool(ast.get_docstring(function)) > LONGEST_RESOLVER:
                        long[f"{named(path)}: {function.name}"] = statements
    assert long == {}


def _is_resolver(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return getattr(called, "attr", getattr(called, "id", "")) in ("field", "query", "mutation")


def test_every_module_opens_by_saying_what_may_live_there() -> None:
    silent = []
    for path in sources(*ROOMS, "tests"):
        said = ast.get_docstring(tree(path)) or ""
        first = said.split("\n\n")[0].replace("\n", " ").strip()
        if not first.endswith((".", ";", ":")) or not (first[0].isupper() or first[0] == "`"):
            silent.append(named(path))
    assert silent == []


def test_no_room_has_a_module_for_everything() -> None:
    vague = {"utils", "helpers", "common", "manager", "service", "misc", "util", "helper", "base"}
    assert [named(path) for path in sources(*ROOMS, "tests") if path.stem in vague or path.parent.name in vague] == []


def test_the_four_rooms_are_all_there_is() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {*ROOMS, "tests"}


def test_an_installed_copy_has_every_file_that_is_no_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = {
        path
        for room, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (ROOT / room).glob(pattern)
    }
    found = {path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()}
    ours = {path for path in found if path.suffix not in (".py", ".pyc") and "vendor" not in path.parts}
    assert sorted(named(path) for path in ours - shipped) == []


class Claims:
    """Which functions of the tests claim something: they assert, expect an error, or call one that does.

    `x.name()` means every method of that name, `name()` what its own file defines, else every function of that name in
    the tests: all of those must claim something.
    """

    def __init__(self) -> None:
        self.methods: dict[str, list[tuple[Path, Definition]]] = {}
        self.functions: dict[str, list[tuple[Path, Definition]]] = {}
        self.known: dict[Definition, bool] = {}
        for path in sources("tests"):
            for node in ast.walk(tree(path)):
                for inner in ast.iter_child_nodes(node):
                    if isinstance(inner, Definition):
                        kind = self.methods if isinstance(node, ast.ClassDef) else self.functions
                        kind.setdefault(inner.name, []).append((path, inner))

    def claims(self, node: Definition, path: Path) -> bool:
        if node not in self.known:
            self.known[node] = False  # Whoever only calls himself claims nothing.
            self.known[node] = any(self._claims(inner, path) for inner in ast.walk(node))
        return self.known[node]

    def _claims(self, node: ast.AST, path: Path) -> bool:
        if isinstance(node, ast.Assert):
            return True
        if not isinstance(node, ast.Call):
            return False
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        called = [node.func, *node.args] if name in ("partial", "run_state_machine_as_test") else [node.func]
        return bool(CLAIMING.match(name)) or any(self._all_claim(one, path) for one in called)

    def _all_claim(self, called: ast.expr, path: Path) -> bool:
        if isinstance(called, ast.Attribute):
            found = self.methods.get(called.attr) or self.functions.get(called.attr, [])
        else:
            found = self.functions.get(getattr(called, "id", ""), [])
            found = [(where, node) for where, node in found if where == path] or found
        return bool(found) and all(self.claims(node, where) for where, node in found)


def test_every_test_asserts_something() -> None:
    claims = Claims()
    mute = [
        f"{named(path)}: {function.name}"
        for path in sources("tests")
        for function in functions(path)
        if function.name.startswith("test_") and not claims.claims(function, path)
    ]
    assert mute == []


def test_what_runs_and_what_is_extra_is_tested_in_the_very_versions_that_are_pinned() -> None:
    tested = pins("requirements-dev.txt")
    for others in ("requirements.txt", "requirements-telemetry.txt", "requirements-node.txt"):
        assert pins(others) - tested == set()


def pins(name: str) -> set[str]:
    """Each package with its version, as a lock file has it."""
    return set(re.findall(r"^[\w.-]+==[^ ;\\]+", (ROOT / name).read_text(encoding="utf-8"), re.M))
