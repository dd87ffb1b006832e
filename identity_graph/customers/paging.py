"""Pages of long answers: opaque cursors that stay valid while the graph changes.

The sort key of the last item shown comes in, a cursor text goes out, and back. A cursor holds a position, never an
offset, so items that come or go elsewhere neither repeat nor hide others.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from identity_graph.errors import InvalidSettingError

__all__ = ["MAX_PAGE", "CursorPart", "Page", "check_limit", "decode_cursor", "encode_cursor"]

MAX_PAGE = 1_000
"""The most items one page may hold."""

CursorPart = str | int | float

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, and the cursor that continues after them; None when these are the last."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def encode_cursor(*parts: CursorPart) -> str:
    """Turn the sort key of an item into a cursor, safe in addresses."""
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[CursorPart, ...]:
    """Read a cursor back.

    Args:
        cursor: text made by `encode_cursor`.
        kinds: the type of each part expected, in order.

    Raises:
        InvalidSettingError: the text is not a cursor of this list.
    """
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        json.dumps(
            parts, ensure_ascii=False, allow_nan=False
        ).encode()  # no engine knows half characters and no-numbers
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _not_a_cursor(cursor) from error
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise _not_a_cursor(cursor)
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in parts):
        raise _not_a_cursor(cursor)
    return tuple(parts)


def check_limit(limit: int, most: int = MAX_PAGE) -> None:
    """Check the length of a page.

    Raises:
        InvalidSettingError: it is below 1 or above `most`.
    """
    if not 1 <= limit <= most:
        raise InvalidSettingError(
            f"A page of {limit} items was asked for.", ids=["limit"], next_step=f"Ask for 1 to {most}."
        )


def _not_a_cursor(cursor: str) -> InvalidSettingError:
    return InvalidSettingError(
        f"The cursor {cursor[:80]!r} was not given out for this list.",
        ids=["cursor"],
        next_step="Start again without a cursor, or pass next_cursor of the page before as it is.",
    )
