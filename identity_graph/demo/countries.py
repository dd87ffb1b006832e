"""What names and places look like in the countries of the demo's customers: written for this project, from no data set.

Nothing comes in; one Country per country goes out. Names are ordered from common to rare, so that rank is frequency;
the long tail of family names and towns is put together from syllables.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COUNTRIES", "Country"]


@dataclass(frozen=True, slots=True)
class Country:
    """Names, places and numbers of one country.

    Attributes:
        code: ISO alpha-2.
        name: as written in its own language.
        share: customers of the demo company who live there, in percent.
        women, men: given names, common first.
        families: family names, common first.
        family_starts, family_middles, family_ends: syllables of the rarer family names.
        cities: name and postcode pattern (`#` a digit, `@` a letter), large first.
        town_starts, town_ends: syllables of the smaller towns.
        town_postcode: pattern of their postcodes; `%` stands for two digits that belong to the town.
        streets: street names, common first.
        number_first: the house number is written before the street.
        calling_code: without the plus.
        trunk: digit dialled before national numbers; may be empty.
        mobiles, landlines: patterns of national numbers without the trunk digit.
        mail_domains: providers, common first.
        company_forms: legal forms.
    """

    code: str
    name: str
    share: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    family_starts: tuple[str, ...]
    family_middles: tuple[str, ...]
    family_ends: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    town_starts: tuple[str, ...]
    town_ends: tuple[str, ...]
    town_postcode: str
    streets: tuple[str, ...]
    number_first: bool
    calling_code: str
    trunk: str
    mobiles: tuple[str, ...]
    landlines: tuple[str, ...]
    mail_domains: tuple[str, ...]
    company_forms: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


def _cities(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((city, pattern) for city, pattern in (entry.split("=") for entry in _phrases(text)))


_GERMANY = Country(
    code="DE", name="Deutschland", share=32,
    women=_words("""Anna Maria Sabine Ursula Monika Petra Julia Elisabeth Andrea Claudia Susanne Laura Lea Sarah
        Katharina
        Renate Birgit Karin Stefanie Nicole Christine Lena Marie Lisa Sophie Emma Mia Hannah Johanna Gisela Helga Ingrid
        Brigitte Angelika Heike Martina Barbara Jutta Melanie Nadine Franziska Vanessa Jana Carolin Theresa Antonia
        Greta
        Frieda Mathilda Elif Aylin Zeynep Svetlana Natalia Ludmilla Käthe Bärbel Mareike Wiebke Swantje Ronja"""),
    men=_words("""Michael Thomas Andreas Peter Stefan Christian Hans Klaus Jürgen Wolfgang Markus Alexander Martin Frank
        Daniel Matthias Sebastian Jan Lukas Tobias Jonas Leon Paul Felix Maximilian Ben Finn Elias Noah Philipp Florian
        Dieter Manfred Helmut Günter Werner Horst Gerhard Bernd Uwe Ralf Torsten Sven Dirk Oliver Jens Holger Karsten
        Moritz Anton Emil Oskar Mehmet Mustafa Ahmet Dmitri Igor Götz Björn Sönke Korbinian Xaver"""),
    families=_words("""Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
        Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause
        Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz
        Möller
        Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Yılmaz Kaya
        Demir Petrov Nowak Brandt Voigt Haas Sommer Graf Dietrich Ziegler Kuhn Pohl Engel Horn Busch Sauer Arnold"""),
    family_starts=_words("""Alt Bach Berg Birk Bren Brun Dall Dorn Eber Eich Eller Fal Feld Fink Gall Gersten Grün Hag
        Hals Heid Hell Hilde Hol Kalt Kirch Klos Kol Kron Lin Lohn Mar Mitter Nieder Ober Ost Pfeif Rauch Ried Rosen
        Sand Schell Schön Stein Stor Thal Tor Ul Wald Wein West Wie Winter Zell"""),
    family_middles=("", "", "en", "er", "el", "ing", "s", "ler", "holz"),
    family_ends=_words("""mann bauer meier berger hofer müller ner brecht hardt feld stein bach dorf kamp huber wald
        hagen reiter ing er mayr eder inger"""),
    cities=_cities("""Berlin=1####,Hamburg=22###,München=80###,Köln=50###,Frankfurt am Main=60###,Stuttgart=70###,
        Düsseldorf=40###,Leipzig=04###,Dortmund=44###,Essen=45###,Bremen=28###,Dresden=01###,Hannover=30###,
        Nürnberg=90###,Münster=48###,Karlsruhe=76###,Augsburg=86###,Freiburg=79###,Mainz=55###,Kassel=34###"""),
    town_starts=_words("Neu Ober Unter Alt Burg Stein Wald Buch Eich Klein Groß Linden Rosen Hirsch Kirch Mühl"),
    town_ends=_words("dorf heim hausen bach feld stedt kirchen hagen rode au"), town_postcode="3%##",
    streets=_phrases("""Hauptstraße,Bahnhofstraße,Gartenstraße,Schulstraße,Dorfstraße,Bergstraße,Lindenstraße,
        Kirchstraße,Birkenweg,Ringstraße,Waldstraße,Wiesenweg,Goethestraße,Schillerstraße,Mozartstraße,Am Sportplatz,
        Feldstraße,Rosenweg,Kastanienallee,Mühlenweg,Beethovenstraße,Amselweg,Friedhofstraße,An der Alten Mühle,
        Erlenweg,Poststraße,Talstraße,Uferweg,Sonnenhang,Breite Straße"""),
    number_first=False, calling_code="49", trunk="0",
    mobiles=("151########", "152########", "170#######", "171#######", "172#######", "175#######", "176########",
        "179#######"),
    landlines=("30########", "40########", "89########", "221#######", "69########", "711#######"),
    mail_domains=("gmail.com", "brief-post.de", "netzkasten.de", "freundmail.de", "outlook.com", "heimnetz-online.de"),
    company_forms=("GmbH", "GmbH & Co. KG", "AG", "e.K.", "UG"),
)  # fmt: skip

