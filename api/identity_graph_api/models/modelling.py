"""Bodies about matching models."""

from __future__ import annotations

from pydantic import Field

from identity_graph_api.models.base import View

__all__ = ["KeptModelModel", "ModelListModel", "ModelModel"]


class KeptModelModel(View):
    """A model kept in the data folder."""

    version: str = Field(description="Hash of its content.", examples=["311a806b66d8f1b2"])
    current: bool = Field(description="The last run used it, and the next will.", examples=[True])
    created_at: str = Field(
        description="When a run first used it; empty when none has.", examples=["2026-01-01T00:00:00.000000Z"]
    )
    records: int | None = Field(
        description="Records it was trained on; null when it cannot be read.", examples=[10_000]
    )
    labels: int | None = Field(
        description="Labelled pairs that helped to train it; null when it cannot be read.", examples=[120]
    )
    comparisons: int | None = Field(description="Aspects it compares; null when it cannot be read.", examples=[6])
    problem: str = Field(description="Why it cannot be read; empty when it can.", examples=[""])


class ModelListModel(View):
    """Every kept model."""

    items: list[KeptModelModel] = Field(description="Newest use first.")


class LevelModel(View):
    """One claim of a comparison and what it is worth."""

    label: str = Field(description="The claim in words.", examples=["family name agrees"])
    m: float = Field(description="How often records of one person satisfy it.", examples=[0.91])
    u: float = Field(description="How often strangers do; on average, where rarity counts.", examples=[0.002])
    bits: float = Field(description="log2(m / u): for one person when positive.", examples=[8.7])
    lowest_bits: float = Field(description="Bits of the commonest value.", examples=[5.6])
    highest_bits: float = Field(description="Bits of the rarest value.", examples=[13.0])
    by_rarity: str | None = Field(description="Column whose rarity counts; null for none.", examples=["family"])
    pairs: float = Field(description="Pairs of one person, as expected, that taught m.", examples=[17737.4])


class ComparisonModel(View):
    """One aspect of two records."""

    name: str = Field(description="Its name in evidence.", examples=["family_name"])
    label: str = Field(description="In words.", examples=["family name"])
    levels: list[LevelModel] = Field(description="Strongest claim first.")
    pairs: float = Field(description="Pairs of one person, as expected, that taught it.", examples=[19575.0])
    learnt: float = Field(description="Share the data taught; the rest is the default.", examples=[0.99])


class TellingValueModel(View):
    """A value and what it is worth when two records share it."""

    value: str = Field(description="The value, as it is compared.", examples=["smith"])
    share: float = Field(description="Its share among strangers.", examples=[0.01])
    bits: float = Field(description="What sharing it says.", examples=[6.4])


class ValuesModel(View):
    """The values of a column that are weighed by rarity."""

    column: str = Field(description="Feature column.", examples=["family"])
    values: int = Field(description="Values with a weight of their own.", examples=[967])
    most_telling: list[TellingValueModel] = Field(description="The rarest, at most five.")
    least_telling: list[TellingValueModel] = Field(description="The commonest, at most five.")


class LearntSourceModel(View):
    """What was learnt about a source."""

    name: str = Field(description="The source.", examples=["crm"])
    records: int = Field(description="Its records in training.", examples=[10_000])
    duplicate_free: bool = Field(description="It holds each person once, as far as the data tell.", examples=[True])
    expected_duplicates: float = Field(description="Matches expected inside it.", examples=[3.2])


class ModelModel(View):
    """A whole matching model."""

    version: str = Field(description="Hash of its content.", examples=["311a806b66d8f1b2"])
    features: str = Field(description="Version of the feature code it belongs to.", examples=["2"])
    normaliser: str = Field(description="Version of the normalising code it belongs to.", examples=["1"])
    prior: float = Field(description="Chance that two random records are one person.", examples=[0.0004])
    prior_bits: float = Field(description="The same as log2 odds.", examples=[-11.3])
    training: dict[str, float] = Field(description="Figures of the training.", examples=[{"records": 10_000}])
    thresholds: dict[str, float] = Field(
        description="Bits the run that trained it worked with.", examples=[{"join": -1.5}]
    )
    roles: dict[str, str] = Field(description="Attribute to role.", examples=[{"city": "city"}])
    comparisons: list[ComparisonModel] = Field(description="In evidence order.")
    values: list[ValuesModel] = Field(description="What rarity says, by column.")
    sources: list[LearntSourceModel] = Field(description="By name.")
    relatives: dict[str, float] = Field(
        description="How often two of one household agree, by comparison.", examples=[{"birth_date": 0.01}]
    )
    blocking: dict[str, int] = Field(
        description="Rules that find candidates, and how many records may share a key.", examples=[{"email": 1000}]
    )
