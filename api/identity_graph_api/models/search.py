"""Bodies about searching."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from identity_graph_api.models.base import Question, View
from identity_graph_api.models.customers import CustomerModel

__all__ = ["AttributeScoreModel", "SearchAnswerModel", "SearchHitModel", "SearchRequest"]


class SearchRequest(Question):
    """What is known of the person."""

    model_config = ConfigDict(extra="forbid")

    attributes: dict[str, str] = Field(
        description="As people write them; at least an identifier, a family name, a birth date or a postcode.",
        examples=[{"given_name": "Jane", "family_name": "Do", "birth_date": "31/01/1980"}],
    )
    limit: int = Field(10, description="Hits at most, 1 to 100.", examples=[10])
    minimum_score: float = Field(0.5, description="Hits below this are left out, 0 to 1.", examples=[0.5])


class AttributeScoreModel(View):
    """How one attribute asked for compares."""

    attribute: str = Field(description="The attribute.", examples=["family_name"])
    asked: str = Field(description="Canonical value that was asked for.", examples=["Do"])
    found: str | None = Field(description="The most similar stored value; null when none is stored.", examples=["Doe"])
    similarity: float = Field(description="0 to 1.", examples=[0.91])
    reason: str = Field(description="Why, in words.", examples=["similar letters"])
    weight: float = Field(description="How much it counts.", examples=[3.0])


class SearchHitModel(View):
    """A customer that may be meant."""

    customer: CustomerModel = Field(description="The customer.")
    score: float = Field(description="0 to 1; 1 when all that was asked for is stored just so.", examples=[0.94])
    breakdown: list[AttributeScoreModel] = Field(description="One entry per attribute asked for.")
    record_keys: list[str] = Field(
        description="Its records that were compared, the most similar first.", examples=[["crm:42"]]
    )


class SearchAnswerModel(View):
    """Hits, best first."""

    hits: list[SearchHitModel] = Field(description="Best first.")
    understood: dict[str, str] = Field(
        description="What was looked for, in canonical form.", examples=[{"family_name": "Do"}]
    )
    unreadable: dict[str, str] = Field(
        description="Attributes left out because their value could not be read, with the reason.",
        examples=[{"birth_date": "unreadable_date"}],
    )
    crowded: list[str] = Field(
        description="Attributes that so many records share that some were not looked at; another attribute would help.",
        examples=[["family_name"]],
    )
