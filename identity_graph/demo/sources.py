"""How each system of the demo company writes people down: five files, each with its own columns and formats.

Persons and companies come in, rows and the truth of each record go out to open files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from identity_graph.demo.chances import Chance
from identity_graph.demo.files import Cell, RowFile, delimited_file, json_lines_file, parquet_file
from identity_graph.demo.mistakes import without_accents
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Company, Person
from identity_graph.demo.sightings import Sighting, moment, see

__all__ = ["CallCentre", "Crm", "Loyalty", "ShopOrders", "Source", "WebEvents"]

Truth = Callable[[str, str], None]
_SPOILED_EVERY = 600


class Source:
    """One system: writes its rows and says whose each record is.

    Args:
        file: where rows go.
        chance: the seeded stream.
        truth: called with (record key, true cluster) for each record.
    """

    stem = ""
    prefix = ""

    def __init__(self, file: RowFile, chance: Chance, truth: Truth) -> None:
        self.file, self.chance, self._truth = file, chance, truth
        self.spoiled = 0
        self._numbers = 0

    def write(self, person: Person) -> None:
        """Write what this system knows of a person; often nothing."""

    def write_company(self, company: Company, staff: tuple[Person, ...]) -> None:
        """Write what this system knows of a company that is a customer."""

    def spoil(self) -> None:
        """Write one row that cannot be read."""
        self.spoiled += 1

    def _next_id(self) -> str:
        """Return an id nobody has, in no order that tells anything: a fixed permutation of the numbers."""
        self._numbers += 1
        if self._numbers % _SPOILED_EVERY == 20:
            self.spoil()
        return f"{self.prefix}{self._numbers * 7_368_787 % 99_999_989:08d}"

    def _new_record(self, cluster: str) -> str:
        record_id = self._next_id()
        self._truth(f"{self.stem}:{record_id}", cluster)
        return record_id

    def _day(self) -> date:
        return self.chance.day(FIRST_DAY, LAST_DAY)


class Crm(Source):
    """The customer file of the sales people: comma separated, ISO dates, placeholders where a value was demanded."""

    stem, prefix = "crm", "C"
    columns = (
        "customer_id", "first_name", "last_name", "birth_date", "email", "phone", "street", "postcode", "city",
        "country", "company",
    )  # fmt: skip

    @classmethod
    def open(cls, folder: Path, chance: Chance) -> RowFile:
        """Open its file."""
        return delimited_file(folder / "crm.csv", cls.columns, chance, ",", "utf-8")

    def write(self, person: Person) -> None:
        if not self.chance.happens(0.72):
            return
        for _ in range(2 if self.chance.happens(0.12) else 1):
            seen = see(person, self._day(), self.chance)
            self.file.add(self._row(self._new_record(person.id), seen, person.country))

    def _row(self, record_id: str, seen: Sighting, country: str) -> list[Cell]:
        chance = self.chance
        email = seen.email or ("unknown@unknown.com" if chance.happens(0.2) else None)
        phone = seen.phone.at_home(chance.one_of((" ", "-", "/"))) if seen.phone else None
        if seen.phone and chance.happens(0.5):
            phone = seen.phone.spaced()
        if phone is None and chance.happens(0.2):
            phone = chance.one_of(("0000", "n/a", "000000000"))
        street, postcode, city = _address_cells(seen)
        born = seen.born.isoformat() if seen.born else ("1900-01-01" if chance.happens(0.15) else None)
        return [record_id, seen.given, seen.family, born, email, phone, street, postcode, city, country, None]

    def write_company(self, company: Company, staff: tuple[Person, ...]) -> None:
        home = company.address
        self.file.add(
            [
                self._new_record(company.id), None, None, None, company.mailbox, company.phone.spaced(), home.street,
                home.postcode, home.city, company.country, company.name,
            ]
        )  # fmt: skip

    def spoil(self) -> None:
        super().spoil()
        self.file.add(
            self.chance.one_of(
                (
                    b",Nobody,Known,1980-02-03,,,,,,,",
                    b"X9999,Torn,Row,1971-05-06",
                    b"X9998,One,Comma,1966-01-02,,,Long Street 1, back house,10115,Berlin,DE,,,",
                )
            )
        )


class ShopOrders(Source):
    """Orders of the web shop: semicolons, the buyer's name and address in one column each."""

    stem, prefix = "shop_orders", "O"
    columns = ("order_id", "buyer", "email", "phone", "delivery_address", "ordered_at", "total", "account")

    @classmethod
    def open(cls, folder: Path, chance: Chance) -> RowFile:
        """Open its file."""
        return delimited_file(folder / "shop_orders.csv", cls.columns, chance, ";", "utf-8")

    def write(self, person: Person) -> None:
        orders = int(3.2 * self.chance.random() * self.chance.random() + 0.45) if person.born.year < 2009 else 0
        for _ in range(orders):
            day = self._day()
            self._order(person.id, see(person, day, self.chance), None, day)

    def write_company(self, company: Company, staff: tuple[Person, ...]) -> None:
        for buyer in staff:
            day = self._day()
            self._order(buyer.id, see(buyer, day, self.chance), company, day)

    def _order(self, cluster: str, seen: Sighting, company: Company | None, day: date) -> None:
        chance = self.chance
        name = " ".join(part for part in (seen.given, seen.family) if part)
        if chance.happens(0.08) and seen.family and seen.given:
            name = f"{seen.family}, {seen.given}"
        if chance.happens(0.05):
            name = name.upper()
        phone = seen.phone.international() if seen.phone else None
        if seen.phone and chance.happens(0.25):
            phone = seen.phone.spaced()
        street, postcode, city = _address_cells(seen)
        address = f"{street}, {postcode} {city}" if street else None
        email = company.mailbox if company else seen.email
        total = f"{5 + 300 * chance.random() ** 3:.2f}"
        at = moment(day, chance).strftime("%Y-%m-%d %H:%M")
        account = _account(cluster) if company is None and chance.happens(0.6) else None
        self.file.add([self._new_record(cluster), name, email, phone, address, at, total, account])

    def spoil(self) -> None:
        super().spoil()
        self.file.add(
            self.chance.one_of(
                (
                    b";Order Without Number;;;;2024-05-06 10:00;12.00;",
                    b"X9999;Half a row",
                    "X9998;Jörg Übel;;;Hauptstraße 5, 10115 Berlin;2024-05-06 10:00;9.90;".encode("cp1252"),
                )
            )
        )


