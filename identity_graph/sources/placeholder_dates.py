"""Which dates of birth are nobody's: what a system wrote when it had none, found by how often each date occurs.

Canonical dates of a sample come in, the dates that mean no date go out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from identity_graph.normalise import PLACEHOLDER_DATES

__all__ = ["find_placeholder_dates"]

_NEAR_YEARS = 10
_NEAR_AT_LEAST = 5
_NEAR_SHARE = 0.01
_TIMES_NEAR = 5
_FEW = 3
_SPIKE_COUNT = 20
_SPIKE_SHARE = 0.02
_TIMES_USUAL = 10
_USUAL_RANK = 3
"""The fourth most frequent date is the usual height: up to three dates may be placeholders."""


def find_placeholder_dates(dates: Iterable[str | None]) -> tuple[str, ...]:
    """Find the dates that mean no date.

    Args:
        dates: canonical dates of birth of a sample, none of them left out; null where there is none.

    Returns:
        Sorted: the dates that systems are known to write (`1900-01-01`), except those that lie among other people's
        dates and are about as frequent as these; and every other date that is ten times as frequent as is usual in
        the sample.
    """
    counts = Counter(date for date in dates if date is not None and len(date) == 10)
    others = {date: count for date, count in counts.items() if date not in PLACEHOLDER_DATES}
    real = {date for date in PLACEHOLDER_DATES & counts.keys() if _among_people(date, counts[date], others)}
    usual = sorted(counts.values(), reverse=True)[_USUAL_RANK : _USUAL_RANK + 1]
    limit = max(_SPIKE_COUNT, _SPIKE_SHARE * counts.total(), _TIMES_USUAL * usual[0] if usual else counts.total() + 1)
    spikes = {date for date, count in others.items() if count >= limit}
    return tuple(sorted((PLACEHOLDER_DATES - real) | spikes))


def _among_people(date: str, count: int, others: dict[str, int]) -> bool:
    """Say whether people were born around a date, and it is no spike among their dates."""
    year = int(date[:4])
    near = [found for other, found in others.items() if abs(int(other[:4]) - year) <= _NEAR_YEARS]
    enough = max(_NEAR_AT_LEAST, _NEAR_SHARE * sum(others.values()))
    return sum(near) >= enough and count <= max(_FEW, _TIMES_NEAR * max(near))
