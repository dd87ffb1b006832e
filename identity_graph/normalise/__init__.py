"""Raw text to canonical values: pure functions, one rule set per role, nothing looked up outside.

Sources pass columns of raw text with their conventions; facts, matching and search get canonical values and the
comparison forms (`fold`, `email_key`, `company_key`). What cannot be read is a problem code, never an exception.
"""

from __future__ import annotations

from identity_graph.normalise.addresses import Address, parse_address
from identity_graph.normalise.codes import has_check_digit
from identity_graph.normalise.columns import normalise_column, normalise_value
from identity_graph.normalise.companies import company_key, looks_like_company
from identity_graph.normalise.dates import date_from_parts
from identity_graph.normalise.emails import email_key
from identity_graph.normalise.folding import fold
from identity_graph.normalise.generations import generation, without_generation
from identity_graph.normalise.nicknames import nickname_groups
from identity_graph.normalise.person_names import PersonName, parse_full_name
from identity_graph.normalise.phonetic_code import phonetic
from identity_graph.normalise.placeholders import is_placeholder
from identity_graph.normalise.result import NORMALISER_VERSION, PLACEHOLDER_DATES, NormaliseContext, Normalised
from identity_graph.normalise.street_key import street_key

__all__ = [
    "NORMALISER_VERSION", "PLACEHOLDER_DATES", "Address", "NormaliseContext", "Normalised", "PersonName",
    "company_key", "date_from_parts", "email_key", "fold", "generation", "has_check_digit", "is_placeholder",
    "looks_like_company", "nickname_groups", "normalise_column", "normalise_value", "parse_address", "parse_full_name",
    "phonetic", "street_key", "without_generation",
]  # fmt: skip
