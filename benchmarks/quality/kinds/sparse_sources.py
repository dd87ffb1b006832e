"""Five sparse sources of one company: each knows two or three of name, phone, e-mail, birth date, city, device, card.

Nobody is complete anywhere; a person is found by going from source to source. Families share phones and mailboxes,
cards are lent, shop tills have the city of the shop.
"""

from __future__ import annotations

from benchmarks.quality.kinds.dirt import born_as, households_of, kept, slipped
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Person
from identity_graph.demo.sightings import Sighting, see

__all__ = ["sparse_sources"]

_FRANCE_AND_SPAIN = frozenset({"FR", "ES"})


def sparse_sources(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: five files in four forms."""
    web = Sheet("records_webshop.csv", "order_ref", ("customer", "courriel", "order_total_eur", "order_date"))
    calls = Sheet("records_calls.tsv", "callId", ("caller_id", "nom_prenom", "ville", "duree_s"), delimiter="\t")
    app = Sheet("records_app.jsonl", "install", ("device_uuid", "mail", "tel", "os", "app_version"))
    loyalty = Sheet(
        "records_fidelite.csv",
        "no_adhesion",
        ("numero_carte", "date_naissance", "tel_portable", "mail_contact", "statut"),
        delimiter=";",
    )
    tills = Sheet("records_caisse.csv", "TICKET", ("CARTE", "NOM_CLIENT", "VILLE", "MONTANT"), delimiter=";")
    for household in households_of(_FRANCE_AND_SPAIN, people, chance):
        for person in household.people:
            _spread(person, (web, calls, app, loyalty, tills), chance)
    return [web, calls, app, loyalty, tills]


def _name(seen: Sighting) -> str:
    return " ".join(part for part in (seen.given, seen.family) if part)


def _spread(person: Person, sheets: tuple[Sheet, Sheet, Sheet, Sheet, Sheet], chance: Chance) -> None:
    web, calls, app, loyalty, tills = sheets
    card = chance.digits("29########") if chance.happens(0.6) else None
    device = "".join(chance.one_of("0123456789abcdef") for _ in range(16))
    if chance.happens(0.6):
        for _ in range(chance.between(1, 2)):
            seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance)
            total = f"{chance.between(5, 300)},{chance.between(0, 99):02d}"
            day = born_as(chance.day(FIRST_DAY, LAST_DAY), "french")
            web.add(person.id, f"W{web.scattered():08d}", (_name(seen), seen.email, total, day))
    if chance.happens(0.35):
        seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance, 2.0)
        phone = seen.phone.dialled_abroad() if seen.phone else "anonymous"
        city = kept(seen.address.city if seen.address else None, 0.2, chance)
        length = str(chance.between(20, 900))
        calls.add(person.id, f"{calls.scattered():08d}", (phone, _name(seen), city, length))
    if chance.happens(0.4):
        seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance)
        phone = kept(seen.phone.international() if seen.phone else None, 0.4, chance)
        version = f"{chance.between(3, 5)}.{chance.between(0, 20)}.0"
        cells = (device, seen.email, phone, chance.one_of(("ios", "android")), version)
        app.add(person.id, f"app-{app.scattered():08x}", cells)
    if card is not None:
        seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance)
        phone = kept(seen.phone.at_home(" ") if seen.phone else None, 0.15, chance)
        cells = (card, born_as(seen.born, "french"), phone, kept(seen.email, 0.3, chance), "actif")
        loyalty.add(person.id, f"F{loyalty.scattered():08d}", cells)
        for _ in range(chance.below(4)):
            seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance, 1.5)
            city = seen.address.city.upper() if seen.address else None
            name = slipped(_name(seen).upper(), 0.04, chance)
            amount = f"{chance.between(1, 120)},{chance.between(0, 99):02d}"
            tills.add(person.id, f"T{tills.scattered():08d}", (kept(card, 0.05, chance), name, city, amount))
