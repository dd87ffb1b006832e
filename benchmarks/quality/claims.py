"""What a run claims of itself, beside the truth: certainties, minima and the report without labels.

A labelled set comes in; its claims go out as plain values, kept as JSON in the work folder. The tables of all kept
sets stand in benchmarks/README.md between their markers.

    python -m benchmarks.quality.claims [--folder DIR] [--sets febrl3 ...]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from benchmarks.dedupe import file_of
from benchmarks.people import truth_path
from benchmarks.quality.kinds.every import KINDS, write_kinds
from benchmarks.quality.sets import DEFAULT_FOLDER, LabelledSet, find_sets
from identity_graph.clusters import ClusterPolicy, certainty
from identity_graph.evaluation import read_partition
from identity_graph.pipeline.linking import Linked, LinkingOptions, link_records, matching_options
from identity_graph.pipeline.stages import Stages
from identity_graph.settings import Settings
from identity_graph.sources import OpenOptions, merge_batches, open_sources
from identity_graph.tables import Table

__all__ = ["Claim", "claims", "reliability", "shares"]

WORK = Path(__file__).parents[1] / ".work"
README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- claims: begin -->", "<!-- claims: end -->"
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
MINIMA = (0.0, 0.5, 0.9, 0.99, 0.999)
GENERATED = 10_000

Codes: TypeAlias = npt.NDArray[np.int64]
Shares: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Claim:
    """Probabilities beside what happened.

    Attributes:
        bins: one per gap of EDGES: how many, mean probability, share that was right; the shares are None for none.
        brier: mean squared error.
        error: expected calibration error: mean distance of probability and share over bins, by their counts.
    """

    bins: tuple[tuple[int, float | None, float | None], ...]
    brier: float | None
    error: float | None


def reliability(probability: Shares, right: npt.NDArray[np.bool_]) -> Claim:
    """Compare probabilities with what happened, bin by bin; the last bin includes 1."""
    place = np.minimum(np.searchsorted(EDGES, probability, side="right") - 1, len(EDGES) - 2)
    bins: list[tuple[int, float | None, float | None]] = []
    distance = 0.0
    for number in range(len(EDGES) - 1):
        inside = place == number
        count = int(inside.sum())
        if not count:
            bins.append((0, None, None))
            continue
        said, was = float(probability[inside].mean()), float(right[inside].mean())
        bins.append((count, said, was))
        distance += count * abs(said - was)
    if not len(probability):
        return Claim(tuple(bins), None, None)
    return Claim(tuple(bins), float(np.mean((probability - right) ** 2)), distance / len(probability))


def shares(labels: Codes, people: Codes) -> tuple[float, float, float, float]:
    """Return pairwise precision and recall, B-cubed precision and recall, of labels of the same records."""
    _, cell, counts = np.unique(labels * (people.max() + 1) + people, return_inverse=True, return_counts=True)
    found, true = np.bincount(labels), np.bincount(people)
    together, of_found, of_true = (float((sizes * (sizes - 1.0)).sum()) for sizes in (counts, found, true))
    return (
        together / (of_found or 1.0),
        together / (of_true or 1.0),
        float((counts[cell] / found[labels]).mean()),
        float((counts[cell] / true[people]).mean()),
    )


def claims(labelled: LabelledSet) -> dict[str, Any]:
    """Link a set as `dedupe` does and compare every claim with the truth."""
    records, linked = _linked(labelled)
    people = _people(records, labelled)
    labels = linked.labels.astype(np.int64)
    size, of_person = np.bincount(labels, minlength=len(labels)), np.bincount(people)
    _, cell, counts = np.unique(labels * len(of_person) + people, return_inverse=True, return_counts=True)
    several, first = size[labels] > 1, labels == np.arange(len(labels))
    pure = np.bincount(labels, weights=counts[cell] == size[labels], minlength=len(labels)) == size
    return {
        "membership": asdict(reliability(linked.membership[several], (counts[cell] > size[labels] / 2)[several])),
        "cluster": asdict(reliability(linked.certainty[several & first], pure[several & first])),
        "alone": asdict(reliability(linked.membership[~several], (of_person[people] == 1)[~several])),
        "minima": {str(minimum): _cut(linked, people, minimum) for minimum in MINIMA},
        "estimates": linked.quality.estimates.as_json(),
        "truth": shares(labels, people),
    }


def _linked(labelled: LabelledSet) -> tuple[Table, Linked]:
    reader = open_sources([str(path) for path in labelled.files], options=OpenOptions(keep_raw=False))
    records = merge_batches([batch.records for batch in reader.batches()])
    with tempfile.TemporaryDirectory() as work:
        settings = Settings(threads=2)
        options = replace(LinkingOptions(), matching=matching_options(settings, Path(work)))
        return records, link_records(records, reader.attribute_roles(), (), None, options, Stages())


def _people(records: Table, labelled: LabelledSet) -> Codes:
    """Number the people of the records; a record that the truth does not know is a person of its own."""
    truth = read_partition(labelled.truth)
    names = ["source", "record_id"] if "source" in truth.column_names and len(labelled.files) > 1 else ["record_id"]
    known = {tuple(row[name] for name in names): row["cluster_id"] for row in truth.to_pylist()}
    numbers: dict[Any, int] = {}
    rows = records.select(["key", *names]).to_pylist()
    persons = (known.get(tuple(row[name] for name in names), (row["key"],)) for row in rows)
    return np.array([numbers.setdefault(person, len(numbers)) for person in persons], dtype=np.int64)


def _cut(linked: Linked, people: Codes, minimum: float) -> tuple[float, float, float, float]:
    link_set, policy = linked.link_set, ClusterPolicy(minimum_certainty=minimum)
    cut = certainty(linked.labels, link_set.links, link_set.constraints, policy)
    return shares(cut.labels.astype(np.int64), people)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _reliability_lines(kept: list[dict[str, Any]]) -> list[str]:
    gaps = [f"{low:g} to {high:g}" for low, high in pairwise(EDGES)]
    lines = [f"| set | of | {' | '.join(gaps)} | Brier | error |", "|" + "---|" * (len(gaps) + 4)]
    for one in kept:
        for name in ("membership", "cluster", "alone"):
            claim = one[name]
            cells = ["" if not count else f"{count:,}: {said:.3f} / {was:.4f}" for count, said, was in claim["bins"]]
            tail = f"{_number(claim['brier'])} | {_number(claim['error'])}"
            lines.append(f"| {one['set']} | {name} | {' | '.join(cells)} | {tail} |")
    return lines


def _minima_lines(kept: list[dict[str, Any]]) -> list[str]:
    lines = [f"| set | {' | '.join(f'at {minimum:g}' for minimum in MINIMA)} |", "|" + "---|" * (len(MINIMA) + 1)]
    for one in kept:
        cells = [f"{pairs[0]:.4f} / {pairs[1]:.4f}" for pairs in one["minima"].values()]
        lines.append(f"| {one['set']} | {' | '.join(cells)} |")
    return lines


def _estimate_lines(kept: list[dict[str, Any]]) -> list[str]:
    lines = ["| set | pairs P | pairs R | B³ P | B³ R |", "|---|---|---|---|---|"]
    for one in kept:
        cells = []
        for place, (kind, measure) in enumerate(
            (kind, measure) for kind in ("pairwise", "b_cubed") for measure in ("precision", "recall")
        ):
            found, true = one["estimates"][kind][measure], one["truth"][place]
            low, high = found["low"], found["high"]
            misses = " **too good**" if true < low - 5e-5 else " too bad" if true > high + 5e-5 else ""
            cells.append(f"{found['estimate']:.4f} [{low:.4f}, {high:.4f}] / {true:.4f}{misses}")
        lines.append(f"| {one['set']} | {' | '.join(cells)} |")
    return lines


def refresh() -> None:
    """Write the tables of all kept sets into the README."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(WORK.glob("claims-*.json"))]
    when = max((one["measured_at"] for one in kept), default="never")
    parts = [
        f"Last measured {when}.",
        "### Certainty (count: mean probability / share that was right)",
        "\n".join(_reliability_lines(kept)),
        "### `--min-certainty` (pairs precision / recall)",
        "\n".join(_minima_lines(kept)),
        "### Estimated without labels [interval] / true",
        "\n".join(_estimate_lines(kept)),
    ]
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    text = "\n\n".join(parts)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def main() -> None:
    """Measure the sets asked for and refresh the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, action="append", help="folder of sets; may be given several times")
    parser.add_argument("--sets", nargs="*", default=[], help="only these")
    arguments = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    kinds = [name for name in KINDS if not arguments.sets or name in arguments.sets]
    if kinds:
        write_kinds(WORK / "kinds", kinds)
    people = LabelledSet("people", (file_of(GENERATED),), truth_path(file_of(GENERATED)))
    found = find_sets([*(arguments.folder or [DEFAULT_FOLDER]), WORK / "kinds"], arguments.sets)
    for labelled in [*found, *([people] if not arguments.sets or "people" in arguments.sets else [])]:
        about = {"set": labelled.name, "measured_at": datetime.now(UTC).strftime("%Y-%m-%d")}
        result = {**about, **claims(labelled)}
        (WORK / f"claims-{labelled.name}.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
        print(labelled.name, result["truth"], flush=True)
        refresh()


if __name__ == "__main__":
    main()
