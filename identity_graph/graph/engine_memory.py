"""How much memory the embedded engine may take: what is asked for, else a quarter of what the machine has.

Settings come in, the most Java heap goes out. What a container may use counts as the machine.
"""

from __future__ import annotations

from pathlib import Path

import psutil

from identity_graph.settings import Settings

__all__ = ["heap_of", "memory_of_machine"]

_LEAST_MIB = 2_048
"""What a graph of some hundred thousand records wants; a heap takes no more than it fills."""
_SHARE = 4
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says what a container may use, by its two versions."""


def heap_of(settings: Settings) -> str:
    """Return the most Java heap of the engine, such as `2g` or `512m`."""
    return settings.engine_heap or f"{max(memory_of_machine() // _SHARE // 2**20, _LEAST_MIB)}m"


def memory_of_machine() -> int:
    """Return the bytes of memory that the machine has, or that its container may use where that is less."""
    limits = [Path(name) for name in _LIMITS]
    said = [path.read_text(encoding="ascii").strip() for path in limits if path.is_file()]
    return min([psutil.virtual_memory().total, *(int(text) for text in said if text.isdigit())])
