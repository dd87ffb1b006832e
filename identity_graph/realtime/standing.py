"""How far a resolver is: whether it has the records in memory and can answer, and if not, what it is at.

Pure; made by the resolver, told to other processes as JSON.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["LOADED_PARTS", "Standing", "StandingState"]

LOADED_PARTS = ("the records", "the index", "the customers")
"""What is read into memory at a start, in order."""


class StandingState(StrEnum):
    """What a resolver does: none is there, no answer in time, nothing to do yet, reading, a run of all, at work."""

    NONE = "none"
    BUSY = "busy"
    IDLE = "idle"
    LOADING = "loading"
    RESOLVING_ALL = "resolving_all"
    READY = "ready"


_WORDS = {
    StandingState.NONE: "no process of this data folder resolves",
    StandingState.BUSY: "the resolver is too busy to say how far it is",
    StandingState.IDLE: "nothing was ever resolved, so there is nothing to do",
    StandingState.RESOLVING_ALL: "all records are resolved first: customers were made otherwise, or are far behind",
    StandingState.READY: "changes are resolved as they come",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a resolver is.

    Attributes:
        state: what it does.
        part: while loading, one of LOADED_PARTS.
        records: records it has or reads; None when not known yet.
        since: when it began to load, or to be ready: of the monotonic clock of its machine, in seconds.
    """

    state: StandingState
    part: str | None = None
    records: int | None = None
    since: float = 0.0

    @classmethod
    def now(cls, state: StandingState, records: int | None = None) -> Standing:
        """Return a standing that begins now."""
        return cls(state, None, records, time.monotonic())

    def then(self, state: StandingState, part: str | None = None, records: int | None = None) -> Standing:
        """Return what follows; loading and a run of all records are one wait, so their time goes on."""
        waiting = (StandingState.LOADING, StandingState.RESOLVING_ALL)
        goes_on = self.state == state or (self.state in waiting and state in waiting)
        return Standing(state, part, records, self.since if goes_on else time.monotonic())

    @property
    def seconds(self) -> float:
        """Since when it is so, as seconds until now."""
        return max(0.0, time.monotonic() - self.since)

    def text(self) -> str:
        """Say it in words."""
        if self.state is not StandingState.LOADING or self.part is None:
            return _WORDS.get(self.state, "the resolver starts")
        many = f" of {self.records:,} records" if self.records else ""
        place = f"{LOADED_PARTS.index(self.part) + 1} of {len(LOADED_PARTS)}"
        return f"the resolver loads: {self.part}{many} ({place}), {self.seconds:.0f} s so far"

    def to_json(self) -> dict[str, Any]:
        """Return it for another process; times as ages, because clocks differ."""
        return {"state": self.state.value, "part": self.part, "records": self.records, "seconds": self.seconds}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Standing:
        """Read what `to_json` made.

        Raises:
            KeyError, TypeError, ValueError: it did not make this.
        """
        since = time.monotonic() - float(said["seconds"])
        return cls(StandingState(said["state"]), said["part"], said["records"], since)
