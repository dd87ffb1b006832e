"""A model as one HTML page: its chart and the tables behind it, to open in any browser or send to a colleague.

A ModelDescription comes in, HTML text goes out: one file without scripts or anything to fetch. It shows values of the
data (the rarest and commonest names and the like), as the artefact itself does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from identity_graph.modelling.chart import draw_chart
from identity_graph.modelling.description import ModelDescription, TellingValue

__all__ = ["write_page"]

_STYLE = """
:root{color-scheme:light dark;--back:#fff;--text:#1c2330;--quiet:#5c6675;--line:#e3e7ec}
@media (prefers-color-scheme:dark){:root{--back:#14181f;--text:#e8ecf1;--quiet:#9aa5b4;--line:#2a313c}}
body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
max-width:1020px;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}p{color:var(--quiet);margin:.2rem 0 .8rem}
svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:.28rem .7rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--quiet)}td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
tr.group td{padding-top:.9rem;font-weight:600}.blocks{font-size:13px;color:var(--quiet)}
.scroll{overflow-x:auto}
"""

Cell = str | float | int
Row = Sequence[Cell]


def write_page(described: ModelDescription) -> str:
    """Write a model as an HTML page.

    Args:
        described: the model.

    Returns:
        The whole document; the same text for the same model.
    """
    parts = [
        f"<h1>Matching model {escape(described.version)}</h1>",
        f"<p>Features version {escape(described.features)}, normaliser version {escape(described.normaliser)}. "
        "A pair of records is one person when the prior and the bits of its levels add up to enough.</p>",
        f'<div class="scroll">{draw_chart(described)}</div>',
        *_section("Training", ("figure", "value"), _training(described)),
        *_section(
            "Sources",
            ("source", "records", "duplicates expected", "each person once"),
            [(one.name, one.records, one.expected_duplicates, _yes(one.duplicate_free)) for one in described.sources],
        ),
        *_section("Roles", ("attribute", "role"), list(described.roles.items())),
        *_section("Levels", ("level", "m", "u", "bits", "pairs"), list(_levels(described))),
        *_section(
            "What rarity says",
            ("column", "values", "most telling", "least telling"),
            [
                (one.column.replace("_", " "), one.values, _values(one.most_telling), _values(one.least_telling))
                for one in described.values
            ],
        ),
        "<h2>Blocking rules, and how many records may share a key</h2>",
        f'<p class="blocks">{escape(" · ".join(f"{rule} {most:,}" for rule, most in described.blocking.items()))}</p>',
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Matching model {escape(described.version)}</title>",
            f"<style>{_STYLE.strip()}</style></head><body>",
            *parts,
            "</body></html>",
            "",
        ]
    )


def _training(described: ModelDescription) -> list[Row]:
    rows: list[Row] = [("prior (bits)", described.prior_bits)]
    rows += [(name, value) for name, value in described.training.items()]
    rows += [(f"threshold: {name} (bits)", value) for name, value in described.thresholds.items()]
    return rows + [(f"relatives agree: {name.replace('_', ' ')}", share) for name, share in described.relatives.items()]


def _levels(described: ModelDescription) -> Iterator[Row]:
    for comparison in described.comparisons:
        yield (f"{comparison.label} ({comparison.learnt:.0%} learnt)",)
        for level in comparison.levels:
            yield level.label, level.m, level.u, f"{level.bits:+.1f}", round(level.pairs)


def _values(values: Sequence[TellingValue]) -> str:
    return ", ".join(f"{one.value} ({one.bits:+.1f})" for one in values)


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _section(title: str, columns: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Yield a heading and a table; a row of one cell opens a group."""
    if not rows:
        return
    # A column is of numbers when its cells are; a text such as +2.1 is one too.
    numeric = [all(_numeric(row[place]) for row in rows if len(row) > 1) for place in range(len(columns))]
    kinds = [' class="number"' if one else "" for one in numeric]
    yield f"<h2>{escape(title)}</h2>"
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f"<th{kind}>{escape(column)}</th>" for kind, column in zip(kinds, columns, strict=True))
    yield "</tr></thead><tbody>"
    for row in rows:
        if len(row) == 1:
            yield f'<tr class="group"><td colspan="{len(columns)}">{escape(str(row[0]))}</td></tr>'
            continue
        cells = zip(kinds, row, strict=True)
        yield "<tr>" + "".join(f"<td{kind}>{escape(_shown(cell))}</td>" for kind, cell in cells) + "</tr>"
    yield "</tbody></table></div>"


def _numeric(cell: Cell) -> bool:
    return not isinstance(cell, str) or (cell[:1] in "+-" and cell[1:2].isdigit())


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or cell == int(cell):
        return f"{int(cell):,}"
    return f"{cell:.3g}" if abs(cell) < 1000 else f"{cell:,.0f}"
