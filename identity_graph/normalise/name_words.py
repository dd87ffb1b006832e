"""Words around and inside names, folded: titles, particles, suffixes; tables and nothing else."""

from __future__ import annotations

from identity_graph.normalise.vocabulary import word_set

__all__ = [
    "COMPOUND_FAMILY_NAMES", "DEGREE_FIELDS", "FAMILY_FIRST_PARTICLES", "NOBLE_RANKS", "PARTICLES", "SUFFIXES",
    "SUFFIXES_AFTER_COMMA", "TITLES", "TITLES_BEFORE_OF",
]  # fmt: skip

TITLES = word_set(
    """
    mr mrs ms miss mx mister missus master madam sir dame lord lady dr doctor prof professor rev reverend revd
    father pastor rabbi imam sheikh sheik shaikh haji hajji hon honourable honorable judge justice capt captain
    col colonel gen general lt lieutenant maj major sgt sergeant cpl corporal pvt private adm admiral cmdr
    commander cdr gov governor sen senator rep congressman president ambassador count countess viscount
    viscountess baron baroness baronet marquess marquis marquise duchess prince princess king queen emperor
    empress pope saint bishop archbishop cardinal canon herr frau fraulein fraeulein freiherr freifrau furst
    fuerst grafin graefin dipl mag ing ddr dres monsieur madame mme mademoiselle mlle mgr maitre docteur
    professeur senor senora senorita sra srta dona ingeniero lic licenciado signor signora signorina sig dott
    dottore dottoressa avv ingegnere onorevole dhr meneer mevr mevrouw jhr jonkheer drs ir hr fru froken pan
    pani shri sri smt kumari pandit ustad mwalimu gospodin gospozha
    """
)
"""Words in front of a name that are not part of it."""

TITLES_BEFORE_OF = word_set("duke earl dean don king prince count")
"""Titles that are given names too (`Earl Warren`), so they count as titles only before `of`."""

DEGREE_FIELDS = word_set("med dent vet jur iur phil rer nat pol hc ing habil oec mult techn theol agr")
"""Words after `Dr.` that belong to it (`Dr. rer. nat.`)."""

PARTICLES = word_set(
    """
    of van von vom zu zum zur der den de del dela della dello delli degli dei di da das do dos du des d la las
    los le lo ter ten tot te t vande vander vanden af av bin ibn bint binti ben abu abd abdul abdel al el ul ur
    ap ab fitz o saint st san santa sao graf ritter freiherr mac mc y e i und et
    """
)
"""Words inside a name that begin or hold together the family name."""

FAMILY_FIRST_PARTICLES = word_set("van von vander vanden vande de der den del dela ter ten tot zu zum zur du dos das")
"""Particles that no given name is, so a name of three words or more that begins with one begins with the family."""

SUFFIXES = word_set(
    """
    jr jnr sr snr ii iii iv 2nd 3rd 4th phd ph.d md m.d dds dvm mba esq esquire bsc msc llb llm bt baronet obe
    mbe cbe kbe dbe frs frcp frcs qc kc mp rn cpa pe usn usmc usaf kcb kcmg gcb cb dso dsc mc vc fba frse
    """
)
"""Words after a name that are not part of it, dots removed."""

SUFFIXES_AFTER_COMMA = SUFFIXES | word_set("ma ba do v junior senior jun sen bart filho neto pe eng rev sj op osb mep")
"""Further suffixes that are names or words elsewhere, so they count after a comma only."""

NOBLE_RANKS = word_set(
    """
    baronet earl duke viscount viscountess marquess marquis marquise baron baroness lord lady count countess
    duchess prince
    """
)
"""Ranks that begin the suffix `1st Earl of Onslow`."""

COMPOUND_FAMILY_NAMES = word_set(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 东方 東方 皇甫 尉迟 公孙 慕容 令狐 남궁 황보 제갈 선우 독고"
)
"""East Asian family names of two characters."""
