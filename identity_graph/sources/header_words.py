"""The words people put over columns, in eight languages and their usual abbreviations: tables and nothing else.

Words stand without spaces, as `read_header` joins them. Where a word stands under two roles the first one has it.
"""

from __future__ import annotations

from identity_graph.normalise.vocabulary import word_set
from identity_graph.roles import Role

__all__ = [
    "ABBREVIATIONS", "BIRTH_PARTS", "BIRTH_WORDS", "DECORATIONS", "FILLERS", "QUALIFIERS", "ROLE_OF_WORD",
]  # fmt: skip

_WORDS: dict[Role, str] = {
    Role.SOURCE: """
        source sourcesystem sourcedataset sourcename datasource dataset system origin sourceid sourcefile
        quelle quellsystem herkunft fuente origen sistema bron bronsysteem systeem fonte sorgente
    """,
    Role.GIVEN_NAME: """
        givenname given first firstname fname forename forenames christianname fstname firstnm gname vorname
        vornamen rufname prenom prenoms nombre nombres primernombre voornaam roepnaam nomeproprio nomedibattesimo
        givenname1 namefirst firstgivenname callname frname nomdebaptem imie imiona fornavn fornamn etunimi
        keresztnev jmeno primeironome givennames givennm fstnm vname
    """,
    Role.MIDDLE_NAME: """
        middlename middle mname midname secondname middleinitial middleinit mi secondforename zweitername
        deuxiemeprenom segundonombre tweedenaam secondonome othernames othername additionalname middlenm midlname
        midlnm patronymic patronym patronymicname otchestvo vatersname fathersname fathername nombredelpadre
        otherforenames
    """,
    Role.FAMILY_NAME: """
        familyname family last lastname lname surname sname lastnm lstname sur maidenname birthname nachname
        familienname zuname geburtsname nomdefamille nomfamille patronyme apellido apellidos primerapellido
        segundoapellido achternaam familienaam cognome namelast familynm lnm lstnm marriedname ehename
        apellidopaterno apellido1 nazwisko etternavn efternavn efternamn sukunimi vezeteknev prijmeni sobrenome
        familyname1 nname
    """,
    Role.FULL_NAME: """
        nom noms
        fullname name pername personname completename displayname firstandsurname firstandlastname firstlast
        nameandsurname firstnamelastname wholename nm vollername vollstaendigername namekomplett vorundnachname
        nomcomplet nometprenom nomprenom nombrecompleto nombreyapellidos volledigenaam naam nomecompleto nominativo
        nomecognome inventor inventorname author authorname applicant applicantname holder holdername cardholder
        beneficiary contactname callername namevollstaendig namevollstandig namefull namecomplete nomcompletclient
        nombrecliente personenname fullnm ansprechpartner customerfullname assignee patentee lead leadname
        imieinazwisko verfasser autor auteur autore schrijver editor composer artist performer
    """,
    Role.NAME_SUFFIX: """
        suffix namesuffix generation generationsuffix namesuffixlbl suffixname zusatz namenszusatz namesfx
        namesuffixcode sfx
    """,
    Role.GENDER: """
        gender sex gen geschlecht sexe genre sexo genero geslacht sesso genere anrede civilite gndr sexcode
        gendercode sexcd plec kjonn kon
    """,
    Role.BIRTH_DATE: """
        birthdate dateofbirth dob bdate birth born birthday datebirth birthdt dobirth dtbirth brthdt bday
        geburtsdatum geburtstag gebdatum gebdat datedenaissance datenaissance naissance nele fechadenacimiento
        fechanacimiento nacimiento geboortedatum geboorte gebdtm datadinascita datanascita nascita datadenascimento
        dtofbirth dobdate geborenam geborem geboren fodselsdato fodelsedatum dataurodzenia fecnac fecnacimiento
        fechanac fnacimiento dtnasc datnaiss datenaiss gbdat gebdatumkunde
    """,
    Role.BIRTH_YEAR: """
        birthyear yearofbirth yob by dobyear doby birthyr byear dobyr yearbirth geburtsjahr anneedenaissance
        anneenaissance anonacimiento geboortejaar annodinascita annonascita gebjahr gebjaar annaiss anneenaiss
        anionacimiento
    """,
    Role.BIRTH_MONTH: """
        birthmonth monthofbirth mob bm dobmonth dobmon dobm birthmon bmonth monthbirth geburtsmonat moisdenaissance
        moisnaissance mesnacimiento geboortemaand mesedinascita gebmonat gebmaand moisnaiss
    """,
    Role.BIRTH_DAY: """
        birthday dayofbirth bd dobday dobd bday daybirth geburtstag jourdenaissance journaissance dianacimiento
        geboortedag giornodinascita gebtag gebdag journaiss
    """,
    Role.EMAIL: """
        email mail emailaddress mailaddress emailaddr emailid eml courriel adressemail adressemel correo
        correoelectronico mailadresse emailadresse emailadres mailadres indirizzoemail postaelettronica smtpaddr
        smtpaddress correoe mel mailprivat emailpersonal epost sahkoposti emailpersonale adremail emailperso
    """,
    Role.PHONE: """
        phone telephone tel mobile cell phonenumber phoneno phonenum telephonenumber telno telnumber mobilenumber
        mobileno mobilephone cellphone cellnumber landline fon msisdn telefon telefonnummer handy handynummer mobil
        mobiltelefon festnetz rufnummer telefono telefonofijo movil celular portable telefoon telefoonnummer mobiel
        gsm cellulare numeroditelefono numerotelephone numerodetelephone numerotelefono faxnumber fax telf telfn
        fono phn telnr telefonnr telefonnummern telefono1 callerid caller callernumber callingnumber ani cli
        numerotel notel numtel tfno tlf telno1 telefoni telefonszam telefone whatsapp contactnumber contactno
        phonemobile phonehome phonework
    """,
    Role.ADDRESS: """
        address addr fulladdress addressline streetaddress postaladdress residence residentialaddress adresse
        anschrift adressezeile wohnadresse direccion domicilio adres woonadres indirizzo domicile enumcap streetaddr
        residentialaddr direc postadresse postanschrift strassehausnr strassehausnummer strassenr strasseundnr
        strasseundhausnummer streetandnumber ulica adresseligne addressline1 addrline
    """,
    Role.STREET: """
        street streetname road roadname strasse str strassenname rue nomdevoie voie calle straat straatnaam via
        stras strs rueetnumero nomrue nomvoie odonyme
    """,
    Role.HOUSE_NUMBER: """
        housenumber houseno streetnumber streetno stno stnum housenum housenr buildingnumber hausnummer hausnr
        numerodevoie numerorue numerocalle huisnummer huisnr numerocivico civico streetnum numvoie novoie nrcivico
        huisnrtoevoeging hnr numvia
    """,
    Role.POSTCODE: """
        postcode postalcode zip zipcode zip4 pc pcode postcd zipcd postal enumpc plz postleitzahl codepostal cp
        codigopostal codpostal cap codicepostale postcodenl postnummer postcodezip pstlz postleitz plznr codepost
        cpostal kodpocztowy postkod postnr irsz psc
    """,
    Role.CITY: """
        city town suburb locality municipality cityname village ort stadt wohnort gemeinde ville commune ciudad
        localidad poblacion municipio stad woonplaats plaats plaatsnaam citta comune localita place1 ortname
        stadtname villenom nomcommune miasto kommune localityname citynm citydesc poblacio
    """,
    Role.REGION: """
        state region province county stateprovince statecode stateprov bundesland departement provincia
        comunidadautonoma provincie regione prefecture district canton kanton regio statecd statenm regionname
        voivodship wojewodztwo lan fylke
    """,
    Role.COUNTRY: """
        country countrycode countryname nation land landcode pays paese codepays pais landkode ctry countryregion
        ctrycode ctrycd countrycd countryiso landeskennzeichen countryofresidence kraj residencecountry
    """,
    Role.PLACE: """
        birthplace placeofbirth pob birthcity birthtown cityofbirth townofbirth birthcountry countryofbirth
        geburtsort lieudenaissance lieunaissance lugardenacimiento lugarnacimiento geboorteplaats luogodinascita
        luogonascita place location hometown birthlocation deathplace placeofdeath birthstate stateofbirth
        placebirth ortdergeburt
    """,
    Role.LATITUDE: """
        latitude lat geolat breitengrad latitud breedtegraad latitudine
    """,
    Role.LONGITUDE: """
        longitude lng lon long geolng geolon laengengrad langengrad longitud lengtegraad longitudine
    """,
    Role.COMPANY: """
        company companyname organisation organization organisationname organizationname org orgname employer
        business businessname firm firmname legalname tradename tradingname corporatename corp vendor vendorname
        supplier suppliername restaurantname hotelname storename shopname merchant merchantname firma firmenname
        unternehmen arbeitgeber societe entreprise raisonsociale empresa razonsocial compania bedrijf bedrijfsnaam
        organisatie azienda ditta ragionesociale account1 accountname companynm firmenname1 firmaname
        organisationsname corporation affiliation affiliations institution universitaet university institute
        businessnm dba doingbusinessas tradingas handelsname nomcommercial nombrecomercial handelsnaam entreprisenom
        societenom denomination denominazione nazwafirmy foretag yritys legalnm entityname facilityname assigneename
    """,
    Role.NATIONAL_ID: """
        nationalid nationalidnumber nationalinsurancenumber nino ssn socsecid socialsecuritynumber socialsecurity
        socialsecurityno socsec socsecno taxid taxnumber taxno tin nin passport passportnumber passportno nhsnumber
        nhsno identitynumber idcard idcardnumber idnumber driverslicense driverslicence driverlicense steuernummer
        steuerid sozialversicherungsnummer svnr personalausweis numerosecuritesociale nir numsecu siren siret dni
        nie nif cif bsn burgerservicenummer codicefiscale partitaiva vat vatid vatnumber vatno ustid cpf curp rfc
        companynumber registrationnumber kvk kvknummer duns dunsnumber lei stceg stcd1 stcd passeport reisepass
        reisepassnummer passnr pasaporte paspoort paspoortnummer passaporto ausweisnummer ausweisnr vatregno
        vatregistrationnumber vatin tvanumber numerotva tvaintra numtva numtva nifcif nit ruc btwnummer btwnr kvknr
        handelsregisternummer hrb ustidnr umsatzsteuerid ein einnumber abn acn crn pesel personnummer fodselsnummer
        svnummer aadhaar pan socsecnumber nhs passport1 driverslicensenumber driverslic numpassport nopassport
        idcardno dninie taxidnumber orcid orcidid
    """,
    Role.ACCOUNT_ID: """
        accountid accountnumber accountno account acctid acctno customerid customernumber customerno customernr
        custid custno clientid clientnumber clientno crmid patientid patientno mrn memberid contactid kundennummer
        kundennr kundenid numeroclient idclient numerocliente idcliente klantnummer klantid codicecliente iban
        policynumber policyno kunnr lifnr kdnr kndnr kundennummern vertragsnummer vertragsnr contractno
        contractnumber contractid numcontrat nocontrat numcliente numclient noclient clientref customerref custref
        medicalrecordnumber policyid insurancenumber insuranceno versichertennummer klantnr kundeid
    """,
    Role.LOYALTY_CARD: """
        loyaltycard loyaltyid loyaltynumber loyaltycardnumber loyaltyno cardid cardnumber cardno membershipnumber
        membershipno membershipid kundenkarte kundenkartennummer cartefidelite tarjetafidelidad klantenkaart
        cartafedelta bonuscard carte numerocarte numcarte nocarte carteclient carta tarjeta numtarjeta numerotarjeta
        karte kartennr kartennummer kundenkartennr kaart kaartnummer bonusnumber bonuskarte fidelitycard fidelity
        clubcard memberno membernumber frequentflyernumber rewardsnumber cardnr
    """,
    Role.PRODUCT_CODE: """
        ean ean13 eancode gtin gtin13 gtin14 isbn isbn10 isbn13 issn upc upccode barcode barcodenumber strichcode asin
        codebarre codigobarras streepjescode jan jancode
    """,
    Role.WEBSITE: """
        website web url webaddress websiteurl homepage weburl internet internetadresse webseite siteweb siteinternet
        sitioweb paginaweb sitoweb domain domainname companydomain webdomain companywebsite companyurl
    """,
    Role.TITLE: """
        productname producttitle producttitel itemname itemtitle articlename booktitle papertitle filmtitle movietitle
        songtitle trackname tracktitle albumtitle gametitle artikelbezeichnung artikelname produktname
        produktbezeichnung bezeichnung nomproduit designation libelle titreproduit
        nombreproducto tituloproducto productnaam nomeprodotto
        titre titulo titolo titel1 maintitle worktitle coursetitle
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
        orderdate ordereddate orderedat purchasedate purchasedat transactiondate transactionat calldate calledat
        visitdate visitedat contactdate bestelldatum kaufdatum
        observedat updatedat modifiedat timestamp eventtime eventtimestamp lastmodified lastupdated lastseen
        updated modified receivedat occurredat sentat
    """,
    Role.CATEGORY: """
        occupation profession job jobtitle title category type segment status class kind cuisine genre brand
        department industry sector nationality language religion maritalstatus ethnicity race beruf titel branche
        metier profesion beroep professione prefix salutation
        manufacturer marke hersteller marque fabricant marca fabricante merk fabrikant publisher verlag editeur
        editorial uitgever editore venue journal dept mfr make vendor1
    """,
    Role.ENTITY_LIST: """
        coauthor coauthors coauthornames coinventor coinventors authors inventors members directors relatives
        associates aliases alias applicants partners contacts coauthorlist coinventorlist authorlist inventorlist
        coauteurs auteurs autoren miterfinder mitautoren erfinder coautores autores kontakte
    """,
    Role.IGNORE: """
        clusterid cluster trueid truth label groundtruth matchid batchid loaddate loadedat importdate importedat
        loadts etldate ingestedat insertedat rownumber rownum rowno rowid rownr index unnamed lineno linenumber
        lfdnr laufendenummer laufnummer zeilennr zeilennummer rijnummer numligne nofila fila loaddt extractdate
        exportdate snapshotdt snapshotdate asofdate createdby modifiedby updatedby lastmodifiedby sysmodstamp
        ipaddress ipaddr ip useragent
    """,
}

