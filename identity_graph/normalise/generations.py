"""Which generation a name says somebody is: `Jr`, `Sr`, `III`; father and son often differ only there.

The suffix of a name, or a name that may end in one, comes in; the generation as a number goes out. `Junior` and `II`
are both the second.
"""

from __future__ import annotations

from identity_graph.normalise.folding import fold

__all__ = ["generation", "without_generation"]

_NUMBERS = {
    "sr": "1", "snr": "1", "senior": "1",
    "jr": "2", "jnr": "2", "junior": "2", "ii": "2", "2nd": "2",
    "iii": "3", "3rd": "3",
    "iv": "4", "4th": "4",
}  # fmt: skip
_ALSO_NAMES = frozenset({"senior", "junior"})
"""Names of families too: they count only behind two words."""


def generation(suffix: str) -> str | None:
    """Return the number of the generation that a suffix names: `Jr., PhD` gives `2`; None when it names none."""
    return next((_NUMBERS[word] for word in fold(suffix).split() if word in _NUMBERS), None)


def without_generation(name: str) -> tuple[str, str | None]:
    """Split a family or given name, already folded, from a generation at its end: `smith jr` gives `smith` and `2`.

    Args:
        name: folded text; a first word is never a generation.
    """
    *rest, last = name.split(" ")
    if not rest or last not in _NUMBERS or (last in _ALSO_NAMES and len(rest) < 2):
        return name, None
    return " ".join(rest), _NUMBERS[last]