class CallCentre(Source):
    """Calls as noted by agents: tab separated in an old Windows encoding, names as heard, day first dates."""

    stem, prefix = "call_centre", "T"
    columns = ("call_id", "caller_number", "caller_name", "date_of_birth", "notes", "called_at")
    _NOTES = ("asks for invoice", "delivery late", "new address", "complaint", "wants to cancel", "praise", "")

    @classmethod
    def open(cls, folder: Path, chance: Chance) -> RowFile:
        """Open its file."""
        return delimited_file(folder / "call_centre.tsv", cls.columns, chance, "\t", "cp1252")

    def write(self, person: Person) -> None:
        for _ in range(int(2.2 * self.chance.random() * self.chance.random())):
            day = self._day()
            self._call(person.id, see(person, day, self.chance, care=2.5), day)

    def _call(self, cluster: str, seen: Sighting, day: date) -> None:
        name = " ".join(part for part in (seen.given, seen.family) if part)
        name = name if _fits(name) else without_accents(name)
        number = seen.phone.dialled_abroad() if seen.phone else "anonymous"
        born = seen.born.strftime("%d/%m/%Y") if seen.born else None
        at = moment(day, self.chance).strftime("%d/%m/%Y %H:%M")
        self.file.add([self._new_record(cluster), number, name, born, self.chance.one_of(self._NOTES), at])

    def spoil(self) -> None:
        """Write a torn row, or a whole one whose date cannot be: that record is kept without it."""
        super().spoil()
        if self.chance.happens(0.5):
            self.file.add(b"X9999\t0049301234567")
        else:
            number = f"X{900_000 + self.spoiled}"
            self._truth(f"{self.stem}:{number}", number)
            self.file.add([number, "anonymous", "Caller Unheard", "31/02/1977", "", "01/02/2024 09:30"])


