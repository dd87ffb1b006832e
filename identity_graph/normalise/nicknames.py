"""Families of given names: a name, its short forms and its usual spellings.

A folded given name comes in, the ids of the families it belongs to go out; an id is the family's full name. The
families are in `nicknames.txt`.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["nickname_groups"]


def _families() -> dict[str, tuple[str, ...]]:
    """Read the table as name -> ids of its families, sorted."""
    families: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("nicknames.txt").read_text(encoding="ascii").splitlines():
        names = line.partition("#")[0].split()
        for name in names:
            families.setdefault(name, set()).add(names[0])
    return {name: tuple(sorted(ids)) for name, ids in families.items()}


_FAMILIES = _families()


def nickname_groups(given_folded: str) -> tuple[str, ...]:
    """Return the ids of the families of a given name, sorted; empty when it is in none.

    Args:
        given_folded: one given name in comparison form (see `fold`).

    Two names that share an id may be one person's: `bill` and `william` share `william`; `alex` shares `alexander`
    and `alexandra` with both.
    """
    return _FAMILIES.get(given_folded, ())
