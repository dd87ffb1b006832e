"""Country names in several languages, alpha-2 and alpha-3 codes, to ISO 3166 alpha-2."""

from __future__ import annotations

from identity_graph.normalise.folding import fold
from identity_graph.normalise.result import Normalised, value

__all__ = ["COUNTRY_CODES", "country"]

_TABLE = """
AD AND andorra|AE ARE united arab emirates,uae,emirates,vereinigte arabische emirate|AF AFG afghanistan
AG ATG antigua and barbuda|AI AIA anguilla|AL ALB albania,albanien,shqiperia|AM ARM armenia,armenien|AO AGO angola
AQ ATA antarctica|AR ARG argentina,argentinien,argentine|AS ASM american samoa
AT AUT austria,osterreich,oesterreich,autriche,oostenrijk|AU AUS australia,australien,australie|AW ABW aruba
AX ALA aland islands,aland|AZ AZE azerbaijan|BA BIH bosnia and herzegovina,bosnia,bosna i hercegovina
BB BRB barbados|BD BGD bangladesh|BE BEL belgium,belgien,belgique,belgie,belgica,belgio|BF BFA burkina faso
BG BGR bulgaria,bulgarien,bulgarie,bulgariya|BH BHR bahrain|BI BDI burundi|BJ BEN benin|BL BLM saint barthelemy
BM BMU bermuda|BN BRN brunei,brunei darussalam|BO BOL bolivia,bolivien,plurinational state of bolivia
BQ BES bonaire,bonaire sint eustatius and saba|BR BRA brazil,brasil,brasilien,bresil,brazilie,brasile|BS BHS bahamas
BT BTN bhutan|BV BVT bouvet island|BW BWA botswana|BY BLR belarus,weissrussland|BZ BLZ belize|CA CAN canada,kanada
CC CCK cocos islands|CD COD democratic republic of the congo,dr congo,congo kinshasa|CF CAF central african republic
CG COG congo,republic of the congo|CH CHE switzerland,schweiz,suisse,svizzera,suiza,zwitserland,swiss
CI CIV cote d ivoire,cote divoire,ivory coast|CK COK cook islands|CL CHL chile|CM CMR cameroon,kamerun,cameroun
CN CHN china,peoples republic of china,pr china,prc,chine,zhong guo,zhongguo|CO COL colombia,kolumbien,colombie
CR CRI costa rica|CU CUB cuba,kuba|CV CPV cape verde,cabo verde|CW CUW curacao|CX CXR christmas island
CY CYP cyprus,zypern,chypre,kypros
CZ CZE czech republic,czechia,tschechien,ceska republika,cesko,republique tcheque,tsjechie
DE DEU germany,deutschland,allemagne,alemania,germania,duitsland,niemcy,tyskland,saksa,alemanha,brd
DE DEU federal republic of germany,bundesrepublik deutschland,germaniya,ger|DJ DJI djibouti
DK DNK denmark,danmark,danemark,dinamarca,daenemark,danimarca,denemarken|DM DMA dominica
DO DOM dominican republic,republica dominicana|DZ DZA algeria,algerien,algerie,argelia|EC ECU ecuador
EE EST estonia,eesti,estland|EG EGY egypt,agypten,aegypten,egypte,misr|EH ESH western sahara|ER ERI eritrea
ES ESP spain,espana,spanien,espagne,spagna,spanje,hiszpania,espanha|ET ETH ethiopia,athiopien
FI FIN finland,suomi,finnland,finlande,finlandia|FJ FJI fiji|FK FLK falkland islands|FM FSM micronesia
FO FRO faroe islands|FR FRA france,frankreich,francia,frankrijk,francja,franca,frankrike,frantsiya|GA GAB gabon
GB GBR united kingdom,great britain,uk,u k,gb,england,scotland,wales,northern ireland,britain,grossbritannien
GB GBR vereinigtes konigreich,vereinigtes koenigreich,royaume uni,angleterre,reino unido,inglaterra,regno unito
GB GBR inghilterra,verenigd koninkrijk,engeland,united kingdom of great britain and northern ireland|GD GRD grenada
GE GEO georgia,georgien,sakartvelo|GF GUF french guiana,guyane|GG GGY guernsey|GH GHA ghana|GI GIB gibraltar
GL GRL greenland,kalaallit nunaat|GM GMB gambia|GN GIN guinea|GP GLP guadeloupe|GQ GNQ equatorial guinea
GR GRC greece,griechenland,grece,grecia,griekenland,ellada,hellas,ellas
GS SGS south georgia and the south sandwich islands|GT GTM guatemala|GU GUM guam|GW GNB guinea bissau|GY GUY guyana
HK HKG hong kong|HM HMD heard island and mcdonald islands|HN HND honduras
HR HRV croatia,hrvatska,kroatien,croatie,kroatie|HT HTI haiti
HU HUN hungary,magyarorszag,ungarn,hongrie,hungria,hongarije|ID IDN indonesia,indonesien,indonesie
IE IRL ireland,irland,irlande,irlanda,ierland,eire,republic of ireland|IL ISR israel|IM IMN isle of man
IN IND india,indien,inde,bharat|IO IOT british indian ocean territory|IQ IRQ iraq,irak
IR IRN iran,islamic republic of iran|IS ISL iceland,island,islande,ijsland|IT ITA italy,italien,italia,italie,wlochy
JE JEY jersey|JM JAM jamaica|JO JOR jordan,jordanien|JP JPN japan,japon,nippon,nihon,giappone,ri ben,riben
KE KEN kenya,kenia|KG KGZ kyrgyzstan|KH KHM cambodia,kambodscha|KI KIR kiribati|KM COM comoros
KN KNA saint kitts and nevis|KP PRK north korea
KR KOR south korea,korea,republic of korea,sudkorea,coree du sud,hangug|KW KWT kuwait|KY CYM cayman islands
KZ KAZ kazakhstan,kasachstan|LA LAO laos|LB LBN lebanon,libanon,liban|LC LCA saint lucia|LI LIE liechtenstein
LK LKA sri lanka|LR LBR liberia|LS LSO lesotho|LT LTU lithuania,lietuva,litauen,lituanie
LU LUX luxembourg,luxemburg,letzebuerg|LV LVA latvia,latvija,lettland,lettonie|LY LBY libya
MA MAR morocco,marokko,maroc,marruecos|MC MCO monaco|MD MDA moldova,moldawien|ME MNE montenegro,crna gora
MF MAF saint martin|MG MDG madagascar|MH MHL marshall islands|MK MKD north macedonia,macedonia,mazedonien
ML MLI mali|MM MMR myanmar,burma|MN MNG mongolia|MO MAC macao,macau|MP MNP northern mariana islands
MQ MTQ martinique|MR MRT mauritania|MS MSR montserrat|MT MLT malta,malte|MU MUS mauritius|MV MDV maldives
MW MWI malawi|MX MEX mexico,mexiko,mexique,messico|MY MYS malaysia|MZ MOZ mozambique|NA NAM namibia
NC NCL new caledonia|NE NER niger|NF NFK norfolk island|NG NGA nigeria|NI NIC nicaragua
NL NLD netherlands,the netherlands,nederland,holland,niederlande,pays bas,paises bajos,paesi bassi,holandia
NO NOR norway,norge,norwegen,norvege,noruega,noorwegen,norvegia|NP NPL nepal|NR NRU nauru|NU NIU niue
NZ NZL new zealand,neuseeland,aotearoa,nouvelle zelande|OM OMN oman|PA PAN panama|PE PER peru
PF PYF french polynesia|PG PNG papua new guinea|PH PHL philippines,pilipinas,philippinen|PK PAK pakistan
PL POL poland,polska,polen,pologne,polonia|PM SPM saint pierre and miquelon|PN PCN pitcairn|PR PRI puerto rico
PS PSE palestine,state of palestine|PT PRT portugal,portogallo|PW PLW palau|PY PRY paraguay|QA QAT qatar,katar
RE REU reunion,la reunion|RO ROU romania,rumanien,rumaenien,roumanie,rumania|RS SRB serbia,srbija,serbien,serbie
RU RUS russia,russian federation,russland,russie,rusia,rossiya,rossiyskaya federatsiya|RW RWA rwanda
SA SAU saudi arabia,saudi arabien,ksa|SB SLB solomon islands|SC SYC seychelles|SD SDN sudan
SE SWE sweden,sverige,schweden,suede,suecia,zweden,svezia|SG SGP singapore,singapur|SH SHN saint helena
SI SVN slovenia,slovenija,slowenien,slovenie|SJ SJM svalbard and jan mayen
SK SVK slovakia,slovensko,slowakei,slovaquie,slowakije|SL SLE sierra leone|SM SMR san marino|SN SEN senegal
SO SOM somalia|SR SUR suriname|SS SSD south sudan|ST STP sao tome and principe|SV SLV el salvador
SX SXM sint maarten|SY SYR syria,syrien|SZ SWZ eswatini,swaziland|TC TCA turks and caicos islands|TD TCD chad
TF ATF french southern territories|TG TGO togo|TH THA thailand|TJ TJK tajikistan|TK TKL tokelau
TL TLS timor leste,east timor|TM TKM turkmenistan|TN TUN tunisia,tunesien,tunisie|TO TON tonga
TR TUR turkey,turkiye,tuerkiye,turkei,tuerkei,turquie,turquia,turkije|TT TTO trinidad and tobago|TV TUV tuvalu
TW TWN taiwan|TZ TZA tanzania,tansania|UA UKR ukraine,ukraina,ucrania|UG UGA uganda
UM UMI united states minor outlying islands
US USA united states,united states of america,u s a,u s,america,vereinigte staaten,vereinigte staaten von amerika
US USA etats unis,etats unis d amerique,estados unidos,eeuu,ee uu,stati uniti,verenigde staten,ssha|UY URY uruguay
UZ UZB uzbekistan|VA VAT vatican,holy see|VC VCT saint vincent and the grenadines|VE VEN venezuela
VG VGB british virgin islands|VI VIR us virgin islands|VN VNM vietnam,viet nam|VU VUT vanuatu
WF WLF wallis and futuna|WS WSM samoa|XK XKX kosovo|YE YEM yemen|YT MYT mayotte
ZA ZAF south africa,sudafrika,suedafrika,afrique du sud,suid afrika,zuid afrika|ZM ZMB zambia|ZW ZWE zimbabwe
"""


def _code_table() -> dict[str, str]:
    codes: dict[str, str] = {}
    for entry in _TABLE.strip().replace("\n", "|").split("|"):
        alpha2, alpha3, names = entry.split(" ", 2)
        for word in (alpha2.lower(), alpha3.lower(), *names.split(",")):
            codes[word] = alpha2
    return codes


COUNTRY_CODES = _code_table()
"""Folded name or code -> ISO 3166 alpha-2."""


def country(text: str) -> Normalised:
    """Return the ISO alpha-2 code of a country's name or code; a text that is neither stays as it is."""
    folded = fold(text)
    return value(COUNTRY_CODES.get(folded) or COUNTRY_CODES.get(folded.removeprefix("the ")) or text)
