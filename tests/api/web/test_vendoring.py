"""What browsers need beyond their own is pinned by its bytes, and by no address."""

import json
from typing import Any

import pytest

from api import vendoring

pytestmark = pytest.mark.quick


def lock() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((vendoring.WEB / "package-lock.json").read_text(encoding="utf-8"))
    return found


def test_each_browser_package_is_pinned_by_its_bytes_and_names_no_registry() -> None:
    packages = {name: each for name, each in lock()["packages"].items() if name}
    assert packages
    assert [name for name, each in packages.items() if not each["integrity"].startswith("sha512-")] == []
    assert [name for name, each in packages.items() if "resolved" in each] == []


def test_browser_packages_are_named_by_exact_versions_and_run_nothing_when_installed() -> None:
    asked = json.loads((vendoring.WEB / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert [version for version in asked.values() if not version.replace(".", "").isdigit()] == []
    assert "ignore-scripts=true" in (vendoring.WEB / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert [name for name, each in lock()["packages"].items() if each.get("hasInstallScript")] == []


def test_browser_packages_carry_licences_that_ask_for_a_notice_at_most() -> None:
    licences = {name: each["license"] for name, each in lock()["packages"].items() if name}
    # By its file, unchanged, and for the browser tests alone: no page of ours loads it.
    assert licences.pop("node_modules/axe-core") == "MPL-2.0"
    assert set(licences.values()) <= {"MIT", "ISC", "BSD-3-Clause", "Unlicense", "(MIT OR Apache-2.0)"}


def test_a_node_that_is_new_enough_is_found_on_the_machine_or_in_the_wheel() -> None:
    node = vendoring.node_of_the_machine() or vendoring.node_of_the_wheel()
    assert node is not None
    assert node.exists()
