"""The JavaScript package finds in every vector what the vector says, and stands by itself."""

import re
from pathlib import Path

import pytest

from tests.api.web.node import FOLDER, node

pytestmark = pytest.mark.quick

PACKAGE = Path(__file__).parents[3] / "api" / "web"
MODULES = [PACKAGE / "pithead.js", *sorted((PACKAGE / "protocol").glob("*.js"))]

IMPORTED = re.compile(r'^(?:import .*|export .*|} )?from "([^"]+)";$|\bimport\("([^"]*)"\)', re.MULTILINE)


def test_every_vector_is_what_the_javascript_verifier_finds() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "vectors.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout
    assert "# skipped 0" in done.stdout


def test_the_package_loads_nothing_but_its_own_modules() -> None:
    for module in MODULES:
        found = IMPORTED.findall(module.read_text())
        assert found or module.name == "refusals.js", module.name
        for imported in found:
            assert (module.parent / "".join(imported)).resolve() in MODULES, (module.name, imported)


def test_no_module_is_longer_than_the_house_allows() -> None:
    for module in [*MODULES, *FOLDER.glob("*.mjs")]:
        assert module.read_text().startswith("/**"), module.name
        assert len(module.read_text().splitlines()) <= 400, module.name
