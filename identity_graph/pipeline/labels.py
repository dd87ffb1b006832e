"""What people know about records: label files and stewards' decisions, as training takes them.

A CSV file and decisions come in, Labels over the rows of a record table go out. A file has either
`record_id,cluster_id` (who is one person) or pairs: `left,right` with a `verdict` (must, cannot) or a `probability`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError, SourceError
from identity_graph.evaluation import partition_of, read_texts
from identity_graph.matching import Labels
from identity_graph.model import Decision, Verdict
from identity_graph.tables import Table

__all__ = ["LabelFile", "known_labels", "read_labels", "refuse_untaught"]

_SIDES = (("left", "right"), ("record_id_l", "record_id_r"), ("unique_id_l", "unique_id_r"))
_PROBABILITIES = ("probability", "clerical_match_score")
_VERDICTS = {
    **dict.fromkeys(("must", "match", "yes", "true", "1"), 1.0),
    **dict.fromkeys(("cannot", "non-match", "no", "false", "0"), 0.0),
    **dict.fromkeys(("undecided", "unsure", ""), 0.5),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The labels of one file, not yet found among records; either of the two tables is there.

    Attributes:
        path: where they were read.
        groups: `record_id`, `cluster_id` and maybe `source`; a record without a cluster is unlabelled.
        pairs: `left`, `right` (record keys or ids) and `probability` (0..1).
    """

    path: Path
    groups: Table | None = None
    pairs: Table | None = None


def read_labels(path: Path) -> LabelFile:
    """Read a label file.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceError: it is not CSV, lacks columns, or a verdict or probability cannot be read.
    """
    texts = read_texts(path)
    sides = next((names for names in _SIDES if set(names) <= texts.keys()), None)
    if sides is None and "record_id" in texts:
        return LabelFile(path, groups=partition_of(texts, path))
    stated = next((name for name in (*_PROBABILITIES, "verdict") if name in texts), None)
    if sides is None or stated is None:
        raise SourceError(
            f"{str(path)!r} has neither record_id,cluster_id nor left,right with a verdict or a probability.",
            ids=[str(path)],
            next_step="Name its columns so in the first line.",
        )
    told = [_probability(text, path, line) for line, text in enumerate(texts[stated].to_pylist(), start=2)]
    columns = {"left": texts[sides[0]], "right": texts[sides[1]], "probability": pa.array(told, pa.float64())}
    return LabelFile(path, pairs=pa.table(columns))


def _probability(text: str, path: Path, line: int) -> float:
    stated = _VERDICTS.get(text.strip().lower())
    if stated is not None:
        return stated
    try:
        probability = float(text)
    except ValueError:
        probability = -1.0
    if not 0.0 <= probability <= 1.0:
        raise SourceError(
            f"Line {line} of {str(path)!r} says {text!r}, which is neither a verdict nor a probability.",
            ids=[str(path)],
            next_step="Say must, cannot or undecided, or give a number from 0 to 1.",
        )
    return probability


def refuse_untaught(model: str | None, labels: Path | None) -> None:
    """Refuse labels for a model that is not trained.

    Raises:
        InvalidSettingError: both are given.
    """
    if model is not None and labels is not None:
        raise InvalidSettingError(
            "Labels help to train a model, and a trained one is given.",
            ids=[model, str(labels)],
            next_step="Leave one of the two out.",
        )


def known_labels(records: Table, file: LabelFile | None, decisions: Sequence[Decision]) -> Labels | None:
    """Find the labelled records among those of a table.

    Args:
        records: record table sorted by key.
        file: labels of a file; None is none. Records it names and the table lacks are passed over.
        decisions: stewards' decisions in force; they come after the file, so that on one pair they count.

    Returns:
        The labels, or None when there are none.

    Raises:
        SourceError: none of the records of the file is in the table, or a record id is in several sources.
    """
    left, right, probability = _decided(records, decisions)
    group = None
    if file is not None and file.groups is not None:
        group = _groups(records, file.groups, file.path)
    elif file is not None and file.pairs is not None:
        one, other, told = _pairs(records, file.pairs, file.path)
        left, right = np.concatenate([one, left]), np.concatenate([other, right])
        probability = np.concatenate([told, probability])
    if group is None and not len(left):
        return None
    return Labels(group, left, right, probability)


def _groups(records: Table, given: Table, path: Path) -> npt.NDArray[np.int64]:
    table = given.filter(pc.not_equal(given["cluster_id"], ""))
    names = table["record_id"]
    if "source" in table.column_names:
        names = pc.binary_join_element_wise(table["source"], names, ":")
    rows = _rows(records, names, path)
    codes = table["cluster_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    group = np.full(records.num_rows, -1, dtype=np.int64)
    group[rows[rows >= 0]] = codes[rows >= 0]
    return group


def _pairs(records: Table, given: Table, path: Path) -> tuple[Any, Any, Any]:
    ends = _rows(records, pa.chunked_array([*given["left"].chunks, *given["right"].chunks], pa.string()), path)
    left, right = ends[: given.num_rows], ends[given.num_rows :]
    found = (left >= 0) & (right >= 0) & (left != right)
    return left[found], right[found], given["probability"].to_numpy()[found]


def _decided(records: Table, decisions: Sequence[Decision]) -> tuple[Any, Any, Any]:
    told = {Verdict.MUST: 1.0, Verdict.CANNOT: 0.0, Verdict.UNDECIDED: 0.5}
    ordered = sorted((one for one in decisions if one.undone_by is None), key=lambda one: (one.at, one.id))
    keys = records["key"].combine_chunks()
    ends = [_index(pa.array([getattr(one, side) for one in ordered], pa.string()), keys) for side in ("left", "right")]
    found = (ends[0] >= 0) & (ends[1] >= 0)
    probability = np.array([told[one.verdict] for one in ordered], dtype=np.float64)
    return ends[0][found], ends[1][found], probability[found]


def _rows(records: Table, names: Any, path: Path) -> npt.NDArray[np.int32]:
    """Find records by key, or by record id where only one source has it; -1 for those that are not there."""
    keys, ids = records["key"].combine_chunks(), records["record_id"].combine_chunks()
    rows = _index(names, keys)
    counted = pc.value_counts(ids)
    several = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
    unclear = names.filter(pa.array((rows < 0) & np.asarray(pc.is_in(names, value_set=several))))
    if len(unclear):
        raise SourceError(
            f"{str(path)!r} names record {unclear[0].as_py()!r}, which several sources have.",
            ids=[str(path), unclear[0].as_py()],
            next_step="Write records as source:record_id, or add a column `source`.",
        )
    rows = np.where(rows >= 0, rows, _index(names, ids)).astype(np.int32)
    if not (rows >= 0).any():
        raise SourceError(
            f"None of the records that {str(path)!r} names is among the {records.num_rows:,} records.",
            ids=[str(path)],
            next_step="Name them by record id, or as source:record_id.",
        )
    return rows


def _index(names: Any, values: pa.Array) -> npt.NDArray[np.int32]:
    found = pc.fill_null(pc.index_in(names, value_set=values), -1)
    return np.asarray(found.to_numpy(), dtype=np.int32)
