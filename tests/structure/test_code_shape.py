"""The shape rules of CONTRIBUTING.md, checked over the syntax trees of all shipped modules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "identity_graph", ROOT / "api" / "identity_graph_api", ROOT / "loaders" / "identity_graph_loaders")
MODULES = sorted(path for package in PACKAGES for path in package.rglob("*.py") if "_cypher" not in path.parts)

LINES_AT_MOST = 400
FUNCTION_LINES_AT_MOST = 70

ONE_PLACE = {
    "neo4j": {"identity_graph/graph/"},
    "arcadedb_embedded": {"identity_graph/graph/"},
    "splink": {"identity_graph/matching/"},
    "duckdb": {"identity_graph/matching/", "identity_graph/facts/columnar"},
    "networkx": {"identity_graph/explain/", "identity_graph/clusters/"},
    "fastapi": {"api/identity_graph_api/"},
    "uvicorn": {"identity_graph/cli/", "api/identity_graph_api/"},
    "phonenumbers": {"identity_graph/normalise/"},
    "typer": {"identity_graph/cli/"},
    "rich": {"identity_graph/cli/"},
}
"""External package -> the only places that may import it."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module", params=MODULES, ids=_name)
def module(request: pytest.FixtureRequest) -> tuple[Path, ast.Module]:
    """Parse each module once; pytest runs all that is checked of one before it goes on to the next."""
    path: Path = request.param
    return path, ast.parse(path.read_text(encoding="utf-8"))


def test_module_opens_by_saying_what_it_is(module: tuple[Path, ast.Module]) -> None:
    _, tree = module
    assert ast.get_docstring(tree), "the module has no docstring"


def test_module_is_not_too_long(module: tuple[Path, ast.Module]) -> None:
    path, _ = module
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_AT_MOST


def test_functions_fit_a_screen(module: tuple[Path, ast.Module]) -> None:
    _, tree = module
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno is not None}
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES_AT_MOST} == {}


def test_public_functions_say_what_they_do(module: tuple[Path, ast.Module]) -> None:
    _, tree = module
    public = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert public == []


def test_all_is_sorted_and_names_exist(module: tuple[Path, ast.Module]) -> None:
    _, tree = module
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            names = ast.literal_eval(node.value)
            assert len(names) == len(set(names))
            defined = _defined_names(tree)
            assert sorted(set(names) - defined) == []


def _defined_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def test_each_external_package_is_imported_in_its_own_place(module: tuple[Path, ast.Module]) -> None:
    path, tree = module
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported = {(node.module or "").split(".")[0]}
        else:
            continue
        for package in imported & ONE_PLACE.keys():
            assert any(_name(path).startswith(place) for place in ONE_PLACE[package]), f"{package} is imported here"


def test_broad_excepts_give_their_reason(module: tuple[Path, ast.Module]) -> None:
    path, tree = module
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree):
        broad = isinstance(node, ast.ExceptHandler) and (
            node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        if broad and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node)):
            assert "BLE001" in lines[node.lineno - 1], f"line {node.lineno}: a broad except without its reason"