_BRITAIN = Country(
    code="GB", name="United Kingdom", share=22,
    women=_words("""Margaret Susan Sarah Emma Jane Laura Karen Olivia Amelia Charlotte Emily Jessica Sophie Grace Lucy
        Elizabeth Mary Patricia Jennifer Helen Rebecca Rachel Hannah Chloe Ruby Ella Isla Poppy Daisy Alice Florence
        Dorothy Jean Joan Doreen Sheila Maureen Julie Tracey Sharon Michelle Nicola Claire Lisa Samantha Victoria Zoe
        Megan Bethany Caitlin Fatima Aisha Priya Sunita Siobhan Bronwen Philippa Henrietta"""),
    men=_words("""David John Michael James Robert William Paul Richard Thomas Peter Andrew Mark Christopher Daniel
        Matthew
        Oliver Jack Harry George Charlie Jacob Alfie Noah Oscar Leo Joshua Edward Henry Alexander Samuel Benjamin Joseph
        Stephen Kevin Gary Ian Alan Keith Colin Graham Derek Brian Kenneth Ronald Nicholas Timothy Simon Adam Luke Ryan
        Callum Liam Connor Mohammed Ahmed Imran Raj Sanjay Rhys Angus Hamish Barnaby"""),
    families=_words("""Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker
        White
        Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mitchell Davis Parker Morris Price Bailey
        Ali Cook Bennett Carter Shaw Ward Collins Edwards Hughes Murphy Kelly Cooper Richardson Cox Watson Brooks Gray
        Begum Hussain Singh Kaur Ahmed Harrison Scott Young King Turner Hill Moore Clark Lee Allen Baker Adams Stewart
        Campbell Anderson MacDonald Reid Murray Simpson Marshall Russell Fletcher Barnes Pearson Holmes Palmer"""),
    family_starts=_words("""Ash Beck Birch Black Brad Brook Bur Cald Chad Clay Cran Crow Dal Dun East Ellis Fair Fen
        Ford
        Gar Glen Gold Had Hal Ham Har Hart Hather Hey Hol Kirk Lang Lin Lock Mar Mel Mid Nor Oak Pem Rad Raven Rook Sel
        Shel Sher Stan Sut Swin Thorn Wake Wal Wex Whit Win Wor"""),
    family_middles=("", "", "er", "ing", "en", "ley", "s", "ber", "al"),
    family_ends=_words("""ton ham ley ford worth by field wood bridge well more stead shaw land croft don son wick
        man dale"""),
    cities=_cities("""London=SE# #@@,London=N1# #@@,Birmingham=B# #@@,Manchester=M# #@@,Leeds=LS# #@@,Glasgow=G# #@@,
        Liverpool=L# #@@,Bristol=BS# #@@,Sheffield=S# #@@,Edinburgh=EH# #@@,Leicester=LE# #@@,Cardiff=CF# #@@,
        Nottingham=NG# #@@,Newcastle upon Tyne=NE# #@@,Plymouth=PL# #@@,Norwich=NR# #@@,Exeter=EX# #@@,York=YO# #@@"""),
    town_starts=_words("""Ash Black Brad Brook Clay Crow East Fair Hart Holm King Long Mar New Nor Oak Stan West
        Whit Wood"""),
    town_ends=_words("ton ham ley ford worth by field bury well stead"), town_postcode="TQ% #@@",
    streets=_phrases("""High Street,Station Road,Church Lane,Victoria Road,Park Road,London Road,Mill Lane,The Crescent,
        Queens Road,Kings Road,Manor Road,Green Lane,Church Street,Springfield Road,The Avenue,School Lane,North Street,
        Chestnut Close,Meadow View,Orchard Close,Windsor Road,Alexandra Road,Grange Road,York Road,Chapel Street,
        Beech Grove,Albert Terrace,Rectory Lane,Willow Drive,Harbour Way"""),
    number_first=True, calling_code="44", trunk="0",
    mobiles=("7712######", "7738######", "7803######", "7816######", "7973######", "7986######", "7590######"),
    landlines=("20794#####", "1612######", "1212######", "1132######", "1179######"),
    mail_domains=("gmail.com", "outlook.com", "islandpost.co.uk", "parcelmail.co.uk", "teapot-mail.com",
        "homewire.co.uk"),
    company_forms=("Ltd", "Limited", "PLC", "LLP"),
)  # fmt: skip

