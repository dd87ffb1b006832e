"""Generated people for the matching tests: who is who is known, errors and gaps are seeded."""

from __future__ import annotations

import random

import pyarrow as pa

from identity_graph.roles import Role

ROLES = {
    "given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "birth_date": Role.BIRTH_DATE, "city": Role.CITY,
    "postcode": Role.POSTCODE, "email": Role.EMAIL, "phone": Role.PHONE,
}  # fmt: skip
_SYLLABLES = (
    "an", "bel", "cor", "da", "el", "fin", "gar", "hol", "is", "jor", "ka", "lin", "mor", "nel", "or", "pet", "ral",
    "sam", "tor", "ul", "vin", "wes", "yas", "zel",
)  # fmt: skip


def word(random_source: random.Random, parts: int) -> str:
    return "".join(random_source.choice(_SYLLABLES) for _ in range(parts)).capitalize()


def mistyped(random_source: random.Random, text: str) -> str:
    if len(text) < 3:
        return text
    place = random_source.randrange(len(text) - 1)
    if random_source.random() < 0.5:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + random_source.choice("aeiou0123") + text[place + 1 :]


def people(count: int, seed: int = 1, copies: int = 3) -> tuple[pa.Table, list[int]]:
    """Make `count` persons of 1 to `copies` records each.

    Returns:
        A record table sorted by key and, in its order, the person of each record.
    """
    source = random.Random(seed)
    given_names = [word(source, 2) for _ in range(120)]
    family_names = [word(source, 3) for _ in range(400)]
    cities = [(word(source, 2) + "ton", f"{source.randrange(10, 99)}") for _ in range(40)]
    rows = []
    for person in range(count):
        given, family = source.choice(given_names), source.choice(family_names)
        city, area = source.choice(cities)
        values = {
            "given_name": given,
            "family_name": family,
            "birth_date": f"{source.randrange(1940, 2005)}-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}",
            "city": city,
            "postcode": f"{area}{source.randrange(100, 999)}",
            "email": f"{given}.{family}{source.randrange(99)}@mail{source.randrange(5)}.example".lower(),
            "phone": f"+4420{source.randrange(10**7, 10**8)}",
        }
        for _ in range(source.randrange(1, copies + 1)):
            row: dict[str, str | None] = {}
            for name, value in values.items():
                chance = source.random()
                row[name] = None if chance < 0.12 else mistyped(source, value) if chance < 0.2 else value
            rows.append((f"crm:{source.getrandbits(48):012x}", person, row))
    rows.sort()
    table = {"key": [key for key, _, _ in rows], "source": ["crm"] * len(rows)}
    table |= {name: [row[name] for _, _, row in rows] for name in ROLES}
    schema = pa.schema([(name, pa.string()) for name in table])
    return pa.table(table, schema=schema), [person for _, person, _ in rows]
