"""Measure normalisation: values per second per role, for values never seen and for values seen before.

Made-up people come from a seed; each role's distinct values are normalised twice as one column. Then 1 million rows
of seven columns are normalised as a load would. Prints a table; run as `python benchmarks/normalise.py`.
"""

from __future__ import annotations

import argparse
import random
import time

import pyarrow as pa

from identity_graph.normalise import (
    NormaliseContext,
    fold,
    nickname_groups,
    normalise_column,
    parse_address,
    parse_full_name,
    phonetic,
)  # fmt: skip
from identity_graph.roles import Role

SYLLABLES = (
    "an", "ber", "car", "den", "el", "fran", "gar", "hel", "is", "jo", "kat", "lin", "mar", "nor", "ol", "per", "ros",
    "sam", "tor", "ul", "van", "wil", "yor", "zim",
)  # fmt: skip
STREETS = ("High Street", "Park Road", "Hauptstrasse", "Rue Victor Hugo", "5th Avenue", "Calle Mayor")


def made_up(role: Role, rng: random.Random) -> str:
    """Return one raw text of a role, in one of the forms sources write it."""
    word = "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4)))
    number = rng.randint(1, 10**9)
    texts = {
        Role.GIVEN_NAME: rng.choice((word.title(), word.upper(), word, word.title() + "é")),
        Role.FULL_NAME: f"{word.title()} {rng.choice(SYLLABLES).upper()}. {rng.choice(SYLLABLES).title()}{word}",
        Role.BIRTH_DATE: rng.choice(("{0}-{1:02}-{2:02}", "{2:02}/{1:02}/{0}", "{0}{1:02}{2:02}")).format(
            rng.randint(1930, 2010), rng.randint(1, 12), rng.randint(1, 28)
        ),
        Role.EMAIL: rng.choice((f"{word}.{number}@example.net", f"{word.title()}{number}@Example.NET ")),
        Role.PHONE: rng.choice((f"07{400_000_000 + number % 99_999_999:09}", f"+44 7400 {number % 10**6:06}")),
        Role.POSTCODE: f"sw{number % 19 + 1} {number % 10}{word[0]}{word[-1]}",
        Role.CITY: word.upper() if number % 2 else word.title(),
        Role.STREET: f"{number % 900} {rng.choice(STREETS)}".lower(),
        Role.NUMBER: f"{number / 100:.2f}",
        Role.NATIONAL_ID: f"{number:09d}-{number % 97:02d}",
        Role.OBSERVED_AT: f"2024-05-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:{number % 59:02}Z",
    }
    return texts[role]


ROLES = (
    Role.GIVEN_NAME, Role.FULL_NAME, Role.BIRTH_DATE, Role.EMAIL, Role.PHONE, Role.POSTCODE, Role.CITY, Role.STREET,
    Role.NUMBER, Role.NATIONAL_ID, Role.OBSERVED_AT,
)  # fmt: skip


def per_second(count: int, seconds: float) -> str:
    """Return a rate in thousands."""
    return f"{count / seconds / 1000:>9.0f}k"


def roles(distinct: int, context: NormaliseContext, rng: random.Random) -> None:
    """Print the rate of each role, cold and remembered."""
    print(f"{'role':<16}{'cold/s':>10}{'again/s':>10}{'10 rows a value/s':>20}")
    for role in ROLES:
        texts = list({made_up(role, rng) for _ in range(distinct)})
        column = pa.array(texts)
        repeated = pa.array(texts * 10)
        times = []
        for values in (column, column, repeated):
            start = time.perf_counter()
            normalise_column(role, values, context)
            times.append(time.perf_counter() - start)
        rates = per_second(len(texts), times[0]), per_second(len(texts), times[1]), per_second(len(repeated), times[2])
        print(f"{role:<16}{rates[0]}{rates[1]}{rates[2]:>20}")


def comparison_forms(distinct: int, rng: random.Random) -> None:
    """Print the rate of the functions that comparisons and search use, on values never seen."""
    people = list({made_up(Role.FULL_NAME, rng) for _ in range(distinct)})
    addresses = list({f"{made_up(Role.STREET, rng)}, London {made_up(Role.POSTCODE, rng)}" for _ in range(distinct)})
    for function, texts in (
        (fold, people), (parse_full_name, people), (phonetic, people), (nickname_groups, people),
        (parse_address, addresses),
    ):  # fmt: skip
        start = time.perf_counter()
        for text in texts:
            function(text)
        print(f"{function.__name__:<16}{per_second(len(texts), time.perf_counter() - start)}")


def load(rows: int, context: NormaliseContext, rng: random.Random) -> None:
    """Print the time of a load: seven columns in batches, names and places few, e-mails and phones many."""
    distinct = {
        Role.GIVEN_NAME: rows // 50, Role.FULL_NAME: rows // 3, Role.BIRTH_DATE: rows // 30, Role.EMAIL: rows * 6 // 10,
        Role.PHONE: rows * 6 // 10, Role.POSTCODE: rows // 8, Role.CITY: rows // 200,
    }  # fmt: skip
    total = 0.0
    for role, count in distinct.items():
        pool = [made_up(role, rng) for _ in range(count)]
        column = pa.array(rng.choices(pool, k=rows))
        start = time.perf_counter()
        for offset in range(0, rows, 65_536):
            normalise_column(role, column.slice(offset, 65_536), context)
        seconds = time.perf_counter() - start
        total += seconds
        print(f"{role:<16}{seconds:>8.2f} s")
    print(f"{rows:,} rows of {len(distinct)} columns: {total:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--distinct", type=int, default=50_000, help="distinct values per role")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the load; 0 leaves it out")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    context = NormaliseContext("GB", country="GB")
    roles(arguments.distinct, context, random.Random(arguments.seed))
    comparison_forms(arguments.distinct, random.Random(arguments.seed))
    if arguments.rows:
        load(arguments.rows, context, random.Random(arguments.seed))


if __name__ == "__main__":
    main()
