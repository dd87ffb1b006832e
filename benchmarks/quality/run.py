"""Measures every labelled set at hand and refreshes the quality table of benchmarks/README.md between its markers.

Folders of labelled sets come in; generated sets of other kinds (`kinds/`) are written and measured beside them. Each
finished set is kept as JSON in the work folder, so that sets can be measured one at a time; the table shows the newest
of each.

    python -m benchmarks.quality.run [--folder DIR] [--sets febrl3 ...] [--alone] [--options "--minimum-weight 3"]
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import PRODUCT, Cost, machine, run_process
from benchmarks.quality.kinds.every import KINDS, write_kinds
from benchmarks.quality.sets import DEFAULT_FOLDER, LabelledSet, find_sets
from identity_graph.evaluation import evaluate, read_partition

__all__ = ["README", "Measured", "measure", "refresh"]

WORK = Path(__file__).parents[1] / ".work"
README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- quality: begin -->", "<!-- quality: end -->"


@dataclass(frozen=True, slots=True)
class Measured:
    """One of the two on one set.

    Attributes:
        pairs, b_cubed: precision, recall, F1.
        wall, cpu: seconds of the whole process.
        peak_mib: highest resident memory.
    """

    pairs: tuple[float, float, float]
    b_cubed: tuple[float, float, float]
    wall: float
    cpu: float
    peak_mib: float


def measure(labelled: LabelledSet, options: str = "") -> Measured:
    """Run `identity-graph dedupe` on a set, with nothing said about its columns."""
    output = WORK / f"quality-{labelled.name}.csv"
    files = [str(path) for path in labelled.files]
    cost = run_process(
        [PRODUCT, "dedupe", *files, "-o", str(output), "--json", *shlex.split(options)], {"IDENTITY_GRAPH_THREADS": "2"}
    )
    return _measured(output, labelled, cost)


def measure_rival(labelled: LabelledSet) -> Measured | str:
    """Run plain Splink on a set; where it fails, say how."""
    if len(labelled.files) > 1:
        return f"{len(labelled.files)} files of different layouts"
    output = WORK / f"quality-{labelled.name}-splink.csv"
    try:
        cost = run_process(["python", "-m", "benchmarks.quality.plain", str(labelled.files[0]), str(output)])
    except subprocess.CalledProcessError as error:
        lines = [line for line in str(error.stderr).splitlines() if "Error" in line]
        return lines[-1] if lines else "it gave no reason"
    return _measured(output, labelled, cost)


def _measured(output: Path, labelled: LabelledSet, cost: Cost) -> Measured:
    quality = evaluate(read_partition(output), read_partition(labelled.truth), shown=0)
    pairs, b_cubed = quality.pairwise, quality.b_cubed
    return Measured(
        (pairs.precision, pairs.recall, pairs.f1),
        (b_cubed.precision, b_cubed.recall, b_cubed.f1),
        cost.wall,
        cost.cpu,
        cost.peak_mib,
    )


def _line(name: str, who: str, found: Measured | dict[str, Any] | str) -> str:
    if isinstance(found, str):
        return f"| {name} | {who} | did not run: {found[:80]} |||||||||"
    values = asdict(found) if isinstance(found, Measured) else found
    scores = " | ".join(f"{value:.4f}" for value in (*values["pairs"], *values["b_cubed"]))
    return f"| {name} | {who} | {scores} | {values['wall']:.1f} | {values['cpu']:.1f} | {values['peak_mib']:.0f} |"


def refresh() -> None:
    """Write the table of all kept sets into the README."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(WORK.glob("quality-*.json"))]
    lines = [
        "| set | who | pairs P | pairs R | pairs F1 | B³ P | B³ R | B³ F1 | wall s | CPU s | peak MiB |",
        "|" + "---|" * 11,
    ]
    for one in kept:
        lines.append(_line(one["set"], "**identity-graph**", one["ours"]))
        if one["rival"] is not None:
            lines.append(_line(one["set"], "plain Splink", one["rival"]))
    when = max((one["measured_at"] for one in kept), default="never")
    facts = "; ".join(f"{name} {value}" for name, value in (kept[-1]["machine"] if kept else {}).items())
    text = f"Last measured {when}; {facts}.\n\n" + "\n".join(lines)
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def main() -> None:
    """Measure the sets asked for; print each as it is done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, action="append", help="folder of sets; may be given several times")
    parser.add_argument("--sets", nargs="*", default=[], help="only these")
    parser.add_argument("--alone", action="store_true", help="without the rival, and without keeping the result")
    parser.add_argument("--options", default="", help="further options for `identity-graph dedupe`; not kept")
    arguments = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    generated = [name for name in KINDS if not arguments.sets or name in arguments.sets]
    folder = WORK / "kinds"
    if generated:
        write_kinds(folder, generated)
    found = find_sets([*(arguments.folder or [DEFAULT_FOLDER]), folder], arguments.sets)
    if not found:
        raise SystemExit(f"No labelled set is called {', '.join(arguments.sets)}: give --folder.")
    for labelled in found:
        ours = measure(labelled, arguments.options)
        print(_line(labelled.name, "identity-graph", ours), flush=True)
        if arguments.alone or arguments.options:
            continue
        rival = measure_rival(labelled)
        print(_line(labelled.name, "plain Splink", rival), flush=True)
        about = {"set": labelled.name, "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"), "machine": machine()}
        result = {"ours": asdict(ours), "rival": rival if isinstance(rival, str) else asdict(rival)}
        (WORK / f"quality-{labelled.name}.json").write_text(json.dumps({**about, **result}, indent=1), encoding="utf-8")
        refresh()


if __name__ == "__main__":
    main()
