"""Company names: recognised among people, and compared without their legal form."""

from __future__ import annotations

import re

from identity_graph.normalise.folding import fold
from identity_graph.normalise.vocabulary import word_set

__all__ = ["company_key", "looks_like_company"]

_LEGAL_FORMS = word_set(
    """
    gmbh mbh ggmbh ag kg kgaa ohg gbr ug ev eg se haftungsbeschraenkt haftungsbeschrankt ltd limited plc llp llc
    lc lp inc incorporated corp corporation co company pty pte pvt bv nv vof cv sa sas sarl sasu eurl snc sca
    spa srl srls sapa sl slu slne sccl scoop oy oyj ab hb as asa aps ivs is spzoo zoo sro doo dd ad ood eood kft
    zrt nyrt bt rt oao ooo zao pao ao tov sia uab ou kk gk kabushiki kaisha yk ltda eireli cia sac cv rl sab
    anonim sirketi ltdsti
    """
)
_SPELLED_FORMS = re.compile(
    r"\b(?:g m b h|b v|n v|s a r l|s a s|s a|s p a|s r l|s l u|s l|s n c|p l c|l l c|l l p|l t d|a g|k g|a s|a b"
    r"|sp z o o|sp zoo|s r o|d o o|s a de c v|e v|o y|i n c)\b"
)
_LEADING = word_set("the firma fa messrs ooo oao zao pao ao pt cv ud")
# Forms that are no word and no name of a person, so that one of them makes a text a company.
_SURE_FORMS = word_set(
    """
    gmbh mbh ggmbh kgaa ohg ltd limited plc llp llc inc incorporated corp corporation pty sarl sasu eurl srl
    srls oyj aps spzoo sro doo eood kft zrt nyrt oao ooo zao uab ltda eireli kabushiki
    """
)
_COMPANY_WORDS = word_set(
    """
    company companies holding holdings group gruppe groupe gruppo grupo international industries industrie
    industrial technologies technology systems solutions services service consulting consultants partners
    associates bank insurance versicherung university universitat universitaet universite universidad institute
    institut hospital klinik clinic foundation stiftung stichting verein association council ministry department
    school restaurant hotel cafe pharmacy apotheke store shop stores supermarket logistics trading export import
    engineering electronics pharmaceuticals chemicals motors airlines media software laboratories labs ventures
    enterprises agency studio sons bros soehne fils bakery baeckerei garage maatschappij vennootschap
    onderneming
    """
)
_JOINERS = re.compile(r"\s*(?:&|\+)\s*")
_ENDS_IN_FORM = frozenset(
    {"ag", "kg", "se", "bv", "nv", "sa", "sas", "spa", "sl", "oy", "ab", "asa", "co", "as", "ug", "ev"}
)


def company_key(text: str) -> str:
    """Return the comparison form of a company's name: folded, `&` as `and`, legal forms and a leading `the` removed.

    A name that consists of legal forms only keeps them, so that the key is empty for blank text only.
    """
    folded = fold(_JOINERS.sub(" and ", text))
    words = [word for word in _SPELLED_FORMS.sub(_joined, folded).split() if word]
    core = words[1:] if len(words) > 1 and words[0] in _LEADING else words
    kept = [word for index, word in enumerate(core) if index == 0 or word not in _LEGAL_FORMS]
    while len(kept) > 1 and kept[-1] == "and":
        kept.pop()
    return " ".join(kept or words)


def _joined(found: re.Match[str]) -> str:
    return found.group().replace(" ", "")


def looks_like_company(text: str) -> bool:
    """Say whether a name is a company's: a legal form, or a word that only companies use."""
    words = _SPELLED_FORMS.sub(_joined, fold(text)).split()
    if not words:
        return False
    if not _SURE_FORMS.isdisjoint(words) or not _COMPANY_WORDS.isdisjoint(words):
        return True
    if len(words) > 1 and words[-1] in _ENDS_IN_FORM:
        last = text.split()[-1].strip("()")
        return "." in last or last.isupper() or words[-1] in ("bv", "nv", "kg", "co")
    return False
