"""Generated records of every kind of attribute, with enough agreement by chance and by mistake to reach every level."""

from __future__ import annotations

import random
from collections.abc import Callable

import pyarrow as pa

from identity_graph.roles import Role
from tests.matching.people import mistyped, word

__all__ = ["PARTS", "WHOLE", "records"]

PARTS = {
    "given_name": Role.GIVEN_NAME, "middle_name": Role.MIDDLE_NAME, "family_name": Role.FAMILY_NAME,
    "birth_date": Role.BIRTH_DATE, "gender": Role.GENDER, "email": Role.EMAIL, "phone": Role.PHONE,
    "street": Role.STREET, "house_number": Role.HOUSE_NUMBER, "postcode": Role.POSTCODE, "city": Role.CITY,
    "region": Role.REGION, "national_id": Role.NATIONAL_ID,
    "name_suffix": Role.NAME_SUFFIX,
}  # fmt: skip
"""People whose names and addresses come in parts."""

WHOLE = {
    "full_name": Role.FULL_NAME, "company": Role.COMPANY, "city": Role.CITY, "latitude": Role.LATITUDE,
    "longitude": Role.LONGITUDE, "branch": Role.CATEGORY, "note": Role.TEXT, "turnover": Role.NUMBER,
    "partners": Role.ENTITY_LIST, "address": Role.ADDRESS,
    "title": Role.TITLE,
}  # fmt: skip
"""Businesses and people with whole names, and attributes of their own."""

Maker = Callable[[random.Random], str]


def _pool(source: random.Random, size: int, make: Maker) -> list[str]:
    return [make(source) for _ in range(size)]


def _makers(source: random.Random) -> dict[str, tuple[int, Maker]]:
    """Return for each attribute how many different values there are, and how one is made."""
    words = [word(source, 2) for _ in range(60)]
    many = [word(source, 3) for _ in range(250)]
    given = [*words[:12], *("William", "Bill", "Elizabeth", "Liz", "Bo", "B") * 2]
    digits = "0123456789"

    def some(count: int) -> Maker:
        return lambda one: " ".join(one.sample(words, count))

    def number(length: int) -> Maker:
        return lambda one: "".join(one.choice(digits) for _ in range(length))

    def date(one: random.Random) -> str:
        whole = f"{one.randrange(1970, 1976)}-{one.randrange(1, 13):02d}-{one.randrange(1, 13):02d}"
        return one.choice((*[whole] * 8, whole[:7], whole[:4]))

    return {
        "given_name": (40, lambda one: one.choice(given)),
        "middle_name": (20, lambda one: one.choice([*given, "W", "E"])),
        "family_name": (40, lambda one: one.choice((one.choice(given), " ".join(one.sample(words, 2))))),
        "full_name": (600, lambda one: " ".join(one.sample(many, one.choice((1, 3, 4)))[:3] + one.sample(words, 1))),
        "name_suffix": (4, lambda one: one.choice(("jr", "sr"))),
        "title": (300, lambda one: " ".join(one.sample(many, one.choice((0, 1, 3))) + one.sample(words, 2))),
        "birth_date": (60, date),
        "gender": (3, lambda one: one.choice("fm")),
        "email": (50, lambda one: f"{one.choice(words)}{one.choice(given)}{one.randrange(40)}@m{one.randrange(3)}.it"),
        "phone": (40, lambda one: f"+4{one.randrange(3)}20{number(7)(one)}"),
        "street": (25, lambda one: f"{one.choice(words)} {one.choice(('Street', 'Road'))}"),
        "house_number": (12, lambda one: str(one.randrange(12))),
        "postcode": (30, lambda one: f"AB{one.randrange(4)} {number(3)(one)}"),
        "city": (20, some(1)),
        "region": (4, some(1)),
        "address": (40, lambda one: f"{one.randrange(9)} {one.choice(words)} Street, {one.choice(words)}"),
        "national_id": (40, number(9)),
        "company": (150, lambda one: " ".join(one.sample(many, one.choice((0, 1, 2))) + one.sample(words, 1)) + " Ltd"),
        "latitude": (30, lambda one: f"{51 + one.randrange(200) / 1000:.4f}"),
        "longitude": (30, lambda one: f"{one.randrange(200) / 1000:.4f}"),
        "branch": (12, some(1)),
        "note": (40, lambda one: " ".join(one.sample(words, one.choice((1, 3, 6))))),
        "turnover": (40, lambda one: str(one.randrange(100, 140))),
        "partners": (600, lambda one: "|".join([some(2)(one) for _ in range(one.randrange(4))] + one.sample(words, 2))),
    }  # fmt: skip


def _changed(source: random.Random, text: str) -> str:
    """Mistype a text, or give its words in another order or in part."""
    separator = "|" if "|" in text else " "
    words = text.split(separator)
    kept = source.sample(words, source.choice((len(words), max(1, len(words) - 1))))
    return source.choice((mistyped(source, text), separator.join(kept), separator.join([*words[1:], "other"])))


def records(roles: dict[str, Role], count: int, seed: int = 1) -> pa.Table:
    """Make records whose attributes agree, nearly agree, stand in each other's field or are missing; four a person."""
    source = random.Random(seed)
    makers = _makers(source)
    pools = {name: _pool(source, *makers[name]) for name in roles}
    rows = []
    for _ in range(count):
        if len(rows) % 4 == 0:
            person = {name: source.choice(pool) for name, pool in pools.items()}
        row: dict[str, str | None] = dict(person)
        for name, value in row.items():
            chance = source.random()
            row[name] = None if chance < 0.15 else _changed(source, value or "") if chance < 0.4 else value
        if "given_name" in row and source.random() < 0.15:
            row["given_name"], row["family_name"] = row["family_name"], row["given_name"]
        rows.append(row)
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in roles}
    sources = pa.array([f"s{row % 2}" for row in range(count)], pa.string())
    return pa.table({"key": pa.array([f"r{row:06d}" for row in range(count)]), "source": sources, **columns})
