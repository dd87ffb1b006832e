"""Names of many scripts and orders: the same person in Cyrillic, Greek, Arabic or Chinese and in Latin letters.

Spaniards with two family names of which forms keep one, Icelanders whose last name is the father's, Vietnamese with
the family name first. The visa office writes names as in the passport, the language school as people say them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from benchmarks.quality.kinds.dirt import born_as, born_slipped, kept, slipped, some_day, words
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance

__all__ = ["foreign_names"]


@dataclass(frozen=True, slots=True)
class _Culture:
    """Names as `own script=latin[/other latin]`, common first; rare ones are put together from beginnings and ends."""

    country: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    rare_given: tuple[tuple[str, ...], tuple[str, ...]]
    rare_family: tuple[tuple[str, ...], tuple[str, ...]]
    family_first: bool = False


def _culture(
    country: str, given: str, family: str, rare_given: str, rare_family: str, family_first: bool = False
) -> _Culture:
    return _Culture(country, words(given), words(family), _two_parts(rare_given), _two_parts(rare_family), family_first)


def _two_parts(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    beginnings, _, ends = text.partition("+")
    return words(beginnings), words(ends)


_CULTURES = (
    _culture(
        "Russia",
        "Сергей=Sergey/Sergei Елена=Elena/Yelena Дмитрий=Dmitry/Dmitrii Наталья=Natalia/Natalya Юрий=Yuri/Iurii "
        "Анастасия=Anastasia Алексей=Alexey/Aleksei Ольга=Olga Евгений=Evgeny/Yevgeniy Юлия=Yulia/Iuliia",
        "Иванов=Ivanov Соколов=Sokolov Щербаков=Shcherbakov Жуков=Zhukov Хрущёв=Khrushchev/Khrushchyov "
        "Воробьёв=Vorobyov/Vorobev Цветков=Tsvetkov Яковлев=Yakovlev/Iakovlev Чернов=Chernov Фёдоров=Fedorov/Fyodorov "
        "Широков=Shirokov Гусев=Gusev",
        "Свято=Svyato Яро=Yaro Все=Vse Ми=Mi Ра=Ra Влади=Vladi + слав=slav мир=mir полк=polk мил=mil",
        "Аб=Ab Бар=Bar Вол=Vol Гор=Gor Дан=Dan Зим=Zim Кар=Kar Лар=Lar Нос=Nos Рог=Rog Сав=Sav Тар=Tar + енко=enko "
        "инов=inov овский=ovsky/ovskii ушкин=ushkin анов=anov ецкий=etsky/etskii ыгин=ygin",
    ),
    _culture(
        "Greece",
        "Γιώργος=Giorgos/George Μαρία=Maria Κωνσταντίνος=Konstantinos Ελένη=Eleni Δημήτρης=Dimitris "
        "Βασιλική=Vasiliki Νικόλαος=Nikolaos Ιωάννης=Ioannis/Yannis Χρήστος=Christos Αικατερίνη=Aikaterini",
        "Παπαδόπουλος=Papadopoulos Γεωργίου=Georgiou Οικονόμου=Oikonomou/Economou Βλάχος=Vlachos "
        "Χατζής=Chatzis/Hatzis Αγγελόπουλος=Angelopoulos/Aggelopoulos Ψαρράς=Psarras Μακρής=Makris Ευαγγέλου=Evangelou",
        "Θεο=Theo Φιλ=Phil/Fil Αριστο=Aristo Καλλι=Kalli Ευ=Ev Χρυσο=Chryso + δώρα=dora κλής=klis γένης=genis "
        "όπη=opi άνθη=anthi",
        "Καρ=Kar Μαν=Man Λαμ=Lam Παν=Pan Σταμ=Stam Τριαντ=Triant Κοντ=Kont Ζαφ=Zaf Μπακ=Bak + όπουλος=opoulos "
        "άκης=akis ίδης=idis/ides ιάδης=iadis έλης=elis άτος=atos",
    ),
    _culture(
        "Egypt",
        "محمد=Mohamed/Muhammad/Mohammed أحمد=Ahmed/Ahmad فاطمة=Fatima/Fatma يوسف=Youssef/Yusuf حسين=Hussein/Husain "
        "خالد=Khaled/Khalid عمر=Omar/Umar ليلى=Layla/Leila نور=Nour/Noor سارة=Sara/Sarah",
        "حسن=Hassan/Hasan السيد=Elsayed/Al-Sayed إبراهيم=Ibrahim عثمان=Osman/Othman صالح=Saleh/Salih "
        "منصور=Mansour/Mansur الشريف=El-Sherif/Al-Sharif حداد=Haddad نصر=Nasr فاروق=Farouk/Faruq",
        "عبد_ال=Abdel/Abdul_ نور_ال=Nour_el/Nur_al_ شمس_ال=Shams_el/Shams_al_ + رحمن=rahman دين=din "
        "كريم=kareem/karim عزيز=aziz سلام=salam",
        "ال=El/Al_ أبو_=Abu_/Abou_ بن_=Ben_/Bin_ + مصري=Masry/Masri خطيب=Khatib/Khateeb نجار=Naggar/Najjar "
        "بيطار=Bitar زيات=Zayat قاضي=Kady/Qadi شاذلي=Shazly/Shadhili رفاعي=Refaey/Rifai",
    ),
    _culture(
        "China",
        "伟=Wei 芳=Fang 秀英=Xiuying 建国=Jianguo 晓明=Xiaoming 丽华=Lihua 志强=Zhiqiang 雪梅=Xuemei 俊杰=Junjie "
        "思远=Siyuan 海燕=Haiyan 文博=Wenbo",
        "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 周=Zhou 徐=Xu 欧阳=Ouyang 司马=Sima",
        "海=Hai 建=Jian 文=Wen 晓=Xiao 志=Zhi 雪=Xue 思=Si 国=Guo 美=Mei 玉=Yu + 峰=feng 兰=lan 明=ming 辉=hui 霞=xia "
        "龙=long 平=ping 洁=jie 军=jun 琴=qin",
        "上=Shang 诸=Zhu 东=Dong 南=Nan + 官=guan 葛=ge 方=fang 宫=gong",
        True,
    ),
    _culture(
        "Viet Nam",
        "Văn_Hùng=Van_Hung Thị_Mai=Thi_Mai Đức_Anh=Duc_Anh Minh_Tuấn=Minh_Tuan Thu_Hà=Thu_Ha Quang_Huy=Quang_Huy "
        "Ngọc_Lan=Ngoc_Lan Thanh_Tùng=Thanh_Tung Hoàng_Nam=Hoang_Nam Bích_Ngọc=Bich_Ngoc",
        "Nguyễn=Nguyen Trần=Tran Lê=Le Phạm=Pham Hoàng=Hoang Vũ=Vu Đặng=Dang Bùi=Bui Đỗ=Do Hồ=Ho",
        "Văn_=Van_ Thị_=Thi_ Đức_=Duc_ Minh_=Minh_ Thu_=Thu_ Quang_=Quang_ + Sơn=Son Lâm=Lam Thảo=Thao Phúc=Phuc "
        "Yến=Yen Khánh=Khanh Dũng=Dung",
        "Tr=Tr Ng=Ng Ph=Ph Đ=D Th=Th + ương=uong ình=inh ạch=ach âm=am ái=ai",
        True,
    ),
    _culture(
        "Spain",
        "José_Luis=José María_Carmen=Carmen Juan=Juan Lucía=Lucia Íñigo=Inigo Begoña=Begona Ángel=Angel Noelia=Noelia "
        "Sofía=Sofia Andrés=Andres Raúl=Raul Inés=Ines",
        "García_López=García Fernández_Ruiz=Fernández Muñoz_Peña=Muñoz Ibáñez_Castro=Ibáñez Gómez_Vidal=Gómez "
        "Núñez_Soler=Núñez Ortega_y_Prado=Ortega Serrano_Gil=Serrano Vázquez_León=Vázquez Molina_Rey=Molina "
        "Prieto_Blanco=Prieto Cano_Duarte=Cano Rubio_Esteban=Rubio Lozano_Marín=Lozano",
        "María_=María_ José_=José_ Ana_=Ana_ Juan_=Juan_ + Pilar=Pilar Antonio=Antonio Belén=Belen Carlos=Carlos "
        "Isabel=Isabel",
        "Herrera=Herrera Santos=Santos Pastor=Pastor Bravo=Bravo Quintana=Quintana Robles=Robles Iglesias=Iglesias "
        "Arias=Arias Sáez=Saez + _Galán=/_Galán _Otero=/_Otero _Salas=/_Salas _Crespo=/_Crespo _Ponce=/_Ponce "
        "_Rivas=/_Rivas",
    ),
    _culture(
        "Iceland",
        "Jón=Jon Guðrún=Gudrun Sigurður=Sigurdur Anna=Anna Ólafur=Olafur Kristín=Kristin Þór=Thor Björk=Bjork "
        "Gunnar=Gunnar Sigríður=Sigridur Magnús=Magnus Helga=Helga",
        "Jónsson=Jonsson Guðmundsdóttir=Gudmundsdottir Þórsson=Thorsson Ólafsdóttir=Olafsdottir "
        "Sigurðsson=Sigurdsson Einarsdóttir=Einarsdottir Björnsson=Bjornsson Helgadóttir=Helgadottir",
        "Guð=Gud Stein=Stein Ás=As Þor=Thor Hall=Hall Ey=Ey + björn=bjorn dís=dis unn=unn geir=geir þór=thor",
        "Stefáns=Stefans Gísla=Gisla Árna=Arna Páls=Pals Halldórs=Halldors Þorsteins=Thorsteins "
        "Kristjáns=Kristjans Bjarna=Bjarna + son=son dóttir=dottir",
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
        own_given, *given = _name(culture.given, culture.rare_given, chance)
        own_family, *family = _name(culture.family, culture.rare_family, chance)
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


def _name(common: tuple[str, ...], rare: tuple[tuple[str, ...], tuple[str, ...]], chance: Chance) -> list[str]:
    """Draw a name: own script first, then its Latin forms."""
    if chance.happens(0.4):
        return _forms(chance.skewed(common))
    beginnings, ends = (_forms(chance.one_of(parts)) for parts in rare)
    own = beginnings[0] + ends[0]
    return [own, *dict.fromkeys(start + end for start in beginnings[1:] for end in ends[1:])]


def _forms(entry: str) -> list[str]:
    own, latin = entry.replace("_", " ").split("=")
    return [own, *latin.split("/")]


def _ascii(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum()) or "x"