ROLE_OF_WORD = {word: role for role, words in reversed(_WORDS.items()) for word in words.split()}
"""Header in one word -> the role it names."""

ABBREVIATIONS = {
    "addr": "address", "add": "address", "adr": "address", "nm": "name", "nam": "name", "nme": "name", "phn": "phone",
    "ph": "phone", "ctry": "country", "cntry": "country", "cty": "city", "st": "state", "midl": "middle",
    "sufx": "suffix", "sfx": "suffix", "sx": "suffix", "nbr": "number", "num": "number", "no": "number",
    "nr": "number", "dt": "date", "dte": "date", "yr": "year", "mon": "month", "mth": "month", "org": "organisation",
    "acct": "account", "cust": "customer", "comp": "company", "lst": "last", "fst": "first", "frst": "first",
    "numero": "number", "nummer": "number",
}  # fmt: skip
"""Abbreviated word of a header -> the word."""

QUALIFIERS = word_set(
    """
    location geo gps
    abonne absender acheteur adherent adherente alumna alumno ansprechpartner applicant author beneficiary beruflich
    besteller bill billing billto borrower bureau buyer caller casa child clean cleaned client cliente clients
    contact creditor cst current customer debtor deelnemer delivery dienstlich donor eleve empfaenger empfanger
    empleado employee etudiant fake gast gasten geschaeftl geschaeftlich geschaftl geschaftlich guest her his holder
    home huesped insured inventor kaeufer kaufer kd klant klient kontakt koper kunde kunden lavoro lead leerling
    legal lender lid local mailing main mandant member miembro mitglied norm office old orig original owner paciente
    parent participant particular passenger pat patient patiente patientin payee payer per permanent perso person
    personal personnel physical present previous primary prior privat private prive pro professionnel prospect pt
    pupil raw recipient registered res resident residential respondent schueler schuler sender ship shipping shipto
    socio sold soldto staff standardised standardized std str student subscriber teacher teilnehmer tenant text the
    thuis trabajo traveller txt user value versicherter voter werk werknemer work worker your zakelijk
    """
)
"""Words that say whose the value is, not what it is; a header of them alone can be a person's name."""

