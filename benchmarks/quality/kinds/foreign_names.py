"""Names of many scripts and orders: the same person in Cyrillic, Greek, Arabic or Chinese and in Latin letters.

Spaniards with two family names of which forms keep one, Icelanders whose last name is the father's, Vietnamese with
the family name first. The visa office writes names as in the passport, the language school as people say them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from benchmarks.quality.kinds.dirt import born_as, born_slipped, kept, slipped, some_day
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance

__all__ = ["foreign_names"]


@dataclass(frozen=True, slots=True)
class _Culture:
    """Names as `own script=latin[/other latin]`, common first."""

    country: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False


def _culture(country: str, given: str, family: str, family_first: bool = False) -> _Culture:
    return _Culture(country, tuple(given.split()), tuple(family.split()), family_first)


_CULTURES = (
    _culture(
        "Russia",
        "Сергей=Sergey/Sergei Елена=Elena/Yelena Дмитрий=Dmitry/Dmitrii Наталья=Natalia/Natalya Юрий=Yuri/Iurii "
        "Анастасия=Anastasia Алексей=Alexey/Aleksei Ольга=Olga Евгений=Evgeny/Yevgeniy Юлия=Yulia/Iuliia",
        "Иванов=Ivanov Соколов=Sokolov Щербаков=Shcherbakov Жуков=Zhukov Хрущёв=Khrushchev/Khrushchyov "
        "Воробьёв=Vorobyov/Vorobev Цветков=Tsvetkov Яковлев=Yakovlev/Iakovlev Чернов=Chernov Фёдоров=Fedorov/Fyodorov "
        "Широков=Shirokov Гусев=Gusev",
    ),
    _culture(
        "Greece",
        "Γιώργος=Giorgos/George Μαρία=Maria Κωνσταντίνος=Konstantinos Ελένη=Eleni Δημήτρης=Dimitris "
        "Βασιλική=Vasiliki Νικόλαος=Nikolaos Ιωάννης=Ioannis/Yannis Χρήστος=Christos Αικατερίνη=Aikaterini",
        "Παπαδόπουλος=Papadopoulos Γεωργίου=Georgiou Οικονόμου=Oikonomou/Economou Βλάχος=Vlachos "
        "Χατζής=Chatzis/Hatzis Αγγελόπουλος=Angelopoulos/Aggelopoulos Ψαρράς=Psarras Μακρής=Makris Ευαγγέλου=Evangelou",
    ),
    _culture(
        "Egypt",
        "محمد=Mohamed/Muhammad/Mohammed أحمد=Ahmed/Ahmad فاطمة=Fatima/Fatma يوسف=Youssef/Yusuf حسين=Hussein/Husain "
        "خالد=Khaled/Khalid عمر=Omar/Umar ليلى=Layla/Leila نور=Nour/Noor سارة=Sara/Sarah",
        "حسن=Hassan/Hasan السيد=Elsayed/Al-Sayed إبراهيم=Ibrahim عثمان=Osman/Othman صالح=Saleh/Salih "
        "منصور=Mansour/Mansur الشريف=El-Sherif/Al-Sharif حداد=Haddad نصر=Nasr فاروق=Farouk/Faruq",
    ),
    _culture(
        "China",
        "伟=Wei 芳=Fang 秀英=Xiuying 建国=Jianguo 晓明=Xiaoming 丽华=Lihua 志强=Zhiqiang 雪梅=Xuemei 俊杰=Junjie "
        "思远=Siyuan 海燕=Haiyan 文博=Wenbo",
        "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 周=Zhou 徐=Xu 欧阳=Ouyang 司马=Sima",
        True,
    ),
    _culture(
        "Viet Nam",
        "Văn_Hùng=Van_Hung Thị_Mai=Thi_Mai Đức_Anh=Duc_Anh Minh_Tuấn=Minh_Tuan Thu_Hà=Thu_Ha Quang_Huy=Quang_Huy "
        "Ngọc_Lan=Ngoc_Lan Thanh_Tùng=Thanh_Tung Hoàng_Nam=Hoang_Nam Bích_Ngọc=Bich_Ngoc",
        "Nguyễn=Nguyen Trần=Tran Lê=Le Phạm=Pham Hoàng=Hoang Vũ=Vu Đặng=Dang Bùi=Bui Đỗ=Do Hồ=Ho",
        True,
    ),
    _culture(
        "Spain",
        "José_Luis=José María_Carmen=Carmen Juan=Juan Lucía=Lucia Íñigo=Inigo Begoña=Begona Ángel=Angel Noelia=Noelia "
        "Sofía=Sofia Andrés=Andres Raúl=Raul Inés=Ines",
        "García_López=García Fernández_Ruiz=Fernández Muñoz_Peña=Muñoz Ibáñez_Castro=Ibáñez Gómez_Vidal=Gómez "
        "Núñez_Soler=Núñez Ortega_y_Prado=Ortega Serrano_Gil=Serrano Vázquez_León=Vázquez Molina_Rey=Molina "
        "Prieto_Blanco=Prieto Cano_Duarte=Cano Rubio_Esteban=Rubio Lozano_Marín=Lozano",
    ),
    _culture(
        "Iceland",
        "Jón=Jon Guðrún=Gudrun Sigurður=Sigurdur Anna=Anna Ólafur=Olafur Kristín=Kristin Þór=Thor Björk=Bjork "
        "Gunnar=Gunnar Sigríður=Sigridur Magnús=Magnus Helga=Helga",
        "Jónsson=Jonsson Guðmundsdóttir=Gudmundsdottir Þórsson=Thorsson Ólafsdóttir=Olafsdottir "
        "Sigurðsson=Sigurdsson Einarsdóttir=Einarsdottir Björnsson=Bjornsson Helgadóttir=Helgadottir",
    ),
)


def foreign_names(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: two files."""
    visa = Sheet(
        "records_visa.csv", "dossier_no",
        ("nom", "prenoms", "date_de_naissance", "pays_de_naissance", "sexe", "passeport", "date_depot"),
        delimiter=";",
    )  # fmt: skip
    school = Sheet("records_school.jsonl", "studentRef", ("student", "birthDate", "nationality", "cell", "eMail"))
    for number in range(people):
        culture = chance.one_of(_CULTURES)
        born = chance.day(date(1950, 1, 1), date(2006, 12, 31))
        own_given, *given = _forms(chance.skewed(culture.given))
        own_family, *family = _forms(chance.skewed(culture.family))
        phone, passport = chance.digits("+33 6 ## ## ## ##"), chance.digits("@@#######")
        box = f"{_ascii(given[0])}.{_ascii(family[0])}{chance.between(1, 99)}"
        mail = f"{box}@{chance.one_of(('gmail.com', 'yahoo.fr'))}"
        sex = chance.one_of("MF")
        for _ in range(chance.between(1, 2)):
            native = chance.happens(0.25)
            cells = (
                own_family if native else slipped(chance.skewed(family), 0.04, chance),
                own_given if native else slipped(chance.skewed(given), 0.04, chance),
                born_as(born_slipped(born, 0.03, chance), "french"), culture.country, sex,
                kept(passport, 0.3, chance), some_day("iso", chance),
            )  # fmt: skip
            visa.add(f"N{number:06d}", f"D{visa.scattered():08d}", cells)
        if chance.happens(0.7):
            native = chance.happens(0.3)
            parts = [own_given, own_family] if native else [chance.one_of(given), chance.one_of(family)]
            if culture.family_first and (native or chance.happens(0.5)):
                parts.reverse()
            name = ("" if native and culture.country == "China" else " ").join(parts)
            told = kept(born_as(born_slipped(born, 0.04, chance), "iso"), 0.15, chance)
            cells = (name, told, culture.country, kept(phone, 0.3, chance), kept(mail, 0.3, chance))
            school.add(f"N{number:06d}", f"{school.scattered():08d}", cells)
    return [visa, school]


def _forms(entry: str) -> list[str]:
    own, latin = entry.replace("_", " ").split("=")
    return [own, *latin.split("/")]


def _ascii(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum()) or "x"
