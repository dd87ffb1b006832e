"""Comparisons of who somebody is: given and family name (with swaps), whole names, birth date, gender.

Given and family name share their dependent claims: a swap is credited once, in the family name, and makes the given
name say nothing.
"""

from __future__ import annotations

from identity_graph.matching.comparison import Comparison, Level, typed_apart

__all__ = ["BIRTH_DATE", "FAMILY_NAME", "GENDER", "GENERATION", "GIVEN_NAME", "MIDDLE_NAME", "WHOLE_NAME"]

_SWAPPED = (
    "given_l is distinct from given_r and ((given_l = family_r and family_l = given_r) or "
    "(given_l <> family_l and given_r <> family_r "
    "and jaro_winkler_similarity(given_l, family_r) >= 0.9 "
    "and jaro_winkler_similarity(family_l, given_r) >= 0.9 "
    "and jaro_winkler_similarity(given_l, given_r) < 0.8))"
)

_FATHER_AND_SON = "coalesce(generation_l <> generation_r, false) and given_l = given_r"
"""Where one is Sr and the other Jr, one given name is what makes them so: it says nothing of their being one person."""

GIVEN_NAME = Comparison(
    name="given_name",
    label="given name",
    columns=("given", "family", "given_groups", "given_sound", "generation"),
    missing=f"given_l is null or given_r is null or coalesce({_SWAPPED}, false) or {_FATHER_AND_SON}",
    levels=(
        Level("given name agrees", "given_l = given_r", 0.75, 0.01, "given"),
        Level(
            "given name differs by a typing error",
            f"{typed_apart('given', 1, 4)} "
            "or jaro_winkler_similarity(given_l, given_r) >= 0.94",
            0.07, 0.002,
        ),
        Level("given names are forms of one name", "list_has_any(given_groups_l, given_groups_r)", 0.03, 0.003),
        Level(
            "given name begins the other or is its initial",
            "starts_with(given_l, given_r) or starts_with(given_r, given_l)", 0.03, 0.003,
        ),
        Level("given name is similar", "jaro_winkler_similarity(given_l, given_r) >= 0.87", 0.03, 0.005),
        Level(
            "given name sounds alike or is loosely similar",
            "given_sound_l = given_sound_r or jaro_winkler_similarity(given_l, given_r) >= 0.78", 0.02, 0.02,
        ),
        Level("given name shares its initial", "left(given_l, 1) = left(given_r, 1)", 0.01, 0.06),
    ),
    otherwise_m=0.05,
    personal=True,
    otherwise_most=0.2,
    relatives=0.02,
)  # fmt: skip

FAMILY_NAME = Comparison(
    name="family_name",
    label="family name",
    columns=("family", "given", "family_sound", "family_tokens"),
    missing="family_l is null or family_r is null",
    levels=(
        Level("family name agrees", "family_l = family_r", 0.78, 0.003, "family"),
        Level("given and family name are swapped", _SWAPPED, 0.01, 0.00001),
        Level(
            "family name differs by a typing error",
            f"{typed_apart('family', 1, 4)} "
            "or jaro_winkler_similarity(family_l, family_r) >= 0.94",
            0.07, 0.001,
        ),
        Level("family names share a part", "list_has_any(family_tokens_l, family_tokens_r)", 0.02, 0.001),
        Level("family name is similar", "jaro_winkler_similarity(family_l, family_r) >= 0.88", 0.03, 0.002),
        Level(
            "family name sounds alike or is loosely similar",
            "family_sound_l = family_sound_r or jaro_winkler_similarity(family_l, family_r) >= 0.8", 0.02, 0.01,
        ),
        Level(
            "one name stands in the other's field",
            "given_l = family_r or family_l = given_r", 0.005, 0.0005,
        ),
    ),
    otherwise_m=0.06,
    otherwise_most=0.25,
)  # fmt: skip

