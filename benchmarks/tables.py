"""Turns kept results into the Markdown tables of benchmarks/README.md.

Results as `benchmarks.run` keeps them come in, sorted by part and size; text goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["measured", "sections"]

Kept = dict[str, Any]


def sections(kept: Sequence[Kept]) -> dict[str, str]:
    """Return heading -> table of every part that was measured, in the order of the README."""
    found = {}
    for part, (heading, table) in _SECTIONS.items():
        if mine := [one for one in kept if one["part"] == part]:
            found[heading] = table(mine)
    return found


def measured(text: str, kept: Sequence[Kept]) -> str:
    """Put results into the measured part of the README; what was measured elsewhere, and is not kept here, stays.

    Args:
        text: the measured part as it is, without its markers.
        kept: results, sorted by part and size.
    """
    head, *pieces = re.split(r"^### ", text, flags=re.MULTILINE)
    before = dict(piece.split("\n\n", 1) for piece in pieces)
    new = {heading: table.rstrip("\n") for heading, table in sections(kept).items()}
    tables = {**{heading: table.rstrip("\n") for heading, table in before.items()}, **new}
    order = [heading for heading, _ in _SECTIONS.values() if heading in tables]
    return "\n\n".join([_machine(head, kept), *(f"### {heading}\n\n{tables[heading]}" for heading in order)]) + "\n"


def _live(kept: Sequence[Kept]) -> str:
    """Show rates flat out, then what a paced load met."""
    rows = []
    for one in kept:
        found, records = one["result"], int(one["records"])
        cpu = [f"{found[name]:.2f}" if found[name] is not None else "" for name in ("cpu", "engine_cpu")]
        rows.append(
            (
                found["engine"], f"{records:,} / {found.get('touchpoints', 2 * records):,}", f"{found['closed']:,.0f}",
                f"{found['bare']:,.0f}", f"{found['ratio']:.2f}", " / ".join(filter(None, cpu)),
                f"{found['rate']:,.0f} for {found['seconds']:.0f} s", f"{found['behind']:,}",
                "{:.2f} / {:.2f} ({}, {})".format(*found["visible"], found["samples"], found["unseen"]),
                "{:.0f} / {:.0f}".format(*found["profile"]), "{:.0f}, {:.0f}".format(*found["memory_mib"]),
                f"{found['start_seconds']:.0f}", str(found.get("learnt", "not looked at")),
                str(found.get("left", "not looked at")),
            )
        )  # fmt: skip
    columns = (
        "engine", "records / touchpoints", "events/s", "bare driver", "ratio", "CPU s per 1,000 (engine)",
        "then a load of events/s", "waiting at its end", "seen after, p50 / p95 s (samples, never seen)",
        "profile meanwhile, p50 / p95 ms", "MiB before, after", "start, s", "a new trait, s", "left for a run of all",
    )  # fmt: skip
    return _table(columns, rows)


def _accept(kept: Sequence[Kept]) -> str:
    """Show each way of sending, the bare service before ours."""
    rows = [
        (
            found["shape"], "at the goal" if found["paced"] else "flat out", found["service"],
            f"{found['events_per_second']:,.0f}", f"{found['p50_ms']:.1f}", f"{found['p99_ms']:.0f}",
            f"{found['server_cpu']:.3f}", f"{found['sender_cpu']:.3f}", str(found.get("failed", 0)), str(found["lost"]),
        )
        for found in kept[-1]["result"]
    ]  # fmt: skip
    columns = ("sent", "pace", "service", "events/s", "p50 ms", "p99 ms", "service CPU s per 1,000",
               "sender CPU s per 1,000", "failed", "lost")  # fmt: skip
    return _table(columns, rows)


def _soak(kept: Sequence[Kept]) -> str:
    """Show the memory of each process, and what a record that comes costs."""
    rows = []
    for found in kept[-1]["result"]:
        for process in ("answering", "applying", "engine"):
            memory = found[process]
            if memory is not None:
                per_record = found["kib_per_newcomer"] if process == "applying" else None
                rows.append(
                    (
                        "also newcomers" if found["newcomers"] else "known people", f"{found['rate']:,.0f}",
                        f"{found['minutes']:g}", f"{found['records_before']:,}, {found['records_after']:,}", process,
                        *(f"{memory[name]:,.0f}" for name in ("start", "quarter", "end")), f"{memory['slope']:.2f}",
                        "yes" if memory["flat"] else "no", "" if per_record is None else f"{per_record:.1f}",
                    )
                )  # fmt: skip
    columns = ("events of", "events/s", "minutes", "records before, after", "process", "MiB at the start",
               "after a quarter", "at the end", "MiB a minute", "flat", "KiB a record that came")  # fmt: skip
    return _table(columns, rows)


def _machine(before: str, kept: Sequence[Kept]) -> str:
    """Say when and on what; the load is the mean number of busy processes of five minutes."""
    named = {_name(one): (*_name(one), one["measured_at"], f"{one['load']:.1f}") for one in kept}
    lines = [line.strip("| ").split(" | ") for line in before.splitlines() if line.startswith("| ")][1:]
    rows = {(line[0], line[1]): tuple(line) for line in lines} | named
    newest = max(kept, key=lambda one: str(one["measured_at"]))["machine"] if kept else {}
    facts = "; ".join(f"{name} {value}" for name, value in newest.items()) + "."
    if not kept:
        facts = before.strip().partition("\n")[0]
    ordered = [rows[name] for name in sorted(rows, key=_order)]
    table = _table(("measurement", "records", "when", "load of the machine"), ordered)
    return f"{facts}\n\n{table.rstrip()}"


def _order(name: tuple[str, str]) -> tuple[str, int]:
    return name[0], int(name[1].replace(",", ""))


def _name(one: Kept) -> tuple[str, str]:
    return " ".join(filter(None, (one["part"], one.get("engine")))), f"{one['records']:,}"


def _dedupe(kept: Sequence[Kept]) -> str:
    rows, ratios = [], []
    for one in kept:
        ours, rival = one["result"]
        for side in (ours, rival):
            rows.append(
                (
                    f"{side['records']:,}", side["name"], f"{side['wall']:.0f}", f"{side['cpu']:.0f}",
                    f"{side['peak_mib']:.0f}", *(f"{value:.4f}" for value in (*side["pairwise"], *side["b_cubed"])),
                )
            )  # fmt: skip
        ratios.append(
            (
                f"{one['records']:,}", *(f"{ours[name] / rival[name]:.2f}" for name in ("wall", "cpu", "peak_mib")),
                f"{ours['pairwise'][2] - rival['pairwise'][2]:+.4f}",
                f"{ours['b_cubed'][2] - rival['b_cubed'][2]:+.4f}",
            )
        )  # fmt: skip
    scores = [f"{kind} {name}" for kind in ("pairs", "B³") for name in ("P", "R", "F1")]
    columns = ("records", "who", "wall s", "CPU s", "peak MiB", *scores)
    ratio_columns = ("records", "wall", "CPU", "peak memory", "pairs F1", "B³ F1")
    stages = [_stages(one) for one in kept]
    heading = "Ours divided by Splink alone (below 1 is better), and the difference in F1 (above 0 is better):"
    return "\n".join([_table(columns, rows), heading + "\n", _table(ratio_columns, ratios), *stages])


def _stages(one: Kept) -> str:
    lines = [
        f"- {one['records']:,}, {side['name']}: "
        + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in side["stages"].items())
        for side in one["result"]
    ]
    return "\n".join(lines) + "\n"


def _scale(kept: Sequence[Kept]) -> str:
    """Show into how many clusters each planted person came, and how many strangers came along."""
    people = sorted({name for one in kept for group in one["result"]["groups"] for name in group})
    rows = [
        (
            f"{one['records']:,}", *(sum(name in group for group in one["result"]["groups"]) for name in people),
            sum(len(set(group)) > 1 for group in one["result"]["groups"]), one["result"]["strangers"],
        )
        for one in kept
    ]  # fmt: skip
    names = (f"clusters of: {name}" for name in people)
    columns = ("other records", *names, "clusters of several", "strangers in them")
    return _table(columns, rows)


def _growth(kept: Sequence[Kept]) -> str:
    """Show the stages of each size, and how much each grew from the smallest to the largest size."""
    results = [one["result"] for one in kept]
    columns = ["command", "stage", *(f"{one['records']:,}: s (MiB)" for one in results)]
    growing = len(results) > 1
    if growing:
        columns.append(f"growth over ×{results[-1]['records'] / results[0]['records']:g}")
    rows = []
    for command, title in (("load", "load"), ("resolve", "resolve"), ("again", "resolve again, unchanged")):
        names = dict.fromkeys(stage["name"] for one in results for stage in one[command])
        for name in names:
            rows.append([title, name, *_cells(results, command, {name})])
        rows.append([title, "**all**", *_cells(results, command, set(names))])
    rows.append(["engine", "resident at the end", *(f"({one['engine_mib']:.0f})" for one in results)])
    if growing:
        rows[-1].append("")
    return _table(columns, rows)


def _cells(results: Sequence[Kept], command: str, names: set[str]) -> list[str]:
    costs = []
    for one in results:
        stages = [stage for stage in one[command] if stage["name"] in names]
        seconds, peak = sum(s["seconds"] for s in stages), max((s["peak_mib"] for s in stages), default=0.0)
        costs.append((seconds, peak))
    cells = [f"{seconds:.1f} ({peak:.0f})" for seconds, peak in costs]
    if len(costs) > 1:
        first, last = costs[0][0], costs[-1][0]
        cells.append(f"×{last / first:.1f}" if first >= 0.05 else "")
    return cells


def _latency(kept: Sequence[Kept]) -> str:
    """Show every way; ours is divided by the way of the lowest median, because the luckiest tail would favour luck."""
    ways = list(dict.fromkeys(way for one in kept for way in one["result"]["all_bare"]))
    rows = []
    for one in kept:
        ours, bare = one["result"]["ours"], one["result"]["all_bare"]
        best = min(bare.values(), key=lambda costs: costs[0])
        costs = (ours, *(bare[way] for way in ways))
        rows.append(
            (
                one["result"]["engine"], f"{one['records']:,}", one["result"]["lookups"],
                *(f"{middle:.1f} / {slow:.1f}" for middle, slow in costs),
                *(f"{mine / other:.2f}" for mine, other in zip(ours, best, strict=True)),
            )
        )  # fmt: skip
    columns = (
        "engine", "records", "lookups", "ours, p50 / p95 ms", *(f"bare: {way}" for way in ways),
        "ours / best median, p50", "p95",
    )  # fmt: skip
    return _table(columns, rows)


def _profiles(kept: Sequence[Kept]) -> str:
    questions = ("now", "past", "certain", "batch", "resolve")
    rows = [
        (
            one["result"]["engine"], f"{one['records']:,}", one["result"]["asked"],
            *("{:.0f} / {:.0f}".format(*one["result"][name]) for name in questions), f"{one['result']['own']:.3f}",
        )
        for one in kept
    ]  # fmt: skip
    columns = ("engine", "records", "asked", "profile, p50 / p95 ms", "as of a time", "of certain records",
               "1,000 at once", "who would this be", "of these at their own customer")  # fmt: skip
    return _table(columns, rows)


def _load(kept: Sequence[Kept]) -> str:
    """Show records per second, and ours divided by each loop."""
    rows = []
    for one in kept:
        found = one["result"]
        ways = ("merge", "create")
        rates = (found["ours"], *(found["bare"][way] for way in ways))
        rows.append(
            (
                found["engine"], f"{one['records']:,}", f"{found['nodes_and_relationships']:,}",
                *(f"{rate:,.0f}" for rate in rates), *(f"{found['ratios'][way]:.2f}" for way in ways),
                f"{found['file']:,.0f}", f"{found['again']:,.0f}",
            )
        )  # fmt: skip
    columns = (
        "engine", "records", "nodes and relationships", "ours records/s", "loop with MERGE", "loop with CREATE",
        "ours / MERGE", "ours / CREATE", "`load` of the file", "unchanged again",
    )  # fmt: skip
    return _table(columns, rows)


def _one_record(kept: Sequence[Kept]) -> str:
    """Show milliseconds per record step by step, and Splink's beside them."""
    ours, theirs = [], []
    for one in kept:
        found = one["result"]
        steps = (found["steps"][name] for name in ("features", "candidates", "weights", "all"))
        ours.append(
            (
                f"{found['records']:,}", *(f"{p50:.2f} / {p95:.2f}" for p50, p95 in (*steps, found["wall"])),
                f"{found['candidates']:.1f}", f"{found['pairs_per_second']:,.0f}", f"{found['start_seconds']:.0f}",
                f"{found['held_mib']:.0f}",
            )
        )  # fmt: skip
        for way, (p50, p95, wall_p50, wall_p95) in found["splink"].items():
            times = (f"{p50:.0f} / {p95:.0f}", f"{wall_p50:.0f} / {wall_p95:.0f}")
            theirs.append((f"{found['records']:,}", f"`{way}`", *times, f"{p50 / found['steps']['all'][0]:.0f}"))
    columns = (
        "records held", "features, CPU ms p50 / p95", "candidates", "weights and evidence", "all", "all by the clock",
        "candidates a record", "pairs/s, CPU", "start, CPU s", "held MiB",
    )  # fmt: skip
    rival = ("records held", "Splink", "CPU ms p50 / p95", "by the clock", "times ours, CPU p50")
    return "\n".join([_table(columns, ours), _table(rival, theirs)])


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


_SECTIONS: Mapping[str, tuple[str, Callable[[Sequence[Kept]], str]]] = {
    "dedupe": ("Clusters of one file", _dedupe),
    "scale": ("The same 28 records of 6 people among others", _scale),
    "growth": ("Load and resolve, by size", _growth),
    "latency": ("Profile by identifier", _latency),
    "profiles": ("Profiles for applications", _profiles),
    "load": ("Writing facts", _load),
    "one_record": ("One record against everything", _one_record),
    "accept": ("Accepting events", _accept),
    "live": ("Events applied and resolved as they come", _live),
    "soak": ("Memory while events come", _soak),
}
"""Part -> heading and table, in the order of the README."""
