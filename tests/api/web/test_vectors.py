"""The JavaScript package finds in every vector what the vector says, and stands by itself."""

import json
import re
from pathlib import Path

from tests.api.web.node import FOLDER, node

PACKAGE = Path(__file__).parents[3] / "api" / "web"
MODULES = [
    PACKAGE / "pithead.js",
    *sorted((PACKAGE / "protocol").rglob("*.js")),
    *sorted((PACKAGE / "client").glob("*.js")),
]
ALONE = {"refusals.js", "answers.js", "sha512.js"}
"""Modules that need no other one."""

IMPORTED = re.compile(r'^(?:import .*|export .*|} )?from "([^"]+)";$|\bimport\("([^"]*)"\)', re.MULTILINE)


def test_every_vector_is_what_the_javascript_verifier_finds() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "vectors.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout
    assert "# skipped 0" in done.stdout


def test_every_vector_of_reports_is_what_javascript_finds_by_webcrypto_and_by_what_pages_load() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "reports.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout
    assert "# skipped 0" in done.stdout


def test_what_the_reporters_page_sends_of_photos_and_voices_is_bare() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "report.test.mjs"), seconds=60)
    assert done.returncode == 0, done.stdout


def test_without_webcrypto_the_answers_are_the_same() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "plain.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout


def test_the_calls_of_a_phone_are_repeated_where_that_is_harmless() -> None:
    done = node("--test", "--test-reporter=tap", str(FOLDER / "client.test.mjs"), seconds=120)
    assert done.returncode == 0, done.stdout


def test_whoever_installs_the_package_installs_nothing_else() -> None:
    package = json.loads((PACKAGE / "package.json").read_text())
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & set(package)
    named = {PACKAGE / "pithead.js", *MODULES}
    shipped = {path for each in package["files"] for path in (PACKAGE / each).glob("**/*.js")} | {
        PACKAGE / "pithead.js"
    }
    assert shipped == named


def test_the_package_loads_nothing_but_its_own_modules() -> None:
    for module in MODULES:
        found = IMPORTED.findall(module.read_text())
        assert found or module.name in ALONE, module.name
        for imported in found:
            assert (module.parent / "".join(imported)).resolve() in MODULES, (module.name, imported)


def test_no_module_is_longer_than_the_house_allows() -> None:
    for module in [*MODULES, *FOLDER.glob("*.mjs")]:
        assert module.read_text().startswith("/**"), module.name
        assert len(module.read_text().splitlines()) <= 400, module.name