WHOLE_NAME = Comparison(
    name="name",
    label="name",
    columns=("name", "name_tokens", "name_rare", "name_sorted"),
    missing="name_l is null or name_r is null",
    levels=(
        Level("name agrees", "name_l = name_r", 0.6, 0.0005, "name"),
        Level("name agrees in another order", "name_sorted_l = name_sorted_r", 0.05, 0.00005),
        Level(
            "name differs by a typing error",
            f"{typed_apart('name', 1, 6)} "
            "or (jaro_winkler_similarity(name_sorted_l, name_sorted_r) >= 0.96)",
            0.1, 0.0001,
        ),
        Level(
            "every word of one name stands in the other",
            "list_has_any(name_rare_l, name_rare_r) and "
            "len(list_intersect(name_tokens_l, name_tokens_r)) = least(len(name_tokens_l), len(name_tokens_r))",
            0.06, 0.0001,
        ),
        Level(
            "two rare words of the names agree",
            "list_has_any(name_rare_l, name_rare_r) and len(list_intersect(name_rare_l, name_rare_r)) >= 2",
            0.03, 0.00005,
        ),
        Level(
            "name is similar",
            "jaro_winkler_similarity(name_l, name_r) >= 0.92 "
            "or jaro_winkler_similarity(name_sorted_l, name_sorted_r) >= 0.92",
            0.06, 0.0005,
        ),
        Level("a rare word of the names agrees", "list_has_any(name_rare_l, name_rare_r)", 0.04, 0.002),
        Level(
            "two words of the names agree",
            "list_has_any(name_tokens_l, name_tokens_r) and len(list_intersect(name_tokens_l, name_tokens_r)) >= 2",
            0.02, 0.001,
        ),
        Level(
            "name is loosely similar",
            "greatest(jaro_winkler_similarity(name_l, name_r), "
            "jaro_winkler_similarity(name_sorted_l, name_sorted_r)) >= 0.83",
            0.03, 0.01,
        ),
        Level("a common word of the names agrees", "list_has_any(name_tokens_l, name_tokens_r)", 0.01, 0.02),
    ),
    otherwise_m=0.03,
    personal=True,
    otherwise_most=0.01,
)  # fmt: skip

MIDDLE_NAME = Comparison(
    name="middle_name",
    label="middle name",
    columns=("middle",),
    missing="middle_l is null or middle_r is null",
    levels=(
        Level("middle name agrees", "middle_l = middle_r", 0.7, 0.01, "middle"),
        Level(
            "middle name is similar or its initial agrees",
            "left(middle_l, 1) = left(middle_r, 1) and (length(middle_l) = 1 or length(middle_r) = 1) "
            "or jaro_winkler_similarity(middle_l, middle_r) >= 0.88",
            0.2, 0.02,
        ),
    ),
    otherwise_m=0.1,
    personal=False,
)  # fmt: skip

GENERATION = Comparison(
    name="generation",
    label="generation",
    columns=("generation",),
    missing="generation_l is null or generation_r is null",
    levels=(Level("generation agrees", "generation_l = generation_r", 0.99, 0.5, "generation"),),
    otherwise_m=0.01,
    personal=True,
    otherwise_most=0.01,
)
"""Jr or Sr behind the name: one of few things that tell a son from his father of the same name."""

_WHOLE_DATES = "length(birth_date_l) = 8 and length(birth_date_r) = 8"

BIRTH_DATE = Comparison(
    name="birth_date",
    label="birth date",
    columns=("birth_date",),
    missing="birth_date_l is null or birth_date_r is null",
    levels=(
        Level("birth date agrees", f"birth_date_l = birth_date_r and {_WHOLE_DATES}", 0.8, 0.0001, "birth_date"),
        Level(
            "birth date has day and month swapped",
            f"{_WHOLE_DATES} and left(birth_date_l, 4) = left(birth_date_r, 4) "
            "and substr(birth_date_l, 5, 2) = substr(birth_date_r, 7, 2) "
            "and substr(birth_date_l, 7, 2) = substr(birth_date_r, 5, 2)",
            0.01, 0.00005,
        ),
        Level(
            "birth date differs by a typing error",
            typed_apart("birth_date", 1, 8), 0.06, 0.001,
        ),
        Level(
            "partial birth date agrees",
            "length(birth_date_l) <> length(birth_date_r) and (starts_with(birth_date_l, birth_date_r) "
            "or starts_with(birth_date_r, birth_date_l)) or birth_date_l = birth_date_r",
            0.02, 0.005,
        ),
        Level(
            "two of year, month and day agree",
            f"{_WHOLE_DATES} and (left(birth_date_l, 4) = left(birth_date_r, 4))::int "
            "+ (substr(birth_date_l, 5, 2) = substr(birth_date_r, 5, 2))::int "
            "+ (substr(birth_date_l, 7, 2) = substr(birth_date_r, 7, 2))::int >= 2",
            0.03, 0.003,
        ),
        Level("birth year agrees", "left(birth_date_l, 4) = left(birth_date_r, 4)", 0.03, 0.01),
        Level(
            "birth date differs by two typing errors",
            typed_apart("birth_date", 2, 8), 0.02, 0.01,
        ),
    ),
    otherwise_m=0.03,
    personal=True,
    relatives=0.01,
    otherwise_most=0.05,
    agrees_least=0.6,
)  # fmt: skip

GENDER = Comparison(
    name="gender",
    label="gender",
    columns=("gender",),
    missing="gender_l is null or gender_r is null",
    levels=(Level("gender agrees", "gender_l = gender_r", 0.97, 0.5, "gender"),),
    otherwise_m=0.03,
    personal=True,
    otherwise_most=0.2,
)
