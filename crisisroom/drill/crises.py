"""The two rehearsed crises: what people say, and what turns out to be true."""

from __future__ import annotations

from crisisroom.drill.voices import Voices

DEFECT = Voices(
    openings=(
        "Anyone else?",
        "Not funny any more.",
        "Just happened here.",
        "Day two.",
        "Hey {brand},",
        "So this is new:",
        "Warning to everybody:",
        "I am shaking.",
        "",
        "",
    ),
    complaints=(
        "my {thing} smokes when it boils.",
        "the {thing} got so hot that the handle melted.",
        "the plug of my {thing} is black.",
        "my {thing} switched itself on at night.",
        "there was fire under my {thing} this morning.",
        "same here with the {thing}, burnt smell.",
        "the {thing} from the autumn batch smells of plastic.",
        "my {thing} burned the table.",
    ),
    endings=(
        "Kids in the house!",
        "Nobody answers the hotline.",
        "Picture below.",
        "Is this a recall?",
        "I want my money back.",
        "Never again.",
        "What do I do now?",
        "Third one in our street.",
        "",
        "",
    ),
    questions=(
        "Is the {thing} by {brand} safe to use or not?",
        "{brand}, which batch is affected?",
        "How do I know whether mine is affected, {brand}?",
        "Do I get a refund for my {thing}?",
        "Why is {brand} silent? When do we get information?",
        "{brand} hotline: 40 minutes of waiting, no answer. Where do I write to?",
        "Has anybody been hurt by these {thing}s?",
        "{brand}, what is the cause of this?",
    ),
    headlines=(
        "Customers report overheating {thing}s, {brand} investigates",
        "Smoke in the kitchen: what we know about the {thing} by {brand}",
        "Consumer group asks {brand} for a recall",
    ),
    thanks=(
        "Credit to {brand}: a person called me back within the hour.",
        "OK, {brand} answered and takes the {thing} back. Fair.",
        "Thanks {brand} for the clear words. Batch checked, mine is fine.",
    ),
)

DEFECT_FACTS = (
    (6, "product", "the {thing}"),
    (7, "what", "can overheat while it boils"),
    (9, "since", "the first report came this morning"),
    (11, "affected", "{thing}s with a batch number that begins with 46"),
    (12, "advice", "unplug it and do not use it for now"),
    (16, "injury", "one burnt hand, looked after by customer care"),
    (24, "remedy", "a full refund or a new one, whichever you prefer, without a receipt"),
    (25, "contact", "care@example.org"),
    (46, "cause", "a thermostat from one supplier that sticks"),
)

OUTAGE = Voices(
    openings=(
        "Great.",
        "Is it just me?",
        "Again.",
        "Hello {brand}?",
        "Morning rush and",
        "Fun fact:",
        "At the counter and",
        "",
        "",
        "For an hour now",
    ),
    complaints=(
        "{thing} is down.",
        "{thing} does not load.",
        "{thing} logs me out and will not let me in.",
        "{thing} says error 503.",
        "I cannot pay with {thing}.",
        "{thing} charged me twice.",
        "{thing} has been offline since eight.",
        "nothing works in {thing}.",
    ),
    endings=(
        "I am stuck at the station.",
        "When will it be fixed?",
        "Unacceptable.",
        "No word from you.",
        "I need this for work.",
        "Status page says all green, what a joke.",
        "Is my data safe?",
        "Cancelling.",
        "",
        "",
    ),
    questions=(
        "Is {thing} down for anyone else?",
        "{brand}, when will {thing} work again?",
        "How long will this take, {brand}?",
        "{brand}, was I charged twice or not?",
        "Is there an alternative until {thing} works?",
        "{brand}, have you been hacked?",
        "Why does this keep happening, {brand}?",
        "Do I get my money back for today, {brand}?",
    ),
    headlines=(
        "{brand}: thousands without {thing} this morning",
        "Outage at {brand}: what customers can do now",
        "{brand} silent on the cause of its outage",
    ),
    thanks=(
        "{thing} works again. Thanks to whoever fixed it.",
        "Back online here. Hang in there.",
        "Thanks {brand} for saying plainly what you know and what you do not.",
    ),
)

OUTAGE_FACTS = (
    (6, "what", "{thing} does not let customers in"),
    (7, "since", "at about ten to eight this morning"),
    (9, "affected", "about a third of our customers"),
    (12, "workaround", "call us, we do it for you by phone"),
    (14, "contact", "help@example.org"),
    (18, "data", "no sign that data or money are concerned; being watched"),
    (40, "restored", "half past eight"),
    (42, "cause", "a certificate that ran out"),
    (44, "remedy", "this month's fee back for everybody affected"),
)