_FRANCE = Country(
    code="FR", name="France", share=12,
    women=_words("""Marie Nathalie Isabelle Sylvie Catherine Françoise Martine Christine Monique Valérie Sandrine Sophie
        Céline Camille Léa Emma Chloé Manon Julie Aurélie Élodie Stéphanie Anne Hélène Jeanne Louise Alice Inès Jade
        Lucie Clara Juliette Margaux Zoé Brigitte Jacqueline Nicole Claire Amélie Mathilde Fatima Khadija Bérénice
        Solène"""),
    men=_words("""Jean Pierre Michel Philippe Alain Nicolas Christophe Laurent Frédéric Patrick Éric Stéphane Thomas
        Julien
        Alexandre Antoine Lucas Hugo Louis Gabriel Arthur Jules Raphaël Adam Léo Paul Nathan Mathieu Maxime Guillaume
        Sébastien Bernard Gérard Daniel André Jacques René Marcel Olivier Thierry Pascal Bruno Didier Karim Mohamed
        Loïc"""),
    families=_words("""Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre
        Leroy
        Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre
        Faure André
        Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas
        Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier
        Benali"""),
    family_starts=_words("""Bar Beau Bel Ber Bois Bour Cha Char Clair Cor Cour Dar Del Du Far Fon Fran Gar Ger Gran Gui
        Lam Lan Le Mar Mau Mon Mor Pel Per Pon Pré Ray Ren Ro Sal San Tar Tour Val Ver Vil"""),
    family_middles=("", "", "de", "ne", "re", "ti", "gi", "lli", "ma"),
    family_ends=_words("ard aud eau et ier in mont net on ot rand rel set teau tin ville ais ieu"),
    cities=_cities("""Paris=750##,Marseille=130##,Lyon=690##,Toulouse=310##,Nice=060##,Nantes=440##,Montpellier=340##,
        Strasbourg=670##,Bordeaux=330##,Lille=590##,Rennes=350##,Reims=511##,Grenoble=380##,Dijon=210##"""),
    town_starts=_words("Beau Bel Châtel Clair Font Grand Haute Mont Neuf Pont Roche Val Ville Saint-Jean-"),
    town_ends=_words("ville court lieu mont bourg val fort ac ay ières"), town_postcode="7%#0",
    streets=_phrases("""rue de la République,rue Victor Hugo,avenue Jean Jaurès,rue de l'Église,place de la Mairie,
        rue Pasteur,rue du Moulin,rue des Écoles,avenue de la Gare,rue de la Fontaine,chemin des Vignes,rue Molière,
        boulevard Voltaire,impasse des Lilas,rue du Château,allée des Tilleuls,rue des Jardins,rue Émile Zola"""),
    number_first=True, calling_code="33", trunk="0",
    mobiles=("61#######", "62#######", "66#######", "67#######", "68#######"),
    landlines=("142######", "491######", "472######", "240######"),
    mail_domains=("gmail.com", "boitelibre.fr", "courrier-net.fr", "outlook.com", "pigeonvole.fr"),
    company_forms=("SARL", "SA", "SAS", "EURL"),
)  # fmt: skip

