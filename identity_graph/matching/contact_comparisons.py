"""Comparisons of where and how somebody is reached: e-mail, phone, address, company, identifiers, other attributes.

Street, house number, postcode, city and region depend on each other, so they are one comparison, built from the
parts that exist. Attributes with a name of their own (places, categories, texts, numbers, lists) get one each.
"""

from __future__ import annotations

from collections.abc import Set

from identity_graph.matching.comparison import Comparison, Level, typed_apart

__all__ = [
    "COMPANY", "COORDINATES", "EMAIL", "PHONE", "TITLE", "address_comparison", "category_comparison",
    "identifier_comparison", "list_comparison", "number_comparison", "text_comparison",
]  # fmt: skip

_LIKE_LOCAL = "jaro_winkler_similarity(email_local_l, email_local_r) >= 0.88"
_LIKE_OWN = (
    "coalesce(length(email_own_l) > 2 and length(email_own_r) > 2 "
    "and jaro_winkler_similarity(email_own_l, email_own_r) >= 0.88, false)"
)
_OTHER_NUMBER = "coalesce(email_own_l <> email_own_r and length(email_own_l) <= 4 and length(email_own_r) <= 4, false)"
_NAME_ALONE = (
    f"email_local_l <> email_local_r and (not {typed_apart('email', 2, 9)} or {_OTHER_NUMBER}) "
    f"and {_LIKE_LOCAL} and not {_LIKE_OWN}"
)
"""Namesakes have similar addresses, because addresses are made of names: what the names say already counts once.

Also when they are a number apart: `wei.li50` and `wei.li79` are more often two people than typing errors."""

EMAIL = Comparison(
    name="email",
    label="e-mail",
    columns=("email", "email_local", "email_own"),
    missing=f"email_l is null or email_r is null or coalesce({_NAME_ALONE}, false)",
    levels=(
        Level("e-mail agrees", "email_l = email_r", 0.7, 0.00001, "email"),
        Level("local part of the e-mail agrees", "email_local_l = email_local_r", 0.06, 0.0001, "email_local"),
        Level("e-mail differs by typing errors", typed_apart("email", 2, 9), 0.08, 0.00001),
        Level("e-mail is similar beyond the name", _LIKE_LOCAL, 0.03, 0.005),
    ),
    otherwise_m=0.13,
    contact=True,
)  # fmt: skip

PHONE = Comparison(
    name="phone",
    label="phone",
    columns=("phone", "phone_tail"),
    missing="phone_l is null or phone_r is null",
    levels=(
        Level("phone agrees", "phone_l = phone_r", 0.75, 0.00001, "phone"),
        Level("last digits of the phone agree", "phone_tail_l = phone_tail_r", 0.03, 0.00001),
        Level(
            "phone differs by a typing error",
            typed_apart("phone", 1, 7), 0.05, 0.00001,
        ),
    ),
    otherwise_m=0.17,
    contact=True,
)  # fmt: skip

COMPANY = Comparison(
    name="company",
    label="company",
    columns=("company", "company_tokens", "company_rare"),
    missing="company_l is null or company_r is null",
    levels=(
        Level("company agrees", "company_l = company_r", 0.7, 0.001, "company"),
        Level(
            "company differs by a typing error",
            f"{typed_apart('company', 1, 5)} "
            "or jaro_winkler_similarity(company_l, company_r) >= 0.95",
            0.08, 0.0005,
        ),
        Level(
            "every word of one company name stands in the other",
            "list_has_any(company_rare_l, company_rare_r) and "
            "len(list_intersect(company_tokens_l, company_tokens_r)) = "
            "least(len(company_tokens_l), len(company_tokens_r))",
            0.08, 0.001,
        ),
        Level("company is similar", "jaro_winkler_similarity(company_l, company_r) >= 0.85", 0.04, 0.01),
        Level("company names share a rare word", "list_has_any(company_rare_l, company_rare_r)", 0.03, 0.002),
        Level("company names share a word", "list_has_any(company_tokens_l, company_tokens_r)", 0.02, 0.02),
    ),
    otherwise_m=0.07,
)  # fmt: skip

