"""How much evidence joins records: the few numbers of clustering."""

from __future__ import annotations

from dataclasses import dataclass

from identity_graph.errors import InvalidSettingError

__all__ = ["ClusterPolicy"]


@dataclass(frozen=True, slots=True)
class ClusterPolicy:
    """The numbers of clustering, in bits of match weight.

    Attributes:
        threshold_weight: two groups join while the mean weight over all pairs between them is above this. Weights
            err on the side of strangers, because what has changed changes together (a move: street, postcode, city).
        strongest_for: a single weight counts at most this much for one person; above the threshold. Odds of a million
            to one say all there is to say, and one pair must not outvote a whole group.
        strongest_against: a single weight counts at most this much against, and so does a pair that nobody weighed;
            above minus the threshold. Two records of one person may differ in nearly everything; that other people
            are behind them is shown by many pairs, a unique identifier or a steward, not by one pair.
        minimum_certainty: clusters are cut to the parts in which every membership has at least this probability, 0..1;
            0 cuts nothing. It does not touch who is nearest to whom, so a higher one never joins more.
    """

    threshold_weight: float = -1.5
    strongest_for: float = 20.0
    strongest_against: float = 4.0
    minimum_certainty: float = 0.0

    def __post_init__(self) -> None:
        if not -self.strongest_against < self.threshold_weight < self.strongest_for:
            raise InvalidSettingError(
                f"Clustering needs a threshold between -{self.strongest_against:g} and {self.strongest_for:g} bits.",
                ids=["threshold_weight", "strongest_for", "strongest_against"],
            )
        if not 0.0 <= self.minimum_certainty <= 1.0:
            raise InvalidSettingError(
                f"The minimum certainty {self.minimum_certainty:g} is not between 0 and 1.",
                ids=["minimum_certainty"],
                next_step="Give a probability, such as 0.99.",
            )
