"""Bodies about what a run is worth."""

from __future__ import annotations

from pydantic import Field

from identity_graph_api.models.base import View

__all__ = ["QualityModel"]


class IntervalModel(View):
    """An estimate between two bounds, each 0 to 1."""

    estimate: float = Field(description="The expected share.", examples=[0.9795])
    low: float = Field(description="Lower bound.", examples=[0.9309])
    high: float = Field(description="Upper bound.", examples=[0.994])


class SharesModel(View):
    """Precision and recall."""

    precision: IntervalModel = Field(description="Share of what is together that is one person.")
    recall: IntervalModel = Field(description="Share of what is one person that is together.")


class EstimatesModel(View):
    """Precision and recall, estimated without labels."""

    pairwise: SharesModel = Field(description="Over pairs of records.")
    b_cubed: SharesModel = Field(description="Mean over records.")
    pairs: int = Field(description="Pairs of records in clusters.", examples=[281391])
    wrong_pairs: float = Field(description="Expected pairs in clusters that are not one person.", examples=[5765.0])
    missed_pairs: float = Field(description="Expected pairs of one person between clusters.", examples=[12600.0])
    unseen_pairs: float = Field(description="Expected pairs of one person that nobody weighed.", examples=[2630.0])


class ShapesModel(View):
    """Counts over clusters."""

    sizes: dict[str, int] = Field(description="Records in a cluster to clusters.", examples=[{"1": 1612, "2": 329}])
    density: float | None = Field(description="Share of pairs in clusters that speak for one person.", examples=[0.89])
    hanging: int = Field(description="Records of larger clusters that a single link holds.", examples=[325])
    doubtful: int = Field(description="Clusters less certain than one half.", examples=[83])


class WeakClusterModel(View):
    """A cluster to look at."""

    cluster: str = Field(description="Key of its first record.", examples=["crm:42"])
    records: int = Field(description="How many it has.", examples=[3])
    certainty: float = Field(description="Probability that all are one person.", examples=[0.36])
    reason: str = Field(
        description="What makes it weak.", examples=["crm:42 belongs to the rest with probability 0.36 only"]
    )


class QuarantinedModel(View):
    """An identifier left out of linking."""

    identifier: str = Field(description="Its key.", examples=["email:info@shop.test"])
    reason: str = Field(description="Why.", examples=["12 different people carry it"])


class WorthModel(View):
    """What a comparison tells."""

    comparison: str = Field(description="Its name in evidence.", examples=["family_name"])
    bits: float = Field(description="Bits it tells of a pair of one person on average.", examples=[8.7])
    nothing: bool = Field(description="It hardly tells anything.", examples=[False])


class IdleColumnModel(View):
    """A column that carried nothing."""

    column: str = Field(description="Attribute.", examples=["gender"])
    filled: float = Field(description="Share of records that have it.", examples=[0.0])
    reason: str = Field(description="Why it carried nothing.", examples=["hardly ever filled"])


class SourceModel(View):
    """The structure of a source."""

    source: str = Field(description="Its name.", examples=["crm"])
    records: int = Field(description="Its records.", examples=[1200])
    records_with_duplicates: int = Field(description="Those with another of it in their cluster.", examples=[17])
    each_person_once: bool | None = Field(
        description="It holds each person once; null when it was not there in training.", examples=[True]
    )


class QualityModel(View):
    """What a run is worth, without labels."""

    estimates: EstimatesModel = Field(description="Precision and recall with intervals.")
    shapes: ShapesModel = Field(description="What the clusters look like.")
    weakest: list[WeakClusterModel] = Field(description="Clusters to look at first, at most 20.")
    quarantined: list[QuarantinedModel] = Field(description="Identifiers in quarantine, at most 20.")
    comparisons: list[WorthModel] = Field(description="The best first.")
    columns: list[IdleColumnModel] = Field(description="Columns that carried nothing.")
    sources: list[SourceModel] = Field(description="Structure of each source.")