_SPAIN = Country(
    code="ES", name="España", share=8,
    women=_words("""María Carmen Ana Isabel Laura Cristina Marta Lucía Paula Elena Sara Raquel Pilar Rosa Teresa
        Mercedes
        Dolores Beatriz Silvia Patricia Andrea Alba Irene Nuria Rocío Julia Inés Sofía Martina Daniela Begoña
        Encarnación"""),
    men=_words("""Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro
        Pablo
        Sergio Ángel Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl Iván Rubén Hugo Martín Lucas Íñigo
        Gonzalo"""),
    families=_phrases("""García,Rodríguez,González,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Martín,Jiménez,
        Hernández,
        Ruiz,Díaz,Moreno,Muñoz,Álvarez,Romero,Gutiérrez,Alonso,Navarro,Torres,Domínguez,Ramos,Vázquez,Ramírez,Gil,
        Serrano,
        Molina,Blanco,Morales,Suárez,Ortega,Delgado,Castro,Ortiz,Rubio,Marín,Sanz,Núñez,Iglesias,Medina,Garrido,
        de la Cruz,
        Castillo,Cortés,Lozano,Guerrero,Cano,Prieto,Méndez,Calvo,Gallego,Vidal,León,Márquez,Herrera,Peña,del Río"""),
    family_starts=_words("""Al Ar Bar Bel Ber Cal Cam Can Car Cas Cor Es Fal Fer Gal Gar Lar Mal Mar Mon Or Pal Per
        Sal San Tor Val Vil Zab Zar"""),
    family_middles=("", "", "de", "ri", "ta", "za", "ga", "ro", "me"),
    family_ends=_words("ero ada ano ez illa ena osa uz al ales ares ado ín ejo uela"),
    cities=_cities("""Madrid=280##,Barcelona=080##,Valencia=460##,Sevilla=410##,Zaragoza=500##,Málaga=290##,
        Murcia=300##,
        Palma=070##,Bilbao=480##,Alicante=030##,Córdoba=140##,Valladolid=470##,Vigo=362##,Granada=180##"""),
    town_starts=_words("Villa Torre Monte Fuente Puente Casa Alma Val Ribera Peña"),
    town_ends=_words("nueva verde rubia seca alta mayor blanca hermosa lar"), town_postcode="2%#0",
    streets=_phrases("""Calle Mayor,Calle Real,Avenida de la Constitución,Calle del Sol,Calle Nueva,Plaza de España,
        Calle San Juan,Calle de la Iglesia,Avenida de Andalucía,Calle Cervantes,Paseo Marítimo,Calle Goya,
        Calle del Carmen,
        Calle Colón,Ronda Norte,Calle Velázquez,Camino Viejo,Calle de las Flores"""),
    number_first=False, calling_code="34", trunk="",
    mobiles=("60#######", "61#######", "62#######", "65#######", "67#######"), landlines=("91#######", "93#######",
        "95#######"),
    mail_domains=("gmail.com", "correolibre.es", "outlook.com", "buzonazul.es"), company_forms=("S.L.", "S.A.",
        "S.L.U."),
)  # fmt: skip