TITLE = Comparison(
    name="title",
    label="title",
    columns=("title", "title_tokens", "title_rare"),
    missing="title_l is null or title_r is null",
    levels=(
        Level("title agrees", "title_l = title_r", 0.5, 0.0005, "title"),
        Level(
            "title differs by a typing error",
            f"{typed_apart('title', 1, 6)}",
            0.1, 0.0001,
        ),
        Level(
            "every word of one title stands in the other",
            "list_has_any(title_rare_l, title_rare_r) and "
            "len(list_intersect(title_tokens_l, title_tokens_r)) = least(len(title_tokens_l), len(title_tokens_r))",
            0.08, 0.0002,
        ),
        Level(
            "two rare words of the titles agree",
            "list_has_any(title_rare_l, title_rare_r) and len(list_intersect(title_rare_l, title_rare_r)) >= 2",
            0.08, 0.0002,
        ),
        Level(
            "titles share a rare word and most words",
            "list_has_any(title_rare_l, title_rare_r) and len(list_intersect(title_tokens_l, title_tokens_r)) * 2 "
            ">= greatest(len(title_tokens_l), len(title_tokens_r))",
            0.08, 0.001,
        ),
        Level("titles share a rare word", "list_has_any(title_rare_l, title_rare_r)", 0.04, 0.003),
    ),
    otherwise_m=0.06,
    personal=True,
    otherwise_most=0.2,
)  # fmt: skip

_KILOMETRES = (
    "6371 * 2 * asin(sqrt(least(1.0, pow(sin(radians(latitude_r - latitude_l) / 2), 2) + cos(radians(latitude_l)) "
    "* cos(radians(latitude_r)) * pow(sin(radians(longitude_r - longitude_l) / 2), 2))))"
)

COORDINATES = Comparison(
    name="coordinates",
    label="coordinates",
    columns=("latitude", "longitude"),
    missing="latitude_l is null or latitude_r is null or longitude_l is null or longitude_r is null",
    levels=(
        Level("place is the same to 100 m", f"{_KILOMETRES} <= 0.1", 0.6, 0.01),
        Level("place is within 2 km", f"{_KILOMETRES} <= 2", 0.12, 0.02),
        Level("place is within 20 km", f"{_KILOMETRES} <= 20", 0.1, 0.1),
    ),
    otherwise_m=0.18,
)


def address_comparison(columns: Set[str]) -> Comparison | None:
    """Build the one comparison of place of living or business from the parts that exist; None when none does."""
    parts = [part for part in ("address", "street", "house_number", "postcode", "city", "region") if part in columns]
    if not set(parts) - {"address", "house_number"}:
        return None
    area = " or ".join(f"{part}_l = {part}_r" for part in ("postcode", "city") if part in columns) or "true"
    offers: list[tuple[set[str], Level]] = []
    house = {"house_number"}
    street = "street_l = street_r"
    begins = "starts_with(street_l, street_r) or starts_with(street_r, street_l)"
    near_street = (
        "(jaro_winkler_similarity(street_l, street_r) >= 0.9 "
        f"or least(length(street_l), length(street_r)) > 5 and ({begins}))"
    )
    same_house = "house_number_l = house_number_r"
    offers += [
        ({"address"}, Level("address agrees", f"address_l = address_r and ({area})", 0.5, 0.0001, "address")),
        (house | {"street"}, Level("street and house number agree", f"{street} and {same_house}", 0.1, 0.0001)),
        (
            house | {"postcode"},
            Level("postcode and house number agree", f"postcode_l = postcode_r and {same_house}", 0.05, 0.0001),
        ),
        (
            house | {"street"},
            Level(
                "house number and area agree, street is similar", f"{near_street} and {same_house} and ({area})",
                0.05, 0.0001,
            ),
        ),
        ({"street"}, Level("street and area agree", f"{street} and ({area})", 0.05, 0.0005)),
        (
            house | {"street"},
            Level("house number agrees, street is similar", f"{near_street} and {same_house}", 0.03, 0.0005),
        ),
        ({"street"}, Level("street agrees", street, 0.03, 0.001, "street")),
        ({"postcode"}, Level("postcode agrees", "postcode_l = postcode_r", 0.3, 0.001, "postcode")),
        (
            {"postcode"},
            Level(
                "postcode differs by a typing error",
                typed_apart("postcode", 1, 4), 0.05, 0.003,
            ),
        ),
        ({"street"}, Level("street is similar", f"{near_street}", 0.03, 0.003)),
        (
            {"postcode"},
            Level(
                "postcode district agrees",
                "length(postcode_l) >= 5 and left(postcode_l, -3) = left(postcode_r, -3)", 0.04, 0.01,
            ),
        ),
        ({"city"}, Level("city agrees", "city_l = city_r", 0.3, 0.02, "city")),
        ({"city"}, Level("city is similar", "jaro_winkler_similarity(city_l, city_r) >= 0.88", 0.05, 0.005)),
        ({"region"}, Level("region agrees", "region_l = region_r", 0.1, 0.1, "region")),
    ]  # fmt: skip
    levels = tuple(level for needed, level in offers if needed <= columns)
    alone = [part for part in parts if part not in ("address", "house_number")]
    nothing = " and ".join(f"({part}_l is null or {part}_r is null)" for part in alone)
    return Comparison("address", "address", tuple(parts), nothing, levels, otherwise_m=0.2)


