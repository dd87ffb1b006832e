"""What applications get: frozen profiles, traits with where they come from, external ids with when they were seen.

Made by `profiles.read`, turned into JSON by the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from identity_graph.customers.organisations import CustomerOrganisation
from identity_graph.errors import InvalidSettingError

__all__ = ["Counts", "ExternalId", "LostValue", "ProfileView", "Question", "Trait", "moment_text"]

_ALWAYS = "9999"


def moment_text(moment: datetime) -> str:
    """Write a time as the graph does, so that text compares as time does.

    Args:
        moment: with a time zone.

    Raises:
        InvalidSettingError: in UTC it is outside the calendar.
    """
    try:
        return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except OverflowError as error:
        raise InvalidSettingError(
            f"The time {moment.isoformat()} is outside the calendar.", ids=[moment.isoformat()],
            next_step="Give a time of the years 2 to 9998.",
        ) from error  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """How a profile is asked for.

    Attributes:
        as_of: the profile as the graph knew it then; with a time zone, None is now.
        min_certainty: only records that are at least so certain to belong to it, 0..1; 0 takes all.

    Raises:
        InvalidSettingError: the certainty is outside its range.
    """

    as_of: datetime | None = None
    min_certainty: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_certainty <= 1.0:
            raise InvalidSettingError(
                f"The certainty {self.min_certainty:g} is not a probability.", ids=["min_certainty"],
                next_step="Give 0 to 1.",
            )  # fmt: skip

    @property
    def at(self) -> str:
        """The moment as the graph writes it; for now, a text after every moment."""
        if self.as_of is None:
            return _ALWAYS
        return moment_text(self.as_of)


@dataclass(frozen=True, slots=True)
class LostValue:
    """A value that another one beat, and the record that says it."""

    value: str
    record_key: str
    source: str


@dataclass(frozen=True, slots=True)
class Trait:
    """The surviving value of one trait.

    Attributes:
        record_key, source: where it comes from.
        since: when the source said so; None when it gave no time.
        rule: what let it win, as of golden values.
        lost: the other values, best first.
    """

    value: str
    record_key: str
    source: str
    since: str | None
    rule: str
    lost: tuple[LostValue, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalId:
    """An identifier of the person.

    Attributes:
        status: active, blocked or quarantined, as it is now.
        first_seen, last_seen: when the sources saw it with the person; None when none gave a time, and for an earlier
            time also when it was seen again since.
        sources: names of the sources that know it, ascending.
    """

    namespace: str
    value: str
    status: str
    first_seen: str | None
    last_seen: str | None
    sources: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.namespace}:{self.value}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of a person; touchpoints are not counted for earlier times (None)."""

    records: int
    external_ids: int
    touchpoints: int | None
    organisations: int = 0


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The person behind an identifier.

    Attributes:
        id: customer id.
        requested: what was asked for: the key of an identifier, or a customer id.
        redirected: the customer id asked for stands for this one.
        as_of: the moment the profile is of; None is now.
        certainty: probability that all records are one person, 0..1; None for earlier times and chosen records.
        record_keys: records the profile was made of, ascending.
        other_ids: further customers that hold the identifier asked for, the closest first.
        created_at: when the id was given out.
        updated_at: when the profile last changed.
        cut: there are more records than were read.
        organisations: what its records are members of, by key.
    """

    id: str
    requested: str
    redirected: bool
    as_of: str | None
    certainty: float | None
    traits: Mapping[str, Trait]
    external_ids: tuple[ExternalId, ...]
    counts: Counts
    record_keys: tuple[str, ...] = field(default=())
    other_ids: tuple[str, ...] = ()
    created_at: str | None = None
    updated_at: str | None = None
    cut: bool = False
    organisations: tuple[CustomerOrganisation, ...] = ()
