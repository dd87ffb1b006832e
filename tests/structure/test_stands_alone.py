"""The repository speaks of itself only: no registry hosts, machine paths or forbidden licences."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]

HOSTS = re.compile(r"(pypi\.org|pythonhosted|repo1?\.maven|maven\.org|npmjs|deb\.debian)", re.IGNORECASE)
PATHS = re.compile(r"(/home/\w+|/Users/\w+|/root/|/work/)")


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", ".git"} & set(path.parts)]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


@pytest.mark.parametrize("pattern", [HOSTS, PATHS], ids=["registry hosts", "machine paths"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _tracked()
        if path != Path(__file__) and path.suffix not in {".png", ".parquet", ".gz"}
        for match in [pattern.search(path.read_text(encoding="utf-8", errors="ignore"))]
        if match
    ]
    assert found == []


def test_constraints_pin_every_dependency_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {Requirement(line).name.lower().replace("_", "-") for line in lines if line and not line.startswith("#")}
    needed = {
        requirement.name.lower().replace("_", "-")
        for requirement in map(Requirement, metadata.requires("identity-graph") or [])
    }
    assert needed - pins == set()
    assert all("==" in line for line in lines if line and not line.startswith("#"))


def test_no_imported_dependency_has_a_copyleft_licence() -> None:
    direct = {Requirement(text).name for text in metadata.requires("identity-graph") or [] if "extra ==" not in text}
    for name in sorted(direct):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # not for this platform
        stated = " ".join(
            [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
            + [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
        )
        assert not re.search(r"\b(A?GPL|GNU (Affero )?General)", stated), f"{name}: {stated}"


def test_every_direct_dependency_has_its_reason_written_down() -> None:
    decision = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    names = {Requirement(text).name for text in metadata.requires("identity-graph") or []}
    assert sorted(name for name in names if f"`{name}`" not in decision) == []
