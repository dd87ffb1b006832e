"""What every command needs at the edge: settings read from the environment, and the graph opened from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pydantic import ValidationError

from identity_graph.errors import InvalidSettingError
from identity_graph.graph import open_graph
from identity_graph.graph.port import Graph
from identity_graph.settings import Settings

__all__ = ["JsonOption", "graph_open", "read_settings"]

JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


def read_settings(data_dir: Path | None = None) -> Settings:
    """Read the settings from the environment; `data_dir` overrides the folder.

    Raises:
        InvalidSettingError: a variable has a value outside its range.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"IDENTITY_GRAPH_{str(first['loc'][0]).upper()}"
        raise InvalidSettingError(
            f"{name} is {first.get('input')!r}: {first['msg']}.", ids=[name], next_step="See docs/settings.md."
        ) from error
    return settings if data_dir is None else settings.model_copy(update={"data_dir": data_dir})


@contextmanager
def graph_open(settings: Settings) -> Iterator[Graph]:
    """Open the graph of the settings and give it back at the end of the block."""
    graph = open_graph(settings)
    try:
        yield graph
    finally:
        graph.close()
