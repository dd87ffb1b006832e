"""Two catalogues of things: products of two web shops, and the books of a library.

Products come in sizes and colours that are products of their own; article numbers have gaps and prices differ between
shops. Books come in editions that are books of their own; authors are written in full or abbreviated.
"""

from __future__ import annotations

from benchmarks.quality.kinds.dirt import kept, slipped, some_day, with_check_digit, words
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance
from identity_graph.demo.places import LOCALES

__all__ = ["books", "products"]

_BRANDS = words(
    """
    Sonara Velmont Kitoro Brisk Halden Norvik Optima Lumeno Tarvos Zentia Polaro Maxwave Ekko Fidela
    """
)
_THINGS = {
    "TV & Video": ('LED TV {size}"', "4K Smart TV {size} inch", "Blu-ray Player"),
    "Computer": ('Notebook {size}" {memory}GB', "Wireless Mouse", "USB-C Docking Station", "External SSD {memory}0GB"),
    "Kitchen": ("Espresso Machine", "Toaster 2-Slice", "Hand Blender {memory}00W", "Water Kettle 1.{memory}L"),
    "Audio": ("Bluetooth Speaker", "Over-Ear Headphones", "Soundbar 2.1", "True Wireless Earbuds"),
}
_COLOURS = ("black", "white", "silver", "red", "blue")
_TOPICS = (
    "Einführung in die Statistik", "Geschichte der Hanse", "Der letzte Sommer", "Die Stille im Tal",
    "Kochen mit Kräutern", "Grundlagen der Chemie", "Am Rand der Wüste", "Das Haus am See",
    "Kleine Philosophie des Gehens", "Recht der Schuldverhältnisse", "Licht über dem Moor", "Algorithmen und Daten",
    "Briefe an niemand", "Die Farben des Nordens", "Wege aus der Krise", "Handbuch der Vogelkunde",
    "Das verlorene Jahr", "Unter fremden Sternen", "Die Kunst des Zuhörens", "Theorie der Musik",
)  # fmt: skip
_PUBLISHERS = ("Lindenverlag", "Hafen & Sohn", "Akademie-Verlag", "Verlag am Markt", "Edition Quelle", "Nordlicht")


def products(count: int, chance: Chance) -> list[Sheet]:
    """Make the set: two files."""
    shop = Sheet("records_shop_a.csv", "sku", ("title", "brand", "price", "ean", "category", "in_stock", "image_url"))
    feed = Sheet(
        "records_feed_b.csv",
        "ItemID",
        ("ProductName", "Manufacturer", "Mfr Part No", "ListPrice", "GTIN", "Dept", "LastUpdate"),
        delimiter=";",
    )
    number = 0
    while number < count:
        brand, department = chance.skewed(_BRANDS), chance.one_of(sorted(_THINGS))
        pattern = chance.one_of(_THINGS[department])
        model = chance.digits("@@-####")
        variants = chance.between(1, 3)
        for colour in _COLOURS[:variants]:
            size, memory = chance.one_of((14, 24, 32, 43, 55, 65)), chance.between(2, 8)
            name = pattern.format(size=size, memory=memory)
            number += 1
            ean, price = with_check_digit(chance.digits("40##########")), chance.between(1500, 90000) / 100
            _list_product(f"I{number:06d}", (brand, model, name, colour, department, ean), price, shop, feed, chance)
    return [shop, feed]


def _list_product(
    item: str, about: tuple[str, str, str, str, str, str], price: float, shop: Sheet, feed: Sheet, chance: Chance
) -> None:
    brand, model, name, colour, department, ean = about
    if chance.happens(0.8):
        for _ in range(1 + chance.happens(0.08)):
            usual = chance.happens(0.7)
            title = f"{brand} {model} {name} {colour}" if usual else f"{brand} {name} ({colour}) - {model}"
            image = f"https://img.shop.example/{shop.scattered():08d}.jpg"
            cells = (
                slipped(title, 0.05, chance), kept(brand, 0.1, chance), f"{price * (0.9 + chance.random() / 5):.2f}",
                kept(ean, 0.4, chance), department, chance.one_of(("yes", "no")), image,
            )  # fmt: skip
            shop.add(item, f"SKU-{shop.scattered():08d}", cells)
    if chance.happens(0.75):
        title = f"{name}, {colour}, {model}" if chance.happens(0.5) else f"{brand.upper()} {name} {colour}"
        cost = f"{price * (0.95 + chance.random() / 8):.2f}".replace(".", ",")
        cells = (
            slipped(title, 0.04, chance), kept(brand.upper() if chance.happens(0.3) else brand, 0.15, chance),
            kept(model if chance.happens(0.7) else model.replace("-", ""), 0.35, chance), cost,
            kept(f"0{ean}", 0.4, chance), department.split(" ")[0].lower(), some_day("iso", chance),
        )  # fmt: skip
        feed.add(item, f"{feed.scattered():08d}", cells)


def books(count: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file of catalogue cards from several branch libraries."""
    sheet = Sheet(
        "records.csv",
        "Katalogkey",
        ("Titel", "Verfasser", "Verlag", "Ersch.-Jahr", "Auflage", "ISBN", "Seiten", "Signatur", "Zweigstelle"),
        delimiter=";",
        encoding="cp1252",
    )
    number = 0
    while number < count:
        locale = chance.weighted(LOCALES)
        given = locale.given_name(chance.happens(0.5), chance)
        family = locale.family_name(chance)
        for _ in range(chance.between(1, 3)):
            title = f"{chance.one_of(_TOPICS)}{chance.one_of(('', '', ': eine Übersicht', '. Roman'))}"
            publisher, year = chance.one_of(_PUBLISHERS), chance.between(1965, 2020)
            for edition in range(1, 1 + chance.between(1, 2)):
                number += 1
                year += (edition - 1) * chance.between(2, 9)
                isbn, pages = _isbn(chance), chance.between(90, 800)
                for _ in range(chance.between(1, 4)):
                    author = f"{family}, {given}" if chance.happens(0.6) else f"{given[0]}. {family}"
                    cells = (
                        slipped(title if chance.happens(0.8) else title.split(":")[0], 0.06, chance),
                        kept(slipped(author, 0.04, chance), 0.06, chance), kept(publisher, 0.15, chance),
                        kept(str(year), 0.08, chance), kept(f"{edition}. Aufl.", 0.4, chance),
                        kept(isbn if chance.happens(0.7) else isbn.replace("-", ""), 0.45, chance),
                        kept(f"{pages} S.", 0.2, chance), chance.digits("@@@ ###"),
                        chance.one_of(("Zentrale", "Nord", "Süd", "Hafen")),
                    )  # fmt: skip
                    sheet.add(f"W{number:06d}", f"bk{sheet.scattered():08d}", cells)
    return [sheet]


def _isbn(chance: Chance) -> str:
    code = with_check_digit(chance.digits("9783########"))
    return f"978-3-{code[4:8]}-{code[8:12]}-{code[12]}"
