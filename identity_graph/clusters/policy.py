"""How much evidence joins records: the few numbers of clustering."""

from __future__ import annotations

from dataclasses import dataclass

from identity_graph.errors import InvalidSettingError

__all__ = ["ClusterPolicy"]


@dataclass(frozen=True, slots=True)
class ClusterPolicy:
    """The numbers of clustering, in bits of match weight.

    Attributes:
        threshold_weight: two groups join while the mean weight over all pairs between them is above this.
        unscored_penalty: a pair of people that nobody scored counts as the threshold less this; 0 or more.
        strongest_weight: a single weight counts at most this much, for or against; above 0. Odds of a million to
            one say all there is to say, and one pair must not outvote a whole group.
    """

    threshold_weight: float = -1.0
    unscored_penalty: float = 2.0
    strongest_weight: float = 20.0

    def __post_init__(self) -> None:
        if self.unscored_penalty < 0 or self.strongest_weight <= abs(self.threshold_weight):
            raise InvalidSettingError(
                "Clustering needs unscored_penalty >= 0 and strongest_weight above the size of threshold_weight.",
                ids=["unscored_penalty", "strongest_weight"],
            )
