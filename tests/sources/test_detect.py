"""Detection on small tables of the kinds other people have, and on the labelled sets beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from identity_graph.roles import Role
from identity_graph.sources import detect_mapping, mapping_from_text, mapping_to_text, open_sources
from identity_graph.sources.conventions import find_region

GIVEN = ["Anna", "Jürgen", "Mary", "Pavel", "Chloé"]
FAMILY = ["Schmidt", "O'Brien", "García", "Novák", "de Vries"]
DATES = ["1980-02-03", "1955-12-31", "1971-07-14", "1990-01-20", "1962-05-05"]


def _roles(**columns: list[str]) -> dict[str, Role]:
    table = pa.table({name: pa.array([values[i % len(values)] for i in range(50)]) for name, values in columns.items()})
    return {name: mapped.role for name, mapped in detect_mapping(table).columns.items()}


@pytest.mark.parametrize(
    ("header", "values", "role"),
    [
        ("Vorname", GIVEN, Role.GIVEN_NAME),
        ("apellidos", FAMILY, Role.FAMILY_NAME),
        ("customer_last_name", FAMILY, Role.FAMILY_NAME),
        ("date_de_naissance", DATES, Role.BIRTH_DATE),
        ("DOB", DATES, Role.BIRTH_DATE),
        ("PLZ", ["10115", "20095", "80331", "50667", "60311"], Role.POSTCODE),
        ("x1", ["a@b.de", "c@d.fr", "e.f@g.co.uk", "h@i.nl", "j@k.it"], Role.EMAIL),
        ("zip_code", ["Urban", "Rural", "Suburban"], Role.CATEGORY),
        ("product_name", ["red chair", "blue table", "lamp"], Role.CATEGORY),
        ("load_date", DATES, Role.IGNORE),
        ("order_date", ["2026-01-02 10:00", "2026-02-02 11:00"], Role.OBSERVED_AT),
        ("notes", [""], Role.IGNORE),
        ("PAT_LNAME", FAMILY, Role.FAMILY_NAME),
        ("Q2. What is your last name?", FAMILY, Role.FAMILY_NAME),
        ("Geb_Datum (TT.MM.JJJJ)", DATES, Role.BIRTH_DATE),
        ("CITY_NM", ["Rome", "Oslo", "Lille"], Role.CITY),
        ("Zip/Postal Code", ["10115", "20095", "80331", "50667", "60311"], Role.POSTCODE),
        ("pays_de_naissance", ["France", "Italie"], Role.PLACE),
        ("customer", ["Anna Schmidt", "Mary O'Brien", "Jean de la Tour"] * 5, Role.FULL_NAME),
        ("customer", ["gold", "silver"], Role.CATEGORY),
        ("MOTHER_FNAME", GIVEN, Role.CATEGORY),
        ("Vatersname", GIVEN, Role.MIDDLE_NAME),
        ("ean", ["4006381333931", "4000417025005", "978-3-16-148410-0"], Role.PRODUCT_CODE),
        ("Website", ["www.a-gmbh.de", "https://b.fr/contact", "c.co.uk"], Role.WEBSITE),
        ("image", ["https://img.a.com/1.jpg", "https://img.a.com/2.jpg"] * 5, Role.IGNORE),
        ("client_ip", ["10.0.0.1", "192.168.20.7", "84.12.9.110"] * 5, Role.IGNORE),
        ("case_no", ["1880/49881844", "1859/58743775", "1901/11223344"], Role.CATEGORY),
        ("volume", ["Band 7a", "Band 8b", "Band 9c"], Role.CATEGORY),
    ],
)
def test_names_propose_and_values_decide(header: str, values: list[str], role: Role) -> None:
    assert _roles(**{header: values})[header] is role


def test_a_source_column_is_recognised_in_a_file_of_few_rows() -> None:
    table = pa.table({"id": ["1", "1", "2"], "source": ["web", "crm", "crm"], "name": ["Ann Lee", "Ann Lee", "Bo Xu"]})
    assert detect_mapping(table).source_column == "source"


@pytest.mark.parametrize(
    ("phones", "region"),
    [
        (["030 7654321"], "DE"),
        (["+49 30 1234567", "030 7654321"], "DE"),
        (["0161 496 0123", "020 7946 0958"], "GB"),
        (["(202) 555-0143", "+44 20 7946 0958", "415-555-2671"], "US"),
        (["+4570101155", "70 10 11 55"], "DK"),
        (["+49 30 1234567"], None),
        (["+1 23", "+49 1", "020 7946 0958"], "GB"),
        (["12", "13"], None),
    ],
)
def test_numbers_with_a_country_code_help_to_place_those_without(phones: list[str], region: str | None) -> None:
    assert find_region(phones, ()) == region


def test_a_whole_name_that_repeats_its_parts_is_left_out() -> None:
    whole = [f"{given} {family}" for given, family in zip(GIVEN, FAMILY, strict=True)]
    found = _roles(first_name=GIVEN, last_name=FAMILY, full_name=whole)
    assert found == {"first_name": Role.GIVEN_NAME, "last_name": Role.FAMILY_NAME, "full_name": Role.IGNORE}


def test_a_whole_name_without_parts_stays() -> None:
    assert _roles(full_name=["Anna Schmidt", "Mary O'Brien"])["full_name"] is Role.FULL_NAME


def test_rows_without_ids_are_said_loudly() -> None:
    assert detect_mapping(pa.table({"city": ["Rome", "Rome"]})).record_id is None


def test_a_name_beside_a_given_name_is_the_family_name() -> None:
    assert _roles(name=FAMILY, vorname=GIVEN)["name"] is Role.FAMILY_NAME
    assert _roles(nom=FAMILY, prenoms=GIVEN)["nom"] is Role.FAMILY_NAME
    assert _roles(nom=["Anna Schmidt", "Mary O'Brien"])["nom"] is Role.FULL_NAME


def test_the_title_of_a_table_of_things_names_them_and_beside_people_it_does_not() -> None:
    titles = [f"Silent {word} {number}" for number, word in enumerate(["Rivers", "Stars", "Woods"] * 10)]
    assert _roles(title=titles, brand=["Halden"], price=["1,50", "2,75"])["title"] is Role.TITLE
    assert _roles(titel=titles, verfasser=["Meier, Anna", "Vidal, José"])["titel"] is Role.TITLE
    assert _roles(title=titles, email=["a@b.de", "c@d.fr"])["title"] is not Role.TITLE


def test_day_month_and_year_alone_are_a_date_of_birth_when_the_years_are_peoples() -> None:
    parts = {"tag": ["1", "31", "14"], "monat": ["März", "7", "12"]}
    born = _roles(**parts, jahr=["1951", "1988", "1970", "1999"])
    assert [born[name] for name in ("tag", "monat", "jahr")] == [Role.BIRTH_DAY, Role.BIRTH_MONTH, Role.BIRTH_YEAR]
    assert _roles(**parts, jahr=["2021", "2022", "2023"])["jahr"] is Role.CATEGORY


def test_a_further_line_of_a_company_s_name_is_no_person() -> None:
    found = _roles(NAME1=["Meier Bau GmbH", "Nordlicht AG"], NAME2=["Zweigstelle Ost", "Abteilung Einkauf"])
    assert found == {"NAME1": Role.COMPANY, "NAME2": Role.TEXT}


EXPECTED = {
    "febrl3": {"given_name", "family_name", "birth_date", "national_id", "postcode", "street", "house_number"},
    "febrl4": {"given_name", "family_name", "birth_date", "national_id", "postcode", "street", "house_number"},
    "fake_1000": {"given_name", "family_name", "birth_date", "city", "email"},
    "historical_50k": {"given_name", "family_name", "birth_date", "postcode", "birth_place", "occupation"},
    "essnet_links_a": {"given_name", "family_name", "birth_date", "gender", "address", "postcode"},
    "restaurants": {"company", "address", "city", "cuisine"},
    "rldata500": {"given_name", "middle_name", "family_name", "birth_date"},
    "patstat_nl": {"full_name", "latitude", "longitude", "coauthor", "class"},
}


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_labelled_sets_need_no_mapping(shared_data: Path, name: str) -> None:
    reader = open_sources([shared_data / name / "records.parquet"])
    assert reader.mapping.record_id == "record_id"
    assert EXPECTED[name] <= reader.attribute_roles().keys()
    assert mapping_from_text(mapping_to_text(reader.mapping)) == reader.mapping


@pytest.mark.parametrize("header", ["customer_id", "kundennummer", "ref"])
def test_an_id_missing_in_a_few_rows_is_still_the_id(header: str) -> None:
    ids = ["" if row % 100 == 7 else f"K-{row:05d}" for row in range(1_000)]
    table = pa.table({"city": ["Rome", "Oslo"] * 500, header: ids})
    assert detect_mapping(table).record_id == header


def test_an_id_in_every_row_is_preferred_to_one_with_gaps() -> None:
    gaps = ["" if row % 100 == 7 else f"K-{row:05d}" for row in range(1_000)]
    table = pa.table({"customer_id": gaps, "ticket": [f"T{row * 7}" for row in range(1_000)]})
    assert detect_mapping(table).record_id == "ticket"


def test_a_column_that_is_often_blank_is_no_id() -> None:
    table = pa.table({"customer_id": [f"K{row}" if row % 3 else "" for row in range(1_000)], "city": ["Rome"] * 1_000})
    assert detect_mapping(table).record_id is None


def test_a_count_of_rows_is_the_id_only_where_nothing_else_is() -> None:
    count = [str(row) for row in range(1, 201)]
    codes = [f"K-{row * 7919 % 10007:05d}" for row in range(200)]
    assert detect_mapping(pa.table({"#": count, "Kontakt-Nr.": codes})).record_id == "Kontakt-Nr."
    assert detect_mapping(pa.table({"lfd_Nr": count, "city": ["Rome", "Oslo"] * 100})).record_id == "lfd_Nr"


def test_a_card_is_the_id_only_where_nothing_else_is() -> None:
    cards, codes = [f"29{row * 7919 % 10007:08d}" for row in range(200)], [f"F{row:04d}" for row in range(200)]
    assert detect_mapping(pa.table({"card_no": cards, "adhesion": codes})).record_id == "adhesion"
    assert detect_mapping(pa.table({"card_no": cards})).record_id == "card_no"


def _born(dates: list[str]) -> tuple[str, ...] | None:
    return detect_mapping(pa.table({"birth_date": dates})).placeholder_dates


def _spread(first: int, last: int, count: int) -> list[str]:
    return [f"{first + n * 7 % (last - first)}-{1 + n % 12:02d}-{1 + n * 5 % 28:02d}" for n in range(count)]


def test_a_first_of_january_among_people_of_its_time_is_a_date() -> None:
    old = _spread(1880, 1920, 400)
    assert "1900-01-01" not in (_born([*old, "1900-01-01"]) or ())
    assert "1900-01-01" in (_born([*old, *["1900-01-01"] * 60]) or ())


def test_a_date_nobody_else_is_near_is_a_placeholder() -> None:
    assert "1900-01-01" in (_born([*_spread(1950, 2000, 400), "1900-01-01"]) or ())


@pytest.mark.parametrize("spike", ["1970-01-01", "1985-06-15"])
def test_an_implausible_spike_is_a_placeholder(spike: str) -> None:
    assert spike in (_born([*_spread(1940, 2000, 400), *[spike] * 80]) or ())
    assert spike not in (_born([*_spread(1940, 2000, 400), *[spike] * 3]) or ())


def test_years_known_without_their_day_are_no_spike() -> None:
    dates = [f"{1880 + n % 60}-01-01" for n in range(600)]
    assert not {f"{year}-01-01" for year in range(1880, 1940)} & set(_born([*dates, *_spread(1880, 1940, 300)]) or ())


def test_placeholder_dates_of_a_mapping_are_read_back_and_used(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    rows = [f"{n},{date}\n" for n, date in enumerate([*_spread(1880, 1920, 200), "1900-01-01"])]
    path.write_text("id,birth_date\n" + "".join(rows), encoding="utf-8")
    reader = open_sources([path])
    again = mapping_from_text(mapping_to_text(reader.mapping))
    assert again == reader.mapping
    for mapping in (None, again):
        (batch,) = open_sources([path], mapping=mapping).batches()
        assert batch.records["birth_date"].to_pylist()[-1] == "1900-01-01"
