"""The match weights of a model as a picture: one bar a level, in bits, left of zero against and right of it for.

A ModelDescription comes in, SVG text goes out: static, without scripts or anything to fetch, readable on light and on
dark screens, and the same bytes for the same model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from identity_graph.modelling.description import ComparisonDescription, LevelDescription, ModelDescription

__all__ = ["draw_chart"]

_WIDTH = 960
_PLOT_LEFT, _PLOT_RIGHT = 330, 800
_ROW, _HEAD, _GAP = 21, 25, 9
_BAR = 13
_TOP = 84
_LEGEND = 46
_FONTS = "system-ui, -apple-system, Segoe UI, sans-serif"
_TICK_STEPS = (1, 2, 5, 10, 20, 50)
_MOST_TICKS = 10
_LABEL_LETTERS = 46
_MOSTLY_LEARNT = 0.5

_STYLE = """
.back{fill:#ffffff}.text{fill:#1c2330}.quiet{fill:#5c6675}.grid{stroke:#e3e7ec}.zero{stroke:#77818f}
.for{fill:#2a6fbb;stroke:#2a6fbb}.against{fill:#c8641c;stroke:#c8641c}.prior{fill:#8a94a3;stroke:#8a94a3}
.hollow{fill-opacity:.12;stroke-dasharray:3 2}.range{stroke:#1c2330;stroke-opacity:.75}
@media (prefers-color-scheme:dark){
.back{fill:#14181f}.text{fill:#e8ecf1}.quiet{fill:#9aa5b4}.grid{stroke:#2a313c}.zero{stroke:#7d8796}
.for{fill:#5fa4ea;stroke:#5fa4ea}.against{fill:#e89350;stroke:#e89350}
.prior{fill:#737d8c;stroke:#737d8c}.range{stroke:#e8ecf1}}
"""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Bits to horizontal positions."""

    low: float
    high: float
    step: int

    def x(self, bits: float) -> float:
        return _PLOT_LEFT + (bits - self.low) / (self.high - self.low) * (_PLOT_RIGHT - _PLOT_LEFT)

    def ticks(self) -> range:
        return range(math.ceil(self.low / self.step) * self.step, math.floor(self.high) + 1, self.step)


def draw_chart(described: ModelDescription) -> str:
    """Draw the match weights of a model.

    Args:
        described: the model.

    Returns:
        An SVG document. Bars are grouped by comparison and labelled; a thin line goes from the commonest to the rarest
        value where rarity counts; bars whose m is mostly a default are hollow.
    """
    scale = _scale(described)
    rows: list[str] = [*_bar_row("prior: two random records", described.prior_bits, "prior", _TOP, scale)]
    y = _TOP + _ROW + _GAP
    for comparison in described.comparisons:
        rows.extend(_comparison_rows(comparison, y, scale))
        y += _HEAD + _ROW * len(comparison.levels) + _GAP
    height = y + _LEGEND
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img" font-family="{_FONTS}" font-size="12.5">',
            f"<title>Match weights of model {escape(described.version)}</title>",
            f"<style>{_STYLE.strip()}</style>",
            f'<rect class="back" width="{_WIDTH}" height="{height}"/>',
            *_frame(described, scale, y),
            *rows,
            *_legend(y + 22),
            "</svg>",
            "",
        ]
    )


def _scale(described: ModelDescription) -> _Scale:
    levels = [level for comparison in described.comparisons for level in comparison.levels]
    ends = [0.0, described.prior_bits, *(bits for one in levels for bits in (one.lowest_bits, one.highest_bits))]
    low, high = math.floor(min(ends)) - 0.5, math.ceil(max(ends)) + 0.5
    step = next((step for step in _TICK_STEPS if (high - low) / step <= _MOST_TICKS), _TICK_STEPS[-1])
    return _Scale(low, high, step)


def _frame(described: ModelDescription, scale: _Scale, bottom: float) -> Iterator[str]:
    """Yield the title, the directions and the grid."""
    learnt_from = f"{described.training.get('records', 0):,.0f} records"
    yield _text(20, 28, f"Match weights of model {described.version}", size=17, bold=True)
    yield _text(20, 47, f"in bits: one more doubles the odds; learnt from {learnt_from}", "quiet")
    zero = scale.x(0)
    yield _text(zero - 8, _TOP - 24, "← other people", "quiet", "end")
    yield _text(zero + 8, _TOP - 24, "one person →", "quiet")
    for tick in scale.ticks():
        x = scale.x(tick)
        yield _line(x, _TOP - 5, x, bottom, "zero" if tick == 0 else "grid")
        yield _text(x, _TOP - 9, f"{tick:+d}".replace("-", "−") if tick else "0", "quiet", "middle", size=11)


def _comparison_rows(comparison: ComparisonDescription, y: float, scale: _Scale) -> Iterator[str]:
    yield _text(20, y + 16, comparison.label, bold=True)
    taught = f"{comparison.pairs:,.0f} pairs taught it" if comparison.pairs >= 1 else "a default: no pairs taught it"
    yield _text(_PLOT_LEFT - 12, y + 16, taught, "quiet", "end", size=11)
    for place, level in enumerate(comparison.levels):
        kind = "for" if level.bits >= 0 else "against"
        hollow = "" if comparison.learnt >= _MOSTLY_LEARNT else " hollow"
        yield from _bar_row(_short(level.label), level.bits, kind + hollow, y + _HEAD + _ROW * place, scale, level)


def _bar_row(
    label: str, bits: float, kind: str, y: float, scale: _Scale, level: LevelDescription | None = None
) -> Iterator[str]:
    """Yield one bar with its label and its number; the level's own numbers show when the pointer rests on it."""
    start, end = sorted((scale.x(0), scale.x(bits)))
    top = y + (_ROW - _BAR) / 2
    middle = y + _ROW / 2
    yield "<g>"
    if level is not None:
        told = f"{level.label}: m {level.m:.3g}, u {level.u:.3g}, {_signed(bits)} bits; {level.pairs:,.0f} pairs"
        yield f"<title>{escape(told)}</title>"
    yield _text(_PLOT_LEFT - 12, middle + 4, label, "text", "end")
    yield (
        f'<rect class="{kind}" x="{start:.1f}" y="{top:.1f}" width="{max(end - start, 1.0):.1f}" '
        f'height="{_BAR}" rx="1.5"/>'
    )
    if level is not None and level.highest_bits > level.lowest_bits:
        left, right = scale.x(level.lowest_bits), scale.x(level.highest_bits)
        yield _line(left, middle, right, middle, "range")
        for x in (left, right):
            yield _line(x, middle - 3.5, x, middle + 3.5, "range")
        ends = f"{_signed(level.lowest_bits)} to {_signed(level.highest_bits)}"
        yield _text(_WIDTH - 16, middle + 4, ends, "quiet", "end", size=11)
    yield _text(_PLOT_RIGHT + 44, middle + 4, _signed(bits), "text", "end", bold=True)
    yield "</g>"


def _legend(y: float) -> Iterator[str]:
    yield _line(20, y - 4, 52, y - 4, "range")
    for x in (20, 52):
        yield _line(x, y - 7.5, x, y - 0.5, "range")
    yield _text(60, y, "from the commonest to the rarest value; the bar is the average", "quiet", size=11)
    yield f'<rect class="for hollow" x="470" y="{y - 10:.1f}" width="32" height="{_BAR - 1}" rx="1.5"/>'
    yield _text(510, y, "mostly a default, because too few pairs taught it", "quiet", size=11)


def _text(x: float, y: float, text: str, kind: str = "text", anchor: str = "start", **look: float | bool) -> str:
    size = f' font-size="{look["size"]:g}"' if "size" in look else ""
    weight = ' font-weight="600"' if look.get("bold") else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{size}{weight}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _signed(bits: float) -> str:
    return f"{bits:+.1f}".replace("-", "−")


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_LETTERS else label[: _LABEL_LETTERS - 1].rstrip() + "…"
