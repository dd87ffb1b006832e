"""The keys whose equality makes two records worth comparing: about seventy, of which the features allow some.

Names of feature columns come in, blocking rules go out. How large a block of equal keys may be is learnt in training
(`blocking`).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

__all__ = ["BlockingRule", "blocking_rules"]


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A key whose equality makes two records candidates, unless too many share it.

    Attributes:
        name: the parts of the key, such as `family+birth_date`.
        parts: SQL expressions over the feature table, joined by AND.
        exploded: feature column holding a list; the record has one key for each of its items.
    """

    name: str
    parts: tuple[str, ...] = ()
    exploded: str | None = None

    @property
    def key(self) -> str:
        """SQL of the key over the feature table; null where a part is."""
        return f"({' || chr(31) || '.join(f'({part})' for part in self.parts)})"


_PARTS = {
    "given": ("given", "given"),
    "family": ("family", "family"),
    "given3": ("given", "left(given, 3)"),
    "family4": ("family", "left(family, 4)"),
    "initial": ("given", "left(given, 1)"),
    "given_sound": ("given_sound", "given_sound"),
    "family_sound": ("family_sound", "family_sound"),
    "both_names": ("given", "least(given, family) || ' ' || greatest(given, family)"),
    "birth_date": ("birth_date", "case when length(birth_date) = 8 then birth_date end"),
    "birth_year": ("birth_date", "left(birth_date, 4)"),
    "birth_day": ("birth_date", "case when length(birth_date) = 8 then right(birth_date, 4) end"),
    "birth_month": ("birth_date", "case when length(birth_date) >= 6 then left(birth_date, 6) end"),
    "day_sorted": (
        "birth_date",
        "case when length(birth_date) = 8 then left(birth_date, 4) || least(substr(birth_date, 5, 2), "
        "substr(birth_date, 7, 2)) || greatest(substr(birth_date, 5, 2), substr(birth_date, 7, 2)) end",
    ),
    "postcode": ("postcode", "postcode"),
    "district": ("postcode", "case when length(postcode) >= 5 then left(postcode, -3) else postcode end"),
    "city": ("city", "city"),
    "street": ("street", "street"),
    "house_number": ("house_number", "house_number"),
    "address": ("address", "address"),
    "email": ("email", "email"),
    "email_local": ("email_local", "email_local"),
    "phone": ("phone", "phone"),
    "phone_tail": ("phone_tail", "phone_tail"),
    "company": ("company", "company"),
    "name": ("name", "name"),
    "name_sorted": ("name_sorted", "name_sorted"),
    "name5": ("name", "left(name, 5)"),
    "sorted6": ("name_sorted", "left(name_sorted, 6)"),
    "gender": ("gender", "gender"),
    "national_id": ("national_id", "national_id"),
    "account_id": ("account_id", "account_id"),
    "loyalty_card": ("loyalty_card", "loyalty_card"),
    "user_id": ("user_id", "user_id"),
    "device_id": ("device_id", "device_id"),
    "anonymous_id": ("anonymous_id", "anonymous_id"),
    "product_code": ("product_code", "product_code"),
    "website": ("website", "website"),
    "title": ("title", "title"),
    "title8": ("title", "left(title, 8)"),
    "point": ("latitude", "round(latitude, 2) || ' ' || round(longitude, 2)"),
}

_RULES = """
national_id account_id loyalty_card user_id device_id anonymous_id product_code email phone email_local phone_tail
website title title8 name name_sorted both_names company address+district address+city address postcode+house_number
given+family birth_date+given birth_date+family birth_date+initial birth_date+family_sound birth_date+given_sound
birth_date+postcode birth_date+district birth_date+city birth_date+gender birth_date
day_sorted+family day_sorted+given
birth_year+family_sound+initial birth_year+family+given3 birth_day+family_sound birth_day+given birth_month+family_sound
birth_month+given birth_year+family4+given3 birth_year+given+postcode birth_year+given+district
family_sound+given_sound family_sound+initial family4+given3 family4+district family_sound+postcode given+postcode
given+district given_sound+postcode family+city given+city family_sound+given3 family_sound+given_sound+city
street+family street+given postcode+initial
name5+postcode name5+city name5+district name5 sorted6 name5+street sorted6+city point+name5 point
company+postcode company+city company+family company+given street+house_number street+city
phone_tail+initial email_local+initial
""".split()  # noqa: SIM905  (a table of rules reads better than a list of seventy strings)


def blocking_rules(columns: Set[str]) -> tuple[BlockingRule, ...]:
    """List the rules the features allow, in a fixed order; attributes with a name of their own join with names."""
    rules = []
    for rule in _RULES:
        parts = rule.split("+")
        if all(_PARTS[part][0] in columns for part in parts):
            rules.append(BlockingRule(rule, tuple(_PARTS[part][1] for part in parts)))
    anchors = [part for part in ("family_sound", "given_sound", "name5", "birth_year") if _PARTS[part][0] in columns]
    for own in sorted(column for column in columns if column.startswith("own_")):
        if f"{own}_rare" in columns or own.endswith("_tokens"):
            continue
        if own.endswith("_rare"):
            rules.append(BlockingRule(own, exploded=own))
            continue
        rules.extend(BlockingRule(f"{own}+{anchor}", (own, _PARTS[anchor][1])) for anchor in anchors)
    words = ("name_tokens", "company_tokens", "title_tokens")
    rules.extend(BlockingRule(column, exploded=column) for column in words if column in columns)
    return tuple(rules)