_ITALY = Country(
    code="IT", name="Italia", share=7,
    women=_words("""Maria Anna Giulia Francesca Sara Laura Chiara Martina Paola Elena Valentina Silvia Giovanna Rosa
        Alessandra Federica Sofia Aurora Ginevra Alice Roberta Simona Daniela Lucia Angela Teresa Caterina Beatrice"""),
    men=_words("""Giuseppe Antonio Giovanni Marco Andrea Francesco Luca Matteo Alessandro Lorenzo Mario Luigi Roberto
        Stefano Paolo Davide Simone Leonardo Riccardo Gabriele Federico Fabio Massimo Salvatore Vincenzo Pietro
        Niccolò"""),
    families=_phrases("""Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Bruno,Gallo,Conti,
        De Luca,
        Mancini,Costa,Giordano,Rizzo,Lombardi,Moretti,Barbieri,Fontana,Santoro,Mariani,Rinaldi,Caruso,Ferrara,Galli,
        Martini,Leone,Longo,Gentile,Martinelli,Vitale,Lombardo,Serra,Coppola,De Santis,D'Angelo,Marchetti,Parisi,
        Villa"""),
    family_starts=_words("""Al Ba Bel Ber Bo Bon Cal Cam Cap Car Cas Col Cor Dal Fal Fer Gal Gar Lan Lo Mal Mar Mon
        Pal Pel Per San Sal Tar Tor Val Ven Zan"""),
    family_middles=("", "", "li", "ri", "ta", "ma", "ne", "to", "va"),
    family_ends=_words("ini etti ella one oni ucci ato aro ese ano elli asso igo era otto"),
    cities=_cities("""Roma=001##,Milano=201##,Napoli=801##,Torino=101##,Palermo=901##,Genova=161##,Bologna=401##,
        Firenze=501##,Bari=701##,Catania=951##,Venezia=301##,Verona=371##,Trieste=341##"""),
    town_starts=_words("Castel Monte Villa San Torre Borgo Campo Ponte Rocca Valle"),
    town_ends=_words("nuovo vecchio franco bello rosso lungo chiaro forte marina"), town_postcode="3%#0",
    streets=_phrases("""Via Roma,Via Garibaldi,Corso Italia,Via Mazzini,Via Dante,Piazza del Popolo,Via Verdi,
        Via della Repubblica,Via XX Settembre,Via Marconi,Via Kennedy,Viale Europa,Via Leopardi,Vicolo Stretto,
        Via Piave"""),
    number_first=False, calling_code="39", trunk="",
    mobiles=("320#######", "328#######", "333#######", "338#######", "347#######", "349#######"),
        landlines=("06########", "02########"),
    mail_domains=("gmail.com", "postaviva.it", "outlook.com", "cartolina-web.it"), company_forms=("S.r.l.",
        "S.p.A.", "S.n.c."),
)  # fmt: skip

