from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.triage.asks import asks

ASKED = """
How do I get my refund
when will it be back
is it dangerous
Is my kettle affected
which of the batches are affected
Hi @ferrow can you tell me whether batch 7 is affected
does anyone know whether this is true
I wonder whether you will pay for this
Any news on the refund
where's my parcel
What happened to my order
who do i call
pat, do you know if mine is affected
My kettle smokes. What now?
Wann kommt mein Geld zurück
wie lange dauert das noch
Ist mein Gerät betroffen
Hallo, kann ich den Kocher noch benutzen
Welche Charge ist betroffen
weiß jemand ob das stimmt
Gibt es schon Neues
warum antwortet niemand
ich würde gerne wissen ob mein Kocher dabei ist
Liebes Team, wo finde ich die Nummer der Charge
Bitte um Auskunft
危険ですか？
هل هو خطير؟
"""
NOT_ASKED = """
My kettle smokes and nobody cares.
When I called they hung up on me
What a joke
Was für eine Frechheit
Kann ich nicht empfehlen
kann ich nur empfehlen, super Service
How nice of you, never again
Wie immer keine Antwort
Do not buy this
Have your lawyers ready
I want my money back
Was ihr macht ist Betrug
Thanks for nothing
Look at https://x.example/?q=1
Where I live nobody has power
This is my third call
Das ist die letzte Bestellung
Wenn das so weitergeht kündige ich
"""


@pytest.mark.parametrize("text", ASKED.strip().splitlines())
def test_a_question_is_one_without_its_mark_too(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", NOT_ASKED.strip().splitlines())
def test_a_complaint_that_opens_alike_is_none(text: str) -> None:
    assert not asks(text)


@given(st.text(max_size=300))
def test_any_text_is_taken_apart(text: str) -> None:
    assert asks(text + " ?")
