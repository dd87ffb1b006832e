"""The loader of the README works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from identity_graph.sources import ReadOptions

README = Path(__file__).resolve().parents[2] / "loaders" / "README.md"


def test_the_example_reads_cards(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    path = tmp_path / "people.cards"
    path.write_text("name: Anna\ncity: Bonn\n\nnonsense\nname: Bob\n", encoding="utf-8")
    (raw,) = names["CardLoader"]().get(path, ReadOptions())
    assert raw.columns.to_pylist() == [{"name": "Anna", "city": "Bonn"}, {"name": "Bob", "city": None}]
    assert raw.lines.to_pylist() == [1, 5]
    assert [(reject.line, reject.reason) for reject in raw.rejects] == [(4, "no_colon")]