def identifier_comparison(column: str, label: str, personal: bool = True) -> Comparison:
    """Compare an identifier: the same, one typing error, or different; `personal` when neighbours do not share it."""
    return Comparison(
        name=column,
        label=label,
        columns=(column,),
        missing=f"{column}_l is null or {column}_r is null",
        levels=(
            Level(f"{label} agrees", f"{column}_l = {column}_r", 0.85, 0.00001, column),
            Level(
                f"{label} differs by a typing error",
                typed_apart(column, 1, 5), 0.06, 0.00005,
            ),
        ),
        otherwise_m=0.09,
        personal=personal,
        proof=personal,
        otherwise_most=0.1 if personal else 1.0,
        agrees_least=0.6 if personal else 0.0,
    )  # fmt: skip


def category_comparison(column: str, label: str) -> Comparison:
    """Compare a value from a small set, or a place name, weighted by how rare it is."""
    return Comparison(
        name=column,
        label=label,
        columns=(column,),
        missing=f"{column}_l is null or {column}_r is null",
        levels=(
            Level(f"{label} agrees", f"{column}_l = {column}_r", 0.75, 0.05, column),
            Level(f"{label} is similar", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88", 0.07, 0.02),
        ),
        otherwise_m=0.18,
    )


def text_comparison(column: str, label: str) -> Comparison:
    """Compare free text: the same, similar, or sharing words."""
    words = f"{column}_tokens"
    shared = f"len(list_intersect({words}_l, {words}_r))"
    return Comparison(
        name=column,
        label=label,
        columns=(column, words),
        missing=f"{column}_l is null or {column}_r is null",
        levels=(
            Level(f"{label} agrees", f"{column}_l = {column}_r", 0.5, 0.001, column),
            Level(f"{label} is similar", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.93", 0.1, 0.001),
            Level(
                f"{label} shares most words",
                f"{shared} * 2 >= greatest(len({words}_l), len({words}_r)) and {shared} > 0", 0.15, 0.005,
            ),
            Level(f"{label} shares a word", f"{shared} > 0", 0.1, 0.05),
        ),
        otherwise_m=0.15,
    )  # fmt: skip


def number_comparison(column: str, label: str) -> Comparison:
    """Compare a number: equal, within 2 percent, within 20 percent."""
    gap = f"abs({column}_l - {column}_r)"
    size = f"greatest(abs({column}_l), abs({column}_r))"
    return Comparison(
        name=column,
        label=label,
        columns=(column,),
        missing=f"{column}_l is null or {column}_r is null",
        levels=(
            Level(f"{label} agrees", f"{column}_l = {column}_r", 0.6, 0.05, column),
            Level(f"{label} is within 2 percent", f"{gap} <= 0.02 * {size}", 0.1, 0.03),
            Level(f"{label} is within 20 percent", f"{gap} <= 0.2 * {size}", 0.1, 0.15),
        ),
        otherwise_m=0.2,
    )


def list_comparison(column: str, label: str) -> Comparison:
    """Compare lists of co-occurring entities by how many they share; only items seen in few records count as rare."""
    any_shared = f"list_has_any({column}_l, {column}_r)"
    any_rare = f"list_has_any({column}_rare_l, {column}_rare_r)"
    shared = f"len(list_intersect({column}_l, {column}_r))"
    rare = f"len(list_intersect({column}_rare_l, {column}_rare_r))"
    return Comparison(
        name=column,
        label=label,
        columns=(column, f"{column}_rare"),
        missing=f"{column}_l is null or {column}_r is null or len({column}_l) = 0 or len({column}_r) = 0",
        levels=(
            Level(f"{label}: three rare items are shared", f"{any_rare} and {rare} >= 3", 0.1, 0.0001),
            Level(f"{label}: two rare items are shared", f"{any_rare} and {rare} >= 2", 0.1, 0.0005),
            Level(f"{label}: a rare item is shared", any_rare, 0.1, 0.002),
            Level(
                f"{label}: most items are shared",
                f"{any_shared} and {shared} * 2 >= least(len({column}_l), len({column}_r))", 0.1, 0.02,
            ),
            Level(f"{label}: an item is shared", any_shared, 0.1, 0.05),
        ),
        otherwise_m=0.5,
    )  # fmt: skip
