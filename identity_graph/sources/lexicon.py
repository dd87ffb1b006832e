"""What headers say: the words people put over columns, in six languages and their usual abbreviations.

A header comes in; the role it names, if it names one, and the number it carries (`address_2`) come out. Every word of
the header must be explained: `product_name` is not a person's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from identity_graph.normalise import fold
from identity_graph.roles import Role

__all__ = ["Header", "read_header"]


@dataclass(frozen=True, slots=True)
class Header:
    """A header, read.

    Attributes:
        key: its words in one, lower case, without number and qualifiers, such as `firstname`.
        role: the role it names; None when it names none for sure.
        number: the number it carries, such as 2 in `address_2`; None without one.
    """

    key: str
    role: Role | None
    number: int | None


_WORDS: dict[Role, str] = {
    Role.SOURCE: """
        source sourcesystem sourcedataset sourcename datasource dataset system origin sourceid sourcefile
        quelle quellsystem herkunft fuente origen sistema bron bronsysteem systeem fonte sorgente
    """,
    Role.GIVEN_NAME: """
        givenname given first firstname fname forename forenames christianname fstname firstnm gname vorname
        vornamen rufname prenom prenoms nombre nombres primernombre voornaam roepnaam nomeproprio
        nomedibattesimo
    """,
    Role.MIDDLE_NAME: """
        middlename middle mname midname secondname middleinitial middleinit mi secondforename zweitername
        deuxiemeprenom segundonombre tweedenaam secondonome othernames othername additionalname
    """,
    Role.FAMILY_NAME: """
        familyname family last lastname lname surname sname lastnm lstname sur maidenname birthname nachname
        familienname zuname geburtsname nomdefamille nomfamille patronyme apellido apellidos primerapellido
        segundoapellido achternaam familienaam cognome
    """,
    Role.FULL_NAME: """
        fullname name pername personname completename displayname firstandsurname firstandlastname firstlast
        nameandsurname firstnamelastname wholename nm vollername vollstaendigername namekomplett
        vorundnachname nomcomplet nometprenom nomprenom nombrecompleto nombreyapellidos volledigenaam naam
        nomecompleto nominativo nomecognome inventor inventorname author authorname applicant applicantname
        holder holdername cardholder beneficiary
    """,
    Role.NAME_SUFFIX: """
        suffix namesuffix generation generationsuffix namesuffixlbl suffixname zusatz namenszusatz
    """,
    Role.GENDER: """
        gender sex gen geschlecht sexe genre sexo genero geslacht sesso genere anrede civilite
    """,
    Role.BIRTH_DATE: """
        birthdate dateofbirth dob bdate birth born birthday datebirth birthdt dobirth dtbirth brthdt bday
        geburtsdatum geburtstag gebdatum gebdat datedenaissance datenaissance naissance nele
        fechadenacimiento fechanacimiento nacimiento geboortedatum geboorte gebdtm datadinascita datanascita
        nascita datadenascimento
    """,
    Role.BIRTH_YEAR: """
        birthyear yearofbirth yob by dobyear doby birthyr byear dobyr yearbirth geburtsjahr anneedenaissance
        anneenaissance anonacimiento geboortejaar annodinascita annonascita
    """,
    Role.BIRTH_MONTH: """
        birthmonth monthofbirth mob bm dobmonth dobmon dobm birthmon bmonth monthbirth geburtsmonat
        moisdenaissance moisnaissance mesnacimiento geboortemaand mesedinascita
    """,
    Role.BIRTH_DAY: """
        birthday dayofbirth bd dobday dobd bday daybirth geburtstag jourdenaissance journaissance
        dianacimiento geboortedag giornodinascita
    """,
    Role.EMAIL: """
        email mail emailaddress mailaddress emailaddr emailid eml courriel adressemail adressemel correo
        correoelectronico mailadresse emailadresse emailadres mailadres indirizzoemail postaelettronica
    """,
    Role.PHONE: """
        phone telephone tel mobile cell phonenumber phoneno phonenum telephonenumber telno telnumber
        mobilenumber mobileno mobilephone cellphone cellnumber landline fon msisdn telefon telefonnummer
        handy handynummer mobil mobiltelefon festnetz rufnummer telefono telefonofijo movil celular portable
        telefoon telefoonnummer mobiel gsm cellulare numeroditelefono numerotelephone numerodetelephone
        numerotelefono faxnumber fax
    """,
    Role.ADDRESS: """
        address addr fulladdress addressline streetaddress postaladdress residence residentialaddress
        adresse anschrift adressezeile wohnadresse direccion domicilio adres woonadres indirizzo domicile
        enumcap
    """,
    Role.STREET: """
        street streetname road roadname strasse str strassenname rue nomdevoie voie calle straat straatnaam
        via
    """,
    Role.HOUSE_NUMBER: """
        housenumber houseno streetnumber streetno stno stnum housenum housenr buildingnumber hausnummer
        hausnr numerodevoie numerorue numerocalle huisnummer huisnr numerocivico civico streetnum
    """,
    Role.POSTCODE: """
        postcode postalcode zip zipcode zip4 pc pcode postcd zipcd postal enumpc plz postleitzahl codepostal
        cp codigopostal codpostal cap codicepostale postcodenl postnummer postcodezip
    """,
    Role.CITY: """
        city town suburb locality municipality cityname village ort stadt wohnort gemeinde ville commune
        ciudad localidad poblacion municipio stad woonplaats plaats plaatsnaam citta comune localita
    """,
    Role.REGION: """
        state region province county stateprovince statecode stateprov bundesland departement provincia
        comunidadautonoma provincie regione prefecture district canton kanton
    """,
    Role.COUNTRY: """
        country countrycode countryname nation land landcode pays paese codepays pais landkode ctry
    """,
    Role.PLACE: """
        birthplace placeofbirth pob birthcity birthtown cityofbirth townofbirth birthcountry countryofbirth
        geburtsort lieudenaissance lieunaissance lugardenacimiento lugarnacimiento geboorteplaats
        luogodinascita luogonascita place location hometown birthlocation deathplace placeofdeath
    """,
    Role.LATITUDE: """
        latitude lat geolat breitengrad latitud breedtegraad latitudine
    """,
    Role.LONGITUDE: """
        longitude lng lon long geolng geolon laengengrad langengrad longitud lengtegraad longitudine
    """,
    Role.COMPANY: """
        company companyname organisation organization organisationname organizationname org orgname employer
        business businessname firm firmname legalname tradename tradingname corporatename corp vendor
        vendorname supplier suppliername restaurantname hotelname storename shopname merchant merchantname
        firma firmenname unternehmen arbeitgeber societe entreprise raisonsociale empresa razonsocial
        compania bedrijf bedrijfsnaam organisatie azienda ditta ragionesociale
    """,
    Role.NATIONAL_ID: """
        nationalid nationalidnumber nationalinsurancenumber nino ssn socsecid socialsecuritynumber
        socialsecurity socialsecurityno socsec socsecno taxid taxnumber taxno tin nin passport
        passportnumber passportno nhsnumber nhsno identitynumber idcard idcardnumber idnumber driverslicense
        driverslicence driverlicense steuernummer steuerid sozialversicherungsnummer svnr personalausweis
        numerosecuritesociale nir numsecu siren siret dni nie nif cif bsn burgerservicenummer codicefiscale
        partitaiva vat vatid vatnumber vatno ustid cpf curp rfc companynumber registrationnumber kvk
        kvknummer duns dunsnumber lei
    """,
    Role.ACCOUNT_ID: """
        accountid accountnumber accountno account acctid acctno customerid customernumber customerno
        customernr custid custno clientid clientnumber clientno crmid patientid patientno mrn memberid
        contactid kundennummer kundennr kundenid numeroclient idclient numerocliente idcliente klantnummer
        klantid codicecliente iban policynumber policyno
    """,
    Role.LOYALTY_CARD: """
        loyaltycard loyaltyid loyaltynumber loyaltycardnumber loyaltyno cardid cardnumber cardno
        membershipnumber membershipno membershipid kundenkarte kundenkartennummer cartefidelite
        tarjetafidelidad klantenkaart cartafedelta bonuscard
    """,
    Role.USER_ID: """
        userid uid userkey loginid username login externaluserid benutzerid benutzername idutilisateur
        idusuario gebruikersid
    """,
    Role.ANONYMOUS_ID: """
        anonymousid anonid cookieid cookie visitorid visitor fpid gaclientid clientcookie browserid
    """,
    Role.DEVICE_ID: """
        deviceid device idfa idfv gaid aaid adid advertisingid deviceuuid imei androidid
    """,
    Role.OBSERVED_AT: """
        observedat updatedat modifiedat timestamp eventtime eventtimestamp lastmodified lastupdated lastseen
        updated modified receivedat occurredat sentat orderdate ordereddate orderedat purchasedate purchasedat
        transactiondate transactionat calldate calledat visitdate visitedat contactdate bestelldatum kaufdatum
    """,
    Role.CATEGORY: """
        occupation profession job jobtitle title category type segment status class kind cuisine genre brand
        department industry sector nationality language religion maritalstatus ethnicity race beruf titel
        branche metier profesion beroep professione prefix salutation
    """,
    Role.ENTITY_LIST: """
        coauthor coauthors coauthornames coinventor coinventors authors inventors members directors
        relatives associates aliases alias applicants partners contacts
    """,
    Role.IGNORE: """
        clusterid cluster trueid truth label groundtruth matchid batchid loaddate loadedat importdate
        importedat loadts etldate ingestedat insertedat rownumber rownum rowno rowid rownr index unnamed
        lineno linenumber
    """,
}

_ROLES = {word: role for role, words in reversed(_WORDS.items()) for word in words.split()}
_QUALIFIERS = frozenset(
    [
        "customer",
        "client",
        "contact",
        "person",
        "personal",
        "patient",
        "user",
        "member",
        "guest",
        "owner",
        "employee",
        "home",
        "work",
        "office",
        "business",
        "billing",
        "shipping",
        "delivery",
        "mailing",
        "private",
        "primary",
        "main",
        "current",
        "clean",
        "cleaned",
        "std",
        "standardised",
        "standardized",
        "norm",
        "raw",
        "fake",
        "orig",
        "original",
        "value",
        "txt",
        "text",
        "str",
        "the",
        "your",
        "his",
        "her",
        "kunden",
        "client",
        "cliente",
        "klant",
        "subscriber",
        "buyer",
        "passenger",
        "student",
        "resident",
        "voter",
        "donor",
        "respondent",
        "applicant",
        "inventor",
        "author",
        "per",
    ]
)


def read_header(name: str) -> Header:
    """Read one header: try it whole, then without its number, then without qualifiers such as `customer`."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words = fold(split).split()
    whole = "".join(words)
    if whole in _ROLES:
        return Header(whole, _ROLES[whole], None)
    words, number = _without_number(words)
    key = "".join(words)
    if key not in _ROLES and len(words) > 1:
        kept = [word for word in words if word not in _QUALIFIERS]
        key = "".join(kept) if "".join(kept) in _ROLES else key
    return Header(key, _ROLES.get(key), number)


def _without_number(words: list[str]) -> tuple[list[str], int | None]:
    """Take the number off the last word: `address 2`, `fname c1`, `pername1`."""
    if not words:
        return words, None
    found = re.fullmatch(r"([a-z]*?)_?(\d{1,2})", words[-1])
    if found is None:
        return words, None
    letters = found.group(1)
    keep_letters = bool(letters) and not (len(words) > 1 and len(letters) == 1)
    return [*words[:-1], *([letters] if keep_letters else [])], int(found.group(2))
