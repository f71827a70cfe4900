"""German words that mean nearly the same, under the English word that means it too.

A semicolon ends a meaning, a colon its name. A word has one meaning only.
"""

from __future__ import annotations

DE = """
    refund: rückzahlung erstattung erstatten erstattet rückerstattung rückerstattet zurückzahlen
      zurückgezahlt zurückerstatten zurückerstattet gutschrift gutgeschrieben gutschreiben
      rückvergütung entschädigung entschädigen entschädigt wiederbekommen zurückbekommen
      zurückhaben zurückholen rückbuchung zurückgebucht zurückbuchen schadenersatz schadensersatz
      ausgleich;
    cancel: kündigen kündigung gekündigt kündige stornieren storno storniert stornierung
      widerrufen widerruf abbestellen abbestellt abmelden abbrechen abgebrochen;
    delete: löschen löscht gelöscht löschung entfernen entfernt schließen auflösen;
    create: erstellen anlegen einrichten erzeugen;
    open: öffnen eröffnen starten beginnen aktivieren aktiviert freischalten registrieren;
    buy: kaufen kauf kaufe gekauft bestellen bestellung bestellt bestelle bestellte erwerben
      erworben ware;
    pay: zahlen zahle zahlt bezahlen bezahle bezahlt zahlung gezahlt bezahlung begleichen
      überweisung überweisen überwiesen;
    charge: abgebucht abbuchung abbuchen belastet belastung berechnet berechnung eingezogen
      einziehen abgezogen abgehoben lastschrift verrechnet rechnung abrechnung kassiert;
    fee: gebühr kosten kostet preis preise entgelt tarif aufpreis zuschlag spesen zinsen;
    money: geld kohle betrag beträge summe guthaben knete;
    topup: aufladen aufgeladen aufladung einzahlen einzahlung;
    transfer: senden gesendet schicken geschickt verschicken weiterleiten;
    receive: bekommen bekomme bekommt bekam erhalten erhalte kriegen kriege kriegt gekriegt
      empfangen;
    arrive: angekommen ankommen ankunft lieferung geliefert liefern liefert versand versendet
      paket sendung zustellung zugestellt eingetroffen eingegangen eintreffen post;
    late: spät spätestens verspätung verspätet verzögerung verzögert verzögern überfällig;
    wait: warten warte wartet gewartet wartezeit warteschleife ausstehend dauern dauert gedauert
      lange lang;
    long: dauer zeit zeitraum frist tage stunden wochen;
    today: heute jetzt sofort umgehend dringend eilig eilt schnell gleich bald notfall;
    change: ändern änderung geändert wechseln umstellen anpassen aktualisieren bearbeiten;
    exchange: tauschen umtausch umtauschen ersatz ersetzen austausch austauschen;
    broken: kaputt defekt beschädigt zerbrochen schaden mangel mangelhaft;
    fail: fehler problem probleme störung störungen panne falsch irrtum versehen schiefgelaufen
      schiefgegangen fehlerhaft fehlermeldung abgestürzt;
    reject: abgelehnt ablehnen verweigert gesperrt sperre sperren blockiert;
    work: funktioniert funktionieren funktionierte geht läuft laufen klappt geklappt klappen;
    down: ausfall ausgefallen offline unerreichbar lahmgelegt;
    lost: verloren verlust verschwunden fehlt fehlen weg;
    steal: gestohlen stehlen geklaut klauen diebstahl dieb diebe abgezockt abzocke abzocker;
    hack: gehackt hacker hackerangriff datenleck datenpanne cyberangriff angriff leck;
    fraud: betrug betrüger betrügerisch phishing masche fälschung;
    safe: sicher sicherheit gefährlich gefahr unsicher risiko geschützt schutz;
    password: passwort kennwort pin geheimzahl zugangsdaten;
    login: anmelden anmeldung angemeldet einloggen eingeloggt login zugang zugriff;
    account: konto konten account kundenkonto profil bankverbindung;
    identity: identität ausweis bestätigen bestätigung bestätigt nachweis prüfen überprüfen;
    phone: handy smartphone telefon mobiltelefon;
    computer: computer rechner laptop;
    app: app anwendung programm;
    website: webseite website internetseite homepage seite;
    picture: bild bilder foto fotos aufnahme;
    movie: film video;
    car: auto wagen fahrzeug;
    child: kind kinder baby säugling tochter sohn;
    friend: freund freundin;
    doctor: arzt ärztin krankenhaus klinik;
    ill: krank krankheit übel übelkeit erbrechen unwohl;
    hurt: verletzt verletzung verletzte verbrannt verbrennung unfall;
    die: gestorben tot todesfall tödlich;
    fire: brand feuer rauch brennt gebrannt überhitzt flammen;
    country: land ausland;
    shop: laden geschäft filiale shop händler;
    staff: mitarbeiter mitarbeiterin angestellte personal belegschaft;
    customer: kunde kunden kundin;
    company: firma unternehmen konzern betrieb anbieter;
    help: hilfe helfen hilft geholfen unterstützung support;
    contact: kontakt kontaktieren anrufen anruf angerufen telefonieren erreichen erreichbar
      hotline melden;
    answer: antwort antworten antwortet rückmeldung reagieren reagiert reaktion;
    complain: beschwerde beschweren reklamation reklamieren;
    sorry: entschuldigung entschuldigen leid bedauern verzeihung;
    explain: grund ursache warum wieso weshalb erklären erklärung erklärt woran wodurch auslöser;
    tell: sagen gesagt informieren information informationen info mitteilen mitteilung bescheid
      auskunft neuigkeiten;
    find: finden gefunden suchen;
    allow: erlaubt dürfen darf möglich;
    required: nötig notwendig brauche brauchen benötigen muss müssen;
    concerned: betroffen betrifft betreffen betroffene trifft;
    duplicate: doppelt doppelte doppelten zweimal zweifach dreimal dreifach mehrfach mehrmals;
    free: kostenlos gratis umsonst;
    cheap: günstig billig;
    stop: aufhören stoppen verhindern;
    repair: reparieren reparatur repariert beheben behoben behebung lösung gelöst;
    connect: verbinden verbindung verbunden;
    copy: kopie kopieren;
    address: adresse anschrift;
    voucher: gutschein rabatt;
    subscription: abo abonnement vertrag;
    expire: abgelaufen ablauf gültig;
    different: alternative stattdessen ersatzweise ausweichen anders;
    meanwhile: zwischenzeit inzwischen solange bisher vorerst übergangsweise;
    again: wieder erneut nochmal nochmals abermals ständig andauernd dauernd immer jedesmal;
    reminder: mahnung mahnungen mahngebühr mahngebühren inkasso zahlungserinnerung erinnerung
      gemahnt;
    bank: bank hausbank sparkasse volksbank;
    card: karte kreditkarte girokarte bankkarte;
    food: essen lebensmittel nahrung einkauf einkaufen;
    rent: miete vermieter;
    overdraft: dispo überzogen überziehung überziehen minus;
    medicine: medikament medikamente arznei apotheke;
    form: formular antrag beantragen ausfüllen;
    lawyer: anwalt anwältin rechtsanwalt;
    law: gesetz recht rechte verordnung;
    police: polizei anzeige;
    sue: klage klagen verklagen gericht;
    racist: rassistisch rassismus diskriminierung diskriminierend sexistisch;
    insult: beleidigung beleidigt beleidigend;
    lie: lüge lügen gelogen unwahr falschmeldung gerücht;
    true: wahr echt stimmt;
    email: email mail mails;
    message: nachricht nachrichten sms;
    data: daten datensatz kundendaten;
    journalist: journalist journalistin journalisten presse pressestelle zeitung redaktion reporter
      interview medien;
    internet: internet netz wlan;
    angry: wütend sauer verärgert ärger ärgerlich enttäuscht enttäuschend empört stinksauer;
    shame: frechheit unverschämt unverschämtheit schande peinlich unmöglich skandal inakzeptabel
      saftladen sauerei armutszeugnis beschämend;
    thanks: danke dank dankeschön bedanken;
    trust: vertrauen verlassen;
    recall: rückruf zurückgerufen zurückrufen;
    return: zurückgeben rückgabe retoure zurückschicken zurücksenden;
    guarantee: garantie gewährleistung;
    contaminated: verunreinigt vergiftet giftig;
    allergic: allergie allergisch allergene;
    event: veranstaltung konzert;
    number: nummer ziffer;
    when: wann termin datum zeitpunkt prognose;
    """
