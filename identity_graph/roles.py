"""What a column can mean: the fixed vocabulary of roles, and which roles are identifiers.

Nothing comes in; mappings (per source), normalisers (per role) and the matching model (comparisons per role) all
speak these words. An attribute is a named value of a record (`given_name`, `birth_place`); its role says what kind
of value it is. For most roles the attribute has the role's own name; `category`, `place`, `text`, `number` and
second columns of one role (`email_2`) keep a name of their own.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "CUSTOMER_FIELDS",
    "IDENTIFIER_ROLES",
    "PERSON_ROLES",
    "RECORD_FIELDS",
    "RESERVED_NAMES",
    "STRUCTURE_ROLES",
    "Role",
]


class Role(StrEnum):
    """The meaning of one column or attribute."""

    RECORD_ID = "record_id"
    SOURCE = "source"
    OBSERVED_AT = "observed_at"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    NAME_SUFFIX = "name_suffix"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    BIRTH_MONTH = "birth_month"
    BIRTH_DAY = "birth_day"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    POSTCODE = "postcode"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    PLACE = "place"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    COMPANY = "company"
    TITLE = "title"
    NATIONAL_ID = "national_id"
    ACCOUNT_ID = "account_id"
    LOYALTY_CARD = "loyalty_card"
    USER_ID = "user_id"
    ANONYMOUS_ID = "anonymous_id"
    DEVICE_ID = "device_id"
    PRODUCT_CODE = "product_code"
    WEBSITE = "website"
    CATEGORY = "category"
    NUMBER = "number"
    TEXT = "text"
    ENTITY_LIST = "entity_list"
    IGNORE = "ignore"


IDENTIFIER_ROLES: frozenset[Role] = frozenset(
    {
        Role.EMAIL,
        Role.PHONE,
        Role.NATIONAL_ID,
        Role.ACCOUNT_ID,
        Role.LOYALTY_CARD,
        Role.USER_ID,
        Role.ANONYMOUS_ID,
        Role.DEVICE_ID,
        Role.PRODUCT_CODE,
        Role.WEBSITE,
    }
)
"""Roles whose values are also stored as Identifier nodes, by default in the namespace of the same name."""

PERSON_ROLES: frozenset[Role] = frozenset(
    {Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.BIRTH_DATE, Role.COMPANY, Role.TITLE, Role.NATIONAL_ID}
)
"""Roles that say who somebody, or what something, is; used to tell two people behind one identifier apart."""

STRUCTURE_ROLES: frozenset[Role] = frozenset(
    {Role.RECORD_ID, Role.SOURCE, Role.OBSERVED_AT, Role.IGNORE, Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY}
)
"""Roles that place a row or are folded into another attribute; they never become an attribute themselves."""

RECORD_FIELDS: frozenset[str] = frozenset(
    {
        "key", "source", "record_id", "seq", "observed_at", "raw", "content_hash", "identifiers", "deleted", "grows",
        "name_key", "created_at", "trait_times", "stored_at", "record_key", "replaced_at", "replaced_at_seq",
        "identifier_times",
    }
)  # fmt: skip
"""Names a record, or a version of one, uses for itself."""

CUSTOMER_FIELDS: frozenset[str] = frozenset(
    {"id", "status", "successor", "record_count", "certainty", "created_at", "updated_at", "provenance"}
)
"""Names a customer uses for itself."""

RESERVED_NAMES: frozenset[str] = RECORD_FIELDS | CUSTOMER_FIELDS
"""No attribute may be called so: it, or its golden value, had no place."""
