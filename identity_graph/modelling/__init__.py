"""Looks at matching models: which are kept, what each holds, drawn and in words.

Artefacts come in, listings, descriptions, charts and pages go out. Nothing here trains, scores or changes a model.
"""

from __future__ import annotations

from identity_graph.modelling.chart import draw_chart
from identity_graph.modelling.description import (
    ComparisonDescription,
    LevelDescription,
    ModelDescription,
    SourceDescription,
    TellingValue,
    ValuesDescription,
    describe_model,
)
from identity_graph.modelling.movement import MovedLevel, moved_levels
from identity_graph.modelling.page import write_page
from identity_graph.modelling.shelf import KeptModel, find_model, find_version, kept_models, model_folder

__all__ = [
    "ComparisonDescription", "KeptModel", "LevelDescription", "ModelDescription", "MovedLevel", "SourceDescription",
    "TellingValue", "ValuesDescription", "describe_model", "draw_chart", "find_model", "find_version", "kept_models",
    "model_folder", "moved_levels", "write_page",
]  # fmt: skip