_NETHERLANDS = Country(
    code="NL", name="Nederland", share=8,
    women=_words("""Maria Anna Johanna Emma Sophie Julia Mila Tess Sara Anouk Lisa Femke Sanne Lotte Eva Marieke
        Ingrid Els
        Wilma Petra Monique Esther Saskia Annemiek Linda Fleur Roos Nienke Iris Yara Fatima Willemijn Josephine"""),
    men=_words("""Jan Johannes Pieter Daan Sem Lucas Levi Bram Thijs Lars Tim Sander Jeroen Mark Peter Henk Kees Willem
        Gerrit Hans Marcel Erik Rob Bas Joost Ruben Niels Maarten Stijn Floris Mohammed Youssef Sjoerd Wouter"""),
    families=_phrases("""de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,
        de Groot,Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,van der Meer,
        van der Linden,Kok,Jacobs,de Haan,Vermeulen,van den Heuvel,van der Veen,van den Broek,de Bruijn,Schouten,
        van Beek,Willems,van Vliet,van de Ven,Hoekstra,Maas,Verhoeven,Koster,van Dam,Prins,Blom,Huisman,Postma,
        Kuipers"""),
    family_starts=_words("""Aal Bake Berg Beek Blok Bol Broek Dijk Drie Eek Es Gees Groen Haag Hage Heer Hol Kamp
        Klaver Kool Kuip Lam Land Leeu Meul Nij Oost Pol Rijn Roos Schel Slui Spaan Veld Ver Water Wester Wit"""),
    family_middles=("", "", "en", "er", "el", "ing", "s"),
    family_ends=_words("stra ma sen man huis veld beek dijk horst kamp berg laar mans sma hof kerk wijk ink"),
    cities=_cities("""Amsterdam=10## @@,Rotterdam=30## @@,Den Haag=25## @@,Utrecht=35## @@,Eindhoven=56## @@,
        Groningen=97## @@,Tilburg=50## @@,Almere=13## @@,Breda=48## @@,Nijmegen=65## @@,Haarlem=20## @@,
        Arnhem=68## @@"""),
    town_starts=_words("Nieuw Oud Noord Zuid Ooster Wester Hoog Eik Berk Heems"),
    town_ends=_words("dijk veen burg wijk meer kerk horst loo dam"), town_postcode="7%# @@",
    streets=_phrases("""Kerkstraat,Dorpsstraat,Molenstraat,Schoolstraat,Julianastraat,Wilhelminastraat,Stationsweg,
        Beatrixlaan,Nieuwstraat,Parallelweg,Oranjestraat,Kastanjelaan,Eikenlaan,Marktstraat,Prins Bernhardlaan,
        Singel"""),
    number_first=False, calling_code="31", trunk="0",
    mobiles=("61#######", "62#######", "64#######", "65#######"), landlines=("20#######", "10#######", "30#######"),
    mail_domains=("gmail.com", "postduif.nl", "outlook.com", "polderpost.nl"), company_forms=("B.V.", "N.V.", "V.O.F."),
)  # fmt: skip

