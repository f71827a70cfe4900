"""Words that mean nearly the same when people write to an organisation, in English and German.

A semicolon ends a meaning. A word has one meaning only, and the first word names it.
"""

from __future__ import annotations

from functools import cache

from crisisroom.core.lexical import fold, stem
from crisisroom.core.suggesting.alike_de import DE

_BORROWED = 5  # letters of an English word that is taken for nothing else in a German text

_EN = """
    refund reimburse reimbursement repay payback moneyback compensation compensate;
    cancel cancellation terminate termination revoke undo reverse revert abort rescind;
    delete remove erase wipe deactivate close unsubscribe;
    create make build generate produce set;
    open start begin launch activate activation initiate enable register enroll signup;
    buy purchase order acquire bought ordered;
    pay payment paid transaction checkout;
    charge charged bill billed debit debited deduct deducted withdrawn billing;
    fee cost price expense expensive tariff rate surcharge;
    money cash fund funds amount sum;
    topup topped topping load reload add deposit credit;
    transfer send sent wire remit remittance forward;
    receive received get got obtain gain;
    arrive arrival arrived come came delivered deliver delivery shipped shipping ship shipment
      dispatch dispatched courier parcel package post mail mailed;
    late delay delayed slow overdue behind;
    wait waiting pending queue processing outstanding hold;
    long duration time often period;
    today now currently immediately instantly instant asap urgent urgently soon quickly quick
      fast faster;
    change alter modify update edit amend switch adjust replace convert;
    exchange swap trade;
    broken break damaged damage defective faulty fault cracked dead ruined destroyed;
    fail failed failure fails error wrong incorrect mistake bug glitch problem issue trouble
      crash crashed crashes;
    reject rejected decline declined refuse refused deny denied block blocked blocking disabled;
    work working works function functioning operate operational usable;
    down outage offline unavailable unreachable inaccessible;
    lost lose missing misplaced vanished disappeared disappear gone;
    steal stolen theft robbed thief;
    hack hacked hacker breach breached compromised leak leaked unauthorised unauthorized;
    fraud fraudulent scam scammed scammer phishing swindle swindled;
    safe safety secure security protected danger dangerous unsafe risk risky hazard hazardous;
    password passcode pin code pincode;
    login signin log sign access enter;
    account profile membership;
    identity verify verification verified verifying confirm confirmation authenticate
      authentication validate validation proof prove;
    phone mobile cellphone smartphone handset telephone;
    computer laptop pc desktop machine;
    app application software program programme;
    website site webpage page web;
    picture photo image pic photograph photos;
    movie film video clip;
    car vehicle automobile auto;
    child children kid kids minor baby toddler;
    friend mate buddy;
    doctor physician hospital clinic medic;
    ill sick illness disease unwell nausea vomiting;
    hurt injured injury wound wounded harm harmed burned burnt;
    die died death kill killed fatal;
    fire smoke burn burning flames overheat overheating;
    country nation abroad international overseas foreign worldwide global;
    shop store retailer supermarket outlet;
    staff employee employees worker workers personnel;
    customer client user consumer;
    company firm business organisation organization corporation;
    help support assist assistance aid hotline;
    contact reach call ring phoned called;
    answer reply respond response replied;
    complain complaint complaints grievance;
    sorry apology apologise apologize apologies regret;
    explain explanation understand reason cause why;
    tell inform information info details notify;
    find locate search discover trace track tracking;
    show display view see visible;
    hide conceal invisible;
    limit restriction restricted maximum cap;
    minimum least;
    allow allowed permit permitted able possible;
    required requirement need necessary must mandatory;
    different differ another alternative;
    duplicate twice double doubled duplicated repeated;
    extra additional more;
    free gratis complimentary;
    cheap inexpensive affordable;
    large big huge;
    small little tiny;
    stop prevent avoid quit halt;
    repair fix mend resolve solve solved fixed;
    install setup installation configure configuration;
    connect connection link linked pair;
    save backup preserve keep;
    copy clone replicate;
    move migrate relocate relocated moving;
    address residence home;
    name surname;
    voucher coupon discount promo rebate;
    subscription subscribe plan;
    expire expired expiry expiration;
    renew renewal extend extension;
    old former previous earlier;
    new fresh;
    mean meaning definition;
    best recommended ideal optimal;
    use using utilise utilize usage;
    choose select pick;
    test check inspect examine;
    learn study;
    drive driving;
    job career employment;
    lawyer attorney legal solicitor;
    compare comparison versus difference;
    write writing compose draft;
    read reading;
    recall recalled withdraw;
    contaminated contamination poisoned poison toxic;
    return returned;
    infect infected infection contract transmit transmission transmitted spread spreading;
    virus germ pathogen bacteria;
    cure treat treatment medicine medication drug remedy therapy;
    symptom symptoms signs;
    fever temperature;
    vaccine vaccination vaccinate vaccinated immunisation immunization jab shot;
    pregnant pregnancy expecting;
    pet pets animal animals dog dogs cat cats;
    elderly senior seniors aged;
    travel travelling traveling trip journey flight fly vacation holiday holidays;
    hotel accommodation hostel room;
    ticket tickets booking booked reservation reserve reserved;
    luggage baggage suitcase bag;
    train railway bus tram metro;
    school class classroom college university campus;
    clean cleaning wash washing disinfect disinfectant sanitize sanitise sanitizer hygiene;
    food meal meals eat eating groceries dish;
    drink drinking beverage;
    allergic allergy allergen allergens intolerance;
    event concert festival gathering conference;
    postpone postponed reschedule rescheduled;
    salary wage wages paycheck income earnings;
    tax taxes levy;
    loan mortgage lend borrow debt;
    insurance insured coverage policy;
    bank banking;
    rich wealthy;
    law rule rules regulation regulations legislation statute;
    police officer cops authorities;
    sue lawsuit court litigation prosecute;
    racist racism discriminate discrimination sexist harassment harass;
    insult insulted offensive offended rude impolite disrespectful;
    lie lied liar false untrue fake hoax rumour rumor misinformation;
    true real genuine authentic legit legitimate;
    secret secretly;
    size dimension length width height;
    colour color;
    weight heavy;
    speed pace;
    sound audio noise volume;
    screen monitor;
    keyboard keys;
    folder directory;
    file document documents;
    email inbox;
    message messages sms chat;
    browser chrome firefox safari;
    malware spyware trojan;
    battery charger;
    cable cord plug;
    internet wifi network broadband;
    router modem;
    sluggish lag laggy;
    freeze frozen freezes hang hangs stuck;
    restart reboot reset;
    upgrade upgraded updated;
    default standard;
    automatic automatically;
    blank empty;
    insert paste;
    sort arrange;
    merge combine join joined;
    finish finished complete completed end ended done;
    hire recruit recruitment;
    boss manager supervisor;
    husband wife spouse partner;
    parent parents mother father mom dad;
    house apartment flat;
    rent lease tenant landlord;
    garden lawn yard;
    wall ceiling;
    water leaking;
    smell odor odour stink;
    dirty filthy stain;
    cold chilly;
    hot warm heat heating;
    sleep asleep insomnia;
    pain ache painful sore;
    exercise workout gym;
    talk speak speaking discuss conversation;
    listen hear;
    try attempt tried;
    happen happened happening occur occurred occurs;
    intend intention;
    think believe reckon;
    hope wish;
    like love enjoy;
    hate dislike;
    angry upset furious annoyed outraged disappointed frustrated;
    shame disgrace disgraceful shameful disgusting;
    environment environmental pollution polluted climate emissions;
    plastic packaging waste;
    boycott protest strike;
    opening hours schedule timetable;
    location place branch where;
    map route directions;
    age years;
    guarantee warranty guaranteed;
    manual instructions guide tutorial;
    feature functionality option;
    language translate translation;
    currency currencies forex;
    number figure digits;
    percent percentage;
    weekly daily monthly;
    """


@cache
def meanings(language: str) -> dict[str, str]:
    """Return the meaning of each stem that has one, named by an English word.

    German has the longer English words too, after its own: they stand in titles, and in posts.
    """
    if language == "de":
        return _german()
    return _named(_EN, language) if language == "en" else {}


def _german() -> dict[str, str]:
    english = meanings("en")
    found: dict[str, str] = {}
    for line in DE.split(";"):
        name, _, words = line.strip().partition(":")
        meaning = english.get(stem(name), f"={name}")
        for word in (*fold(words).split(), name):
            found.setdefault(stem(word, "de"), meaning)
    return _named(_EN, "de", _BORROWED) | found


def _named(lists: str, language: str, least: int = 1) -> dict[str, str]:
    found: dict[str, str] = {}
    for words in (fold(one).split() for one in lists.split(";")):
        for word in words:
            if len(word) >= least:
                found.setdefault(stem(word, language), f"={words[0]}")
    return found
