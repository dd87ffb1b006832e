"""Bodies about profiles for applications."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from identity_graph.profiles import MOST_AT_ONCE, Answer
from identity_graph_api.models.base import Question, View
from identity_graph_api.models.organisations import CustomerOrganisationModel

__all__ = [
    "MOST_ORGANISATIONS",
    "BatchAnswerModel",
    "BatchItemModel",
    "BatchRequest",
    "CountsModel",
    "DescriptionModel",
    "ExternalIdModel",
    "IdentifierModel",
    "LostValueModel",
    "PersonModel",
    "PlacedCustomerModel",
    "PlacementModel",
    "ProblemModel",
    "TraitModel",
    "TraitsModel",
    "UnreadableModel",
]


_TRAITS = {
    "family_name": {
        "value": "Doe", "record_key": "crm:42", "source": "crm", "since": "2026-03-01T09:30:00.000000Z",
        "rule": "most_frequent", "lost": [{"value": "Do", "record_key": "shop:7", "source": "shop"}],
    }
}  # fmt: skip


MOST_ORGANISATIONS = 20
"""Organisations that a profile shows."""


def _first(found: Any) -> Any:
    return found[:MOST_ORGANISATIONS]


class IdentifierModel(BaseModel):
    """An identifier as people write it."""

    namespace: str = Field(
        max_length=200, description="Kind of identifier, or customer_id for a customer id.", examples=["email"]
    )
    value: str = Field(
        max_length=2_000, description="The identifier as people write it.", examples=["Jane.Doe@Mail.test "]
    )


class LostValueModel(View):
    """A value that another one beat."""

    value: str = Field(description="The value.", examples=["Do"])
    record_key: str = Field(description="The record that says it.", examples=["shop:7"])
    source: str = Field(description="Its source.", examples=["shop"])


class TraitModel(View):
    """A trait with where it comes from."""

    value: str = Field(description="The value that survived.", examples=["Doe"])
    record_key: str = Field(description="The record it comes from.", examples=["crm:42"])
    source: str = Field(description="Its source.", examples=["crm"])
    since: str | None = Field(
        description="When the source said so; null when it gave no time.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    rule: str = Field(description="What let it win.", examples=["most_frequent"])
    lost: list[LostValueModel] = Field(description="The other values, best first.")


class ExternalIdModel(View):
    """An identifier of the person."""

    namespace: str = Field(description="Kind of identifier.", examples=["email"])
    value: str = Field(description="Canonical value.", examples=["jane.doe@mail.test"])
    status: str = Field(description="active, blocked or quarantined, as it is now.", examples=["active"])
    first_seen: str | None = Field(
        description="When it was first seen with the person.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    last_seen: str | None = Field(
        description="When it was last seen with the person; null with as_of when it was seen again since.",
        examples=["2026-03-01T09:30:00.000000Z"],
    )
    sources: list[str] = Field(description="The sources that know it.", examples=[["crm", "shop"]])


class CountsModel(View):
    """How much there is of a person."""

    records: int = Field(description="Records.", examples=[3])
    external_ids: int = Field(description="Identifiers shown.", examples=[5])
    touchpoints: int | None = Field(description="Interactions; null with as_of.", examples=[17])
    organisations: int = Field(description="Organisations it belongs to.", examples=[1])


class PersonModel(View):
    """The person behind an identifier."""

    id: str = Field(description="Customer id; it keeps its meaning.", examples=["c-01hzx3"])
    requested: str = Field(
        description="What was asked for: namespace and canonical value, or a customer id.",
        examples=["email:jane.doe@mail.test"],
    )
    redirected: bool = Field(description="The customer id asked for stands for this one.", examples=[False])
    as_of: str | None = Field(description="The moment it is of; null is now.", examples=[None])
    certainty: float | None = Field(
        description="Probability that all its records are one person, 0 to 1; null with as_of or min_certainty.",
        examples=[0.97],
    )
    traits: dict[str, TraitModel] = Field(description="Traits by name.", examples=[_TRAITS])
    external_ids: list[ExternalIdModel] = Field(description="Identifiers, by namespace and value.")
    organisations: Annotated[list[CustomerOrganisationModel], BeforeValidator(_first)] = Field(
        description=f"What its records are members of, by key; {MOST_ORGANISATIONS} at most, the rest in pages."
    )
    counts: CountsModel = Field(description="How much there is.")
    record_keys: list[str] = Field(description="The records it is made of.", examples=[["crm:42", "shop:7"]])
    other_ids: list[str] = Field(
        description="Further customers that hold the identifier asked for, the closest first.", examples=[["c-01hzx9"]]
    )
    created_at: str | None = Field(description="When the id was given out.", examples=["2026-03-01T09:30:00.000000Z"])
    updated_at: str | None = Field(description="When it last changed.", examples=["2026-03-01T09:30:00.000000Z"])
    cut: bool = Field(description="There are more records than were read.", examples=[False])


class TraitsModel(View):
    """The traits of a person."""

    id: str = Field(description="Customer id.", examples=["c-01hzx3"])
    as_of: str | None = Field(description="The moment they are of; null is now.", examples=[None])
    traits: dict[str, TraitModel] = Field(description="Traits by name.", examples=[_TRAITS])


class BatchRequest(Question):
    """Identifiers to look up at once."""

    identifiers: list[IdentifierModel] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description=f"1 to {MOST_AT_ONCE} identifiers."
    )


class ProblemModel(BaseModel):
    """Why there is no profile."""

    code: str = Field(description="Stable code to act on.", examples=["not_found"])
    detail: str = Field(
        description="What happened, and to what.", examples=["Nobody holds the identifier email:x@y.z."]
    )
    next_step: str = Field(description="What can be done about it.", examples=["Check the namespace and the value."])


class BatchItemModel(BaseModel):
    """What became of one identifier."""

    status: str = Field(
        description="found; ambiguous (several customers hold it: the closest is shown, see other_ids); not_found (see "
        "problem).",
        examples=["found"],
    )
    profile: PersonModel | None = Field(description="The person; null when not found.")
    problem: ProblemModel | None = Field(description="Why there is none; null when there is one.")

    @classmethod
    def of(cls, answer: Answer) -> BatchItemModel:
        """Read an answer."""
        if answer.error is not None:
            error = answer.error
            told = ProblemModel(code=error.code, detail=error.message, next_step=error.next_step)
            return cls(status="not_found", profile=None, problem=told)
        profile = PersonModel.model_validate(answer.profile)
        return cls(status="ambiguous" if profile.other_ids else "found", profile=profile, problem=None)


class BatchAnswerModel(BaseModel):
    """Answers in the order of the identifiers."""

    items: list[BatchItemModel] = Field(description="One for each identifier, in order.")


class DescriptionModel(BaseModel):
    """What is known of somebody."""

    identifiers: list[IdentifierModel] = Field(default=[], max_length=100, description="Identifiers.")
    attributes: dict[str, Annotated[str, Field(max_length=2_000)]] = Field(
        default={},
        max_length=100,
        description="Attribute or role to its value as people write it.",
        examples=[{"given_name": "Jane", "family_name": "Doe", "birth_date": "31/01/1980"}],
    )
    source: str | None = Field(
        default=None,
        max_length=200,
        description="The source that would send it; null for a trusted one that holds nothing yet.",
        examples=[None],
    )


class UnreadableModel(View):
    """A value that could not be used."""

    name: str = Field(description="The attribute, namespace or identifier.", examples=["birth_date"])
    reason: str = Field(
        description="Stable reason code, or the status of the identifier.", examples=["unreadable_date"]
    )


class PlacedCustomerModel(View):
    """A customer that a description has to do with."""

    customer_id: str = Field(description="The customer.", examples=["c-01hzx3"])
    joins: bool = Field(description="The description would be a record of it.", examples=[True])
    strength: float = Field(description="Bits of the strongest link between them.", examples=[12.4])
    record_key: str = Field(description="Its record at that link.", examples=["crm:42"])
    reasons: list[str] = Field(
        description="What speaks for it and against, in words.",
        examples=[["crm:42: share the email jane.doe@mail.test; match with 9.1 bits (name +5.2, birth_date +4.0)"]],
    )


class PlacementModel(View):
    """Who somebody would be."""

    customer_id: str | None = Field(
        description="The customer it would join, of several the one with the strongest link; null for a new customer.",
        examples=["c-01hzx3"],
    )
    customers: list[PlacedCustomerModel] = Field(
        description="Those it would join first; several such would be merged. Then who is near but apart."
    )
    attributes: dict[str, str] = Field(
        description="What was understood, canonical.", examples=[{"birth_date": "1980-01-31"}]
    )
    identifiers: list[str] = Field(
        description="The identifiers that were understood.", examples=[["email:jane.doe@mail.test"]]
    )
    problems: list[UnreadableModel] = Field(description="What could not be read or used.")
    crowded: list[str] = Field(
        description="What so many records share that some were not looked at.", examples=[["family_name"]]
    )
    complete: bool = Field(
        description="All records were candidates, as when it arrives; false while no resolver has them in memory.",
        examples=[True],
    )