class Loyalty(Source):
    """The card programme: Parquet with real dates."""

    stem, prefix = "loyalty", "L"
    schema = pa.schema(
        [
            ("card_number", pa.string()), ("given", pa.string()), ("family", pa.string()), ("born", pa.date32()),
            ("mail", pa.string()), ("postcode", pa.string()), ("enrolled", pa.date32()),
        ]
    )  # fmt: skip

    @classmethod
    def open(cls, folder: Path, chance: Chance) -> RowFile:
        """Open its file."""
        return parquet_file(folder / "loyalty.parquet", cls.schema, chance)

    def write(self, person: Person) -> None:
        if self.chance.happens(0.42):
            day = self._day()
            seen = see(person, day, self.chance, care=1.3)
            card = self._new_record(person.id)
            postcode = seen.address.postcode if seen.address else None
            self.file.add([card, seen.given, seen.family, seen.born, seen.email, postcode, day])

    def spoil(self) -> None:
        super().spoil()
        self.file.add([None, "Card", "Without-Number", None, None, None, date(2024, 1, 2)])


@dataclass(slots=True)
class _Tablet:
    anonymous_id: str
    left: int


class WebEvents(Source):
    """Clicks of the web shop; most cookies stay anonymous, some log in, one tablet serves a whole reception desk."""

    stem, prefix = "web_events", ""
    _PAGES = ("/", "/shoes", "/garden", "/basket", "/checkout", "/account", "/sale", "/help")
    _TYPES = ("page_view", "page_view", "page_view", "search", "add_to_basket", "purchase")

    def __init__(self, file: RowFile, chance: Chance, truth: Truth) -> None:
        super().__init__(file, chance, truth)
        self._tablet = _Tablet("", 0)
        self._messages = 0

    @classmethod
    def open(cls, folder: Path, chance: Chance) -> RowFile:
        """Open its file."""
        return json_lines_file(folder / "web_events.jsonl.gz", chance)

    def _next_id(self) -> str:
        number = int(super()._next_id())
        return f"{number:08x}-{self.chance.below(1 << 48):012x}"

    def write(self, person: Person) -> None:
        for cookie in range(int(2.6 * self.chance.random() * self.chance.random() + 0.35)):
            self._visits(person, self._next_id(), "mobile" if cookie % 2 else "desktop")
        if self.chance.happens(0.01):
            self._at_reception(person)

    def _visits(self, person: Person, cookie: str, device: str) -> None:
        day = self._day()
        logs_in, ever_known = self.chance.happens(0.75), False
        for step in range(1 + int(5 * self.chance.random() * self.chance.random())):
            known = logs_in and (step > 0 or self.chance.happens(0.4))
            ever_known |= known
            self._event(cookie, person if known else None, device, min(day + timedelta(days=2 * step), LAST_DAY))
        # Who never says who he is leaves nothing that could tell, so in the truth such a visitor is nobody we know.
        self._truth(f"{self.stem}:{cookie}", person.id if ever_known else f"visitor-{cookie}")

    def _at_reception(self, person: Person) -> None:
        if not self._tablet.left:
            self._tablet = _Tablet(self._next_id(), 60)
            self._truth(f"{self.stem}:{self._tablet.anonymous_id}", f"tablet-{self._tablet.anonymous_id}")
        self._tablet.left -= 1
        self._event(self._tablet.anonymous_id, person, "tablet", self._day())

    def _event(self, cookie: str, person: Person | None, device: str, day: date) -> None:
        chance = self.chance
        self._messages += 1
        event: dict[str, str | None] = {
            "message_id": f"m{self._messages * 7_368_787 % 9_999_999_967:010d}",
            "anonymous_id": cookie,
            "type": chance.one_of(self._TYPES),
            "at": moment(day, chance).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "page": chance.skewed(self._PAGES),
            "device": device,
            "user_id": None,
            "email": None,
        }
        if person is not None:
            event["user_id"] = _account(person.id)
            if person.emails and chance.happens(0.6):
                event["email"] = person.emails[0]
        self.file.add(event)

    def spoil(self) -> None:
        super().spoil()
        self.file.add(_broken_line(self.chance))


def _account(person_id: str) -> str:
    """Return the shop account of a person, as its user id."""
    return f"u{person_id[1:]}"


def _broken_line(chance: Chance) -> bytes:
    """Return a line that is no event."""
    return chance.one_of(
        (b'{"message_id": "broken", "type": "page_v', b'{"message_id": "nobody", "type": "page_view"}')
    )


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _address_cells(seen: Sighting) -> tuple[str | None, str | None, str | None]:
    return (seen.address.street, seen.address.postcode, seen.address.city) if seen.address else (None, None, None)