_POLAND = Country(
    code="PL", name="Polska", share=7,
    women=_words("""Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra
        Zofia Monika Teresa Danuta Natalia Julia Karolina Marta Beata Dorota Halina Jadwiga Alicja Zuzanna Maja
        Hanna"""),
    men=_words("""Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Stanisław Marek Łukasz Grzegorz
        Mateusz Wojciech Mariusz Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Szymon Filip Antoni Franciszek
        Bartosz"""),
    families=_words("""Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
        Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając
        Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski
        Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski"""),
    family_starts=_words("""Bar Biel Bor Brzo Chmiel Cich Czar Dobr Głow Gór Jag Jar Kal Karp Kos Kraj Lip Łąk Mal
        Mar Mich Mroz Ols Pal Piet Rad Rog Sad Sów Star Świ Tom Urb Wil Wys Zab Zar"""),
    family_middles=("", "", "ow", "ew", "an", "in", "cz"),
    family_ends=_words("ski cki czyk ak ek arz ecki owicz iec uk as"),
    cities=_cities("""Warszawa=0#-###,Kraków=30-###,Łódź=90-###,Wrocław=50-###,Poznań=60-###,Gdańsk=80-###,
        Szczecin=70-###,Lublin=20-###,Katowice=40-###,Białystok=15-###,Gdynia=81-###,Rzeszów=35-###"""),
    town_starts=_words("Nowy-Dwór Brzez Dąbr Jas Lip Mał Wól Zielon Star Bił"),
    town_ends=_words("owice ówka in any no ów niki ec"), town_postcode="%-##0",
    streets=_phrases("""ul. Polna,ul. Leśna,ul. Słoneczna,ul. Krótka,ul. Szkolna,ul. Ogrodowa,ul. Lipowa,ul. Brzozowa,
        ul. Łąkowa,ul. Kwiatowa,ul. Kościelna,ul. Mickiewicza,al. Jana Pawła II,ul. Kościuszki,os. Zwycięstwa"""),
    number_first=False, calling_code="48", trunk="",
    mobiles=("501######", "512######", "602######", "604######", "691######", "788######"), landlines=("22#######",
        "12#######"),
    mail_domains=("gmail.com", "listonosz.pl", "skrzynka-online.pl", "outlook.com"), company_forms=("sp. z o.o.",
        "S.A.", "sp. j."),
)  # fmt: skip

_UNITED_STATES = Country(
    code="US", name="United States", share=4,
    women=_words("""Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra
        Ashley
        Emily Kimberly Donna Michelle Carol Amanda Melissa Deborah Stephanie Olivia Emma Ava Sophia Isabella Madison
        Brittany Samantha Rachel Maria Guadalupe Latoya Keisha Mei Savannah"""),
    men=_words("""James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew
        Anthony
        Mark Donald Steven Andrew Kenneth Joshua Kevin Brian George Timothy Ronald Jason Edward Jeffrey Ryan Jacob Liam
        Noah Ethan Mason Tyler Brandon Jose Carlos Juan Jamal Wei Hunter"""),
    families=_words("""Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez
        Gonzalez
        Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis
        Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera
        Campbell Mitchell Carter Roberts Kim Chen Patel O'Brien Murphy Cooper Ortiz Washington Kowalski"""),
    family_starts=_BRITAIN.family_starts, family_middles=_BRITAIN.family_middles, family_ends=_BRITAIN.family_ends,
    cities=_cities("""New York=100##,Los Angeles=900##,Chicago=606##,Houston=770##,Phoenix=850##,Philadelphia=191##,
        San Antonio=782##,San Diego=921##,Dallas=752##,Seattle=981##,Denver=802##,Boston=021##"""),
    town_starts=_words("Spring Fair Green River Oak Maple Cedar Mill Lake West"),
    town_ends=_words("field view ville ton wood dale port side"), town_postcode="4%##",
    streets=_phrases("""Main Street,Oak Street,Maple Avenue,Washington Avenue,Park Avenue,2nd Street,Elm Street,
        Lake Drive,
        Hill Road,Cedar Lane,Sunset Boulevard,Pine Street,Church Street,Lincoln Avenue,River Road,Jefferson Street"""),
    number_first=True, calling_code="1", trunk="",
    mobiles=("212555####", "312620####", "713440####", "206390####", "617720####", "303860####"),
        landlines=("718230####", "213620####"),
    mail_domains=("gmail.com", "outlook.com", "mailprairie.com", "bluebox-mail.net"), company_forms=("Inc.", "LLC",
        "Corp."),
)  # fmt: skip

COUNTRIES: tuple[Country, ...] = (
    _GERMANY, _BRITAIN, _FRANCE, _NETHERLANDS, _SPAIN, _ITALY, _POLAND, _UNITED_STATES,
)  # fmt: skip
"""The countries of the demo's customers, the largest first."""
