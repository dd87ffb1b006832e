"""Businesses in an ERP system and in a list of leads: legal forms, trade names, branches, switchboards, VAT ids.

A branch is a business of its own: it shares name and website with the others of its chain, and has its own address
and number. Some owners run two firms from one address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.quality.kinds.dirt import kept, slipped, some_day, words
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.mistakes import without_accents
from identity_graph.demo.places import LOCALES, Address, Locale, PhoneNumber

__all__ = ["businesses"]

_TRADES = {
    "DE": words(
        """
    Bau Metallbau Elektrotechnik Druck Logistik Gartenbau Bäckerei Dachdecker Spedition Holzbau
    """
    ),
    "FR": words(
        """
    Menuiserie Plomberie Transports Boulangerie Conseil Peinture Maçonnerie Imprimerie Fleurs
    """
    ),
    "ES": words(
        """
    Construcciones Transportes Panadería Asesores Carpintería Talleres Electricidad Viajes
    """
    ),
    "NL": words("Bouw Installatie Transport Bakkerij Advies Schilders Tuinen Techniek Drukkerij"),
}
_OTHER_TRADES = words("Bakery Plumbing Logistics Consulting Garden Printing Electric Foods Motors Roofing")
_FANCY = words(
    """
    Nord Rhein Alpha Delta Orion Vega Silva Terra Luna Atlas Merkur Corvus Linden Adler Falke Quell
    """
)


@dataclass(frozen=True, slots=True)
class _Business:
    id: str
    name: str
    form: str
    trade_name: str | None
    country: str
    address: Address
    phone: PhoneNumber
    mailbox: str
    website: str
    vat: str | None


def businesses(count: int, chance: Chance) -> list[Sheet]:
    """Make the set: two files."""
    erp = Sheet(
        "records_erp.csv",
        "KUNNR",
        (
            "MANDT", "NAME1", "NAME2", "STRAS", "PSTLZ", "ORT01", "LAND1", "TELF1", "STCEG", "ERDAT", "LOEVM",
            "SPRAS",
        ),
        delimiter=";",
    )  # fmt: skip
    leads = Sheet(
        "records_leads.csv",
        "Lead ID",
        (
            "Company / Account", "Trading As", "Website", "Email", "Phone", "Street Address", "Zip/Postal Code",
            "City", "Country", "No. of Employees", "Lead Status", "Created Date",
        ),
    )  # fmt: skip
    number = 0
    while number < count:
        first = _business(f"B{number:06d}", chance)
        kind = chance.random()
        group = [first]
        if kind < 0.08:
            group += [_branch(first, f"B{number + step:06d}", chance) for step in range(1, chance.between(2, 5))]
        elif kind < 0.12:
            group.append(_sister(first, f"B{number + 1:06d}", chance))
        for business in group:
            _note(business, erp, leads, chance)
        number += len(group)
    return [erp, leads]


def _business(business_id: str, chance: Chance) -> _Business:
    locale = chance.weighted(LOCALES)
    address = locale.address(chance)
    name, form = _name(locale, address.city, chance)
    word = "".join(sign for sign in without_accents(name).lower() if sign.isalnum())[:18]
    top = {"US": "com", "GB": "co.uk"}.get(locale.country.code, locale.country.code.lower())
    domain = f"{word}.{top}"
    trade_name = f"{chance.one_of(_FANCY)} {chance.one_of(_OTHER_TRADES)}" if chance.happens(0.15) else None
    vat = f"{locale.country.code}{chance.digits('#########')}" if chance.happens(0.75) else None
    box = chance.one_of(("info", "office", "kontakt", "mail"))
    return _Business(
        business_id, name, form, trade_name, locale.country.code, address, locale.landline(chance),
        f"{box}@{domain}", f"www.{domain}", vat,
    )  # fmt: skip


def _name(locale: Locale, city: str, chance: Chance) -> tuple[str, str]:
    trade = chance.one_of(_TRADES.get(locale.country.code, _OTHER_TRADES))
    kind = chance.random()
    if kind < 0.5:
        core = f"{locale.family_name(chance)} {trade}"
    elif kind < 0.65:
        core = f"{locale.family_name(chance)} & {locale.family_name(chance)} {trade}"
    elif kind < 0.8:
        core = f"{trade} {city}"
    else:
        core = f"{chance.one_of(_FANCY)}{chance.one_of(_FANCY).lower()} {trade}"
    return core, chance.one_of(locale.country.company_forms)


def _branch(first: _Business, business_id: str, chance: Chance) -> _Business:
    locale = next(one for one in iter(lambda: chance.weighted(LOCALES), None) if one.country.code == first.country)
    return replace(
        first, id=business_id, address=locale.address(chance), phone=locale.landline(chance), vat=None, trade_name=None
    )


def _sister(first: _Business, business_id: str, chance: Chance) -> _Business:
    owner = first.name.split(" ", maxsplit=1)[0]
    name = f"{owner} {chance.one_of(('Immobilien', 'Holding', 'Verwaltung', 'Services'))}"
    vat = f"{first.country}{chance.digits('#########')}"
    return replace(first, id=business_id, name=name, vat=vat, trade_name=None)


def _written(business: _Business, chance: Chance) -> str:
    name = business.trade_name if business.trade_name and chance.happens(0.3) else business.name
    if chance.happens(0.75):
        name = f"{name} {business.form}"
    if chance.happens(0.1):
        name = name.replace("&", chance.one_of(("und", "and", "+")))
    return slipped(name, 0.06, chance) or name


def _note(business: _Business, erp: Sheet, leads: Sheet, chance: Chance) -> None:
    home, phone = business.address, business.phone
    if chance.happens(0.75):
        for _ in range(1 + chance.happens(0.12)):
            name = _written(business, chance).upper() if chance.happens(0.5) else _written(business, chance)
            cells = (
                "100", name[:35], name[35:] or None, slipped(home.street, 0.06, chance), home.postcode, home.city,
                business.country, kept(phone.at_home(chance.one_of("/ -")), 0.2, chance),
                kept(business.vat, 0.1, chance), some_day("sap", chance), None, "D",
            )  # fmt: skip
            erp.add(business.id, f"{erp.scattered():010d}", cells)
    if chance.happens(0.65):
        for _ in range(1 + chance.happens(0.15)):
            site = chance.one_of(("http://{}", "https://{}/", "{}", "https://{}/kontakt")).format(business.website)
            moved = chance.happens(0.05)
            street = home.street if not moved else f"Postfach {chance.between(100, 999)}"
            cells = (
                _written(business, chance), kept(business.trade_name, 0.4, chance), kept(site, 0.25, chance),
                kept(business.mailbox, 0.3, chance), kept(phone.spaced(), 0.2, chance),
                kept(slipped(street, 0.06, chance), 0.08, chance), kept(home.postcode, 0.1, chance),
                home.city, business.country, chance.one_of(("1-10", "11-50", "51-200", None)),
                chance.one_of(("Open", "Contacted", "Qualified")), some_day("iso", chance),
            )  # fmt: skip
            leads.add(business.id, f"00Q{leads.scattered():08d}AAA", cells)