DECORATIONS = word_set(
    """
    code cd desc descr description value val text txt str string field col column free new alt alternative latest last4
    iso number name
    """
)
"""Words behind a role's word that say how the value is written: `gender_code`, `city_desc`."""

FILLERS = word_set(
    """
    what is are was your you please enter the of in a an to and or my our their his her full whole complete provide
    give us we can for which wie lautet ist ihr ihre ihren dein deine bitte der die das den des und von geben sie
    ein an im quel quelle est votre vos veuillez saisir indiquer le la les de du et l cual es su sus por favor
    indique el los y wat uw je jouw het een van en qual il lo gli suo sua q question frage vraag pregunta
    """
)
"""Words of a question around the word that matters: `What is your first name?`."""

BIRTH_WORDS = word_set(
    """
    birth born dob geb geburt geburts geboren geboorte naissance naiss nacimiento nac nascita nasc nascimento
    urodzenia fodsel fodelse
    """
)
"""Words that say a column is about somebody's birth, beside a word of BIRTH_PARTS."""

BIRTH_PARTS: dict[str, Role] = {
    word: role
    for role, words in (
        (Role.BIRTH_DATE, "date datum fecha data dt dat"),
        (Role.BIRTH_YEAR, "year yr yyyy jahr annee an anno ano jaar rok ar"),
        (Role.BIRTH_MONTH, "month mon mm monat mois mes mese maand miesiac manad"),
        (Role.BIRTH_DAY, "day dd tag jour dia giorno dag dzien"),
        (
            Role.PLACE,
            "place city town ort lieu lugar luogo plaats country pays pais paese land ville ciudad state region",
        ),
    )
    for word in words.split()
}
"""What of the birth a column tells: `jour_de_naissance`, `Geb_Monat`, `birth_country`."""
