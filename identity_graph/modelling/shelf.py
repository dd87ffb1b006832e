"""The models kept in the data folder, each in a folder `models/<version>`, and those given as a folder elsewhere.

Settings and a version or folder come in, models and their listing go out. Which of them is in use the graph knows; it
is asked by whoever has it open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from identity_graph.errors import ModelError, NotFoundError
from identity_graph.matching import MatchModel
from identity_graph.settings import Settings

__all__ = ["KeptModel", "find_model", "find_version", "kept_models", "model_folder"]

_VERSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class KeptModel:
    """One model of the data folder.

    Attributes:
        version: its version, also the name of its folder.
        current: the last run used it, and the next will.
        created_at: when a run first used it (ISO-8601 UTC); empty when none has.
        records: records it was trained on; None when it cannot be read.
        labels: labelled pairs that helped to train it; None when it cannot be read.
        comparisons: how many aspects it compares; None when it cannot be read.
        problem: why it cannot be read; empty when it can.
    """

    version: str
    current: bool
    created_at: str
    records: int | None
    labels: int | None
    comparisons: int | None
    problem: str = ""


def model_folder(settings: Settings, version: str) -> Path:
    """Return where a version is kept."""
    return settings.data_dir / "models" / version


def kept_models(settings: Settings, used: Mapping[str, str], current: str) -> tuple[KeptModel, ...]:
    """List the models of the data folder.

    Args:
        settings: where the data folder is.
        used: version -> when a run first used it, of the models the graph knows.
        current: version in use; empty when there is none.

    Returns:
        Newest use first, models that were never used last, ties by version.
    """
    folder = model_folder(settings, "")
    versions = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    kept = [_kept(folder / version, current == version, used.get(version, "")) for version in versions]
    return tuple(sorted(kept, key=lambda one: one.created_at, reverse=True))


def find_model(settings: Settings, name: str) -> MatchModel:
    """Read a model by its version, or from a folder.

    Args:
        settings: where the data folder is.
        name: the path of a folder that holds a model, or a version kept there.

    Raises:
        NotFoundError: there is neither such a folder nor such a version.
        ModelError: it cannot be read.
    """
    if name and Path(name).is_dir():
        return MatchModel.load(Path(name))
    return find_version(settings, name)


def find_version(settings: Settings, version: str) -> MatchModel:
    """Read a model of the data folder.

    Raises:
        NotFoundError: no such version is kept.
        ModelError: it cannot be read.
    """
    folder = model_folder(settings, version)
    if _VERSION.fullmatch(version) and folder.is_dir():
        return MatchModel.load(folder)
    raise NotFoundError(
        f"No model {version!r} is kept in {settings.data_dir}.",
        ids=[version],
        next_step="List the versions: identity-graph model list",
    )


def _kept(folder: Path, current: bool, created_at: str) -> KeptModel:
    try:
        model = MatchModel.load(folder)
    except ModelError as error:
        return KeptModel(folder.name, current, created_at, None, None, None, error.message)
    labels = sum(int(model.summary.get(name, 0)) for name in ("labels matching", "labels differing"))
    records = int(model.summary.get("records", 0))
    return KeptModel(folder.name, current, created_at, records, labels, len(model.comparisons))
