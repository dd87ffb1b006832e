"""Sets of record keys by name, most of which hold one key: those take the room of that key and no set.

Keys are added to names and removed; the set of a name goes out. A name without keys is forgotten.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Set
from typing import Generic, TypeVar

__all__ = ["KeySets"]

Name = TypeVar("Name", bound=Hashable)


class KeySets(Generic[Name]):
    """Record keys by name."""

    def __init__(self) -> None:
        self._keys: dict[Name, str | set[str]] = {}

    def __len__(self) -> int:
        """Number of names that have keys."""
        return len(self._keys)

    def of(self, name: Name) -> Set[str]:
        """Return the keys of a name, none when it is not known; not to be changed."""
        held = self._keys.get(name)
        if held is None:
            return frozenset()
        return frozenset((held,)) if isinstance(held, str) else held

    def add(self, name: Name, key: str) -> None:
        """Add a key to those of a name."""
        key = sys.intern(key)
        held = self._keys.get(name)
        if held is None:
            self._keys[name] = key
        elif not isinstance(held, str):
            held.add(key)
        elif held != key:
            self._keys[name] = {held, key}

    def remove(self, name: Name, key: str) -> None:
        """Remove a key from those of a name, if it is there."""
        held = self._keys.get(name)
        if held == key:
            del self._keys[name]
        elif isinstance(held, set):
            held.discard(key)
            if len(held) == 1:
                self._keys[name] = held.pop()
