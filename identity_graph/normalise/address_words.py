"""Words and patterns of addresses, folded: streets, units, postcodes, state codes; tables and nothing else."""

from __future__ import annotations

import re

from identity_graph.normalise.vocabulary import word_set

__all__ = ["POSTCODES", "REGION_CODES", "STREET_ENDINGS", "STREET_WORDS", "UNIT_WORDS"]

STREET_WORDS = word_set(
    """
    street st road rd avenue ave av lane ln drive dr court ct close crescent cres place pl square sq terrace
    terr ter way boulevard blvd highway hwy parkway pkwy circle cir trail grove gardens gdns hill row mews walk
    green view park quay strasse str weg gasse platz allee ring damm ufer chaussee rue quai impasse chemin cours
    route faubourg calle c avenida avda paseo plaza camino carrera carretera ronda via viale piazza corso largo
    vicolo strada straat laan plein kade gracht singel dreef rua travessa praca alameda estrada ulica ul aleja
    plac ulitsa prospekt gata gatan vagen vej gade vei veien katu tie utca ut ter
    """
)
"""Words that make a line a street."""

STREET_ENDINGS = ("strasse", "str", "straat", "weg", "gasse", "platz", "allee", "laan", "gatan", "vej", "gata", "katu")
"""Endings that make a word a street in languages that write it as one word."""

UNIT_WORDS = (
    "apartment|appartement|apartamento|apt|appt|app|unit|flat|flt|suite|ste|room|rm|wohnung|whg|top|bus|bte|boîte"
    "|interno|int|puerta|pta|lgh|lot|studio|office|lejl|leilighet|lok|m|kv|shop"
)
"""Words before the number of a flat or suite, as one pattern."""

POSTCODES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b",  # United Kingdom, Jersey, Guernsey, Isle of Man
        r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b",  # Canada
        r"\b(?:NL-)?[1-9]\d{3} ?(?!st\b|rd\b|nd\b|th\b)[A-Z]{2}\b(?= |$)",  # Netherlands
        r"\b[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4}\b",  # Ireland
        r"\b\d{5}-\d{4}\b",  # United States
        r"\b\d{5}-\d{3}\b",  # Brazil
        r"\b\d{4}-\d{3}\b",  # Portugal
        r"\b\d{3}-\d{4}\b",  # Japan
        r"\b\d{2}-\d{3}\b",  # Poland
        r"\b(?:(?:D|F|I|E|DE|FR|IT|ES|FIN|FI|HR|LT)-)?\d{5}\b",  # United States, Germany, France, Italy, Spain, Finland
        r"\b(?:SE-|S-|CZ-|SK-|GR-)?\d{3} \d{2}\b",  # Sweden, Czechia, Slovakia, Greece
        r"\b\d{6}\b",  # India, China, Russia, Romania, Singapore
        r"\b(?:(?:A|B|CH|DK|N|L|AT|BE|NO|LU|HU|SI|LV)-)?\d{4}\b",  # Austria, Belgium, Switzerland, Denmark, Australia
    )
)
"""Postcodes by country, from the most to the least particular shape."""

_REGIONS = """
al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware
dc district of columbia,washington dc|fl florida|ga georgia|hi hawaii|id idaho|il illinois|in indiana
ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland|ma massachusetts|mi michigan|mn minnesota
ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|nh new hampshire|nj new jersey|nm new mexico
ny new york state|nc north carolina|nd north dakota|oh ohio|ok oklahoma|or oregon|pa pennsylvania
ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|va virginia
wa washington state,western australia|wv west virginia|wi wisconsin|wy wyoming|pr puerto rico
nsw new south wales|vic victoria|qld queensland|sa south australia|tas tasmania
act australian capital territory|nt northern territory|on ontario|qc quebec|bc british columbia|ab alberta
mb manitoba|sk saskatchewan|ns nova scotia|nb new brunswick|nl newfoundland and labrador
pe prince edward island|yt yukon|nu nunavut|sp sao paulo|rj rio de janeiro|mg minas gerais
"""

REGION_CODES: dict[str, tuple[str, ...]] = {
    code: tuple(names.split(","))
    for code, names in (entry.split(" ", 1) for entry in _REGIONS.strip().replace("\n", "|").split("|"))
}
"""State and province codes of the United States, Australia, Canada and (in part) Brazil -> their names."""
