"""The wheel is whole: installed into a fresh environment, away from the checkout, the command works."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parents[2]


def _run(*words: str | Path, cwd: Path) -> str:
    """Run a program with nothing of this environment's settings; it must succeed."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("IDENTITY_GRAPH_", "PYTHON", "PIP_"))
    }
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=clean, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, _CHECKOUT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_queries_names_types_service_and_loaders(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    queries = {path.relative_to(_CHECKOUT / "cypher").as_posix() for path in (_CHECKOUT / "cypher").rglob("*.cypher")}
    assert queries and {f"identity_graph/_cypher/{name}" for name in queries} <= held
    modules = {
        path.relative_to(root).as_posix()
        for root, package in (
            (".", "identity_graph"),
            ("api", "identity_graph_api"),
            ("loaders", "identity_graph_loaders"),
        )
        for root in (_CHECKOUT / root,)
        for path in (root / package).rglob("*")
        if path.suffix in (".py", ".txt", ".typed", ".html", ".css", ".js")
    }
    assert modules <= held
    assert any(name.endswith("/nicknames.txt") for name in held)
    assert {"identity_graph/py.typed", "identity_graph_api/py.typed", "identity_graph_loaders/py.typed"} <= held
    assert not [name for name in held if name.startswith(("tests/", "docs/", "benchmarks/"))]


def test_the_command_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    programs = Path(sysconfig.get_path("scripts", vars={"base": str(home), "platbase": str(home)}))
    zipfile.ZipFile(wheel).extractall(site)
    # The dependencies of this environment, but not the checkout that it has installed for editing.
    (site / "dependencies.pth").write_text(f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})\n")
    python = programs / f"python{sysconfig.get_config_var('EXE') or ''}"
    where = _run(python, "-c", "import identity_graph; print(identity_graph.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(site)
    (tmp_path / "people.csv").write_text(
        "id,first_name,last_name,email\n1,Anna,Abend,anna@mail.test\n2,Anna,Abend,anna@mail.test\n3,Bo,Czerny,bo@b.test\n",
        encoding="utf-8",
    )
    command = (python, "-c", "from identity_graph.cli import main; main()")
    assert "dedupe" in _run(*command, "--help", cwd=tmp_path)
    _run(*command, "dedupe", "people.csv", "-o", "clusters.csv", cwd=tmp_path)
    lines = (tmp_path / "clusters.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["record_id,cluster_id", "1,1", "2,1", "3,3"]
    queries = "from identity_graph.graph import all_queries; print(len(list(all_queries())))"
    assert int(_run(python, "-c", queries, cwd=tmp_path)) > 0
