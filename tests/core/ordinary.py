"""Sentences as we write them in a crisis, with every sort of number that is nobody's own."""

from __future__ import annotations

ORDINARY = """
We are sorry.
We know about the problem and are looking into it.
We write again by 04:07.
We write again by 2026-11-22 04:07.
The next update comes at 16:30 today.
Between 08:00 and 18:00 somebody answers.
Our desk is open 08.00-18.00 on weekdays.
Our desk is open from 0900-1700, Monday to Friday.
The shop opens at 9am and closes at 6pm.
The outage began at 03:07:15 UTC.
The outage lasted from 03:07 to 05:42.
It began on 22.11.2026 at 03:07.
It began on 22. 11. 2026.
It began on 2026-11-22.
It began on 11/22/2026.
It began on 01.02.2026 07:30.
It was sold from 01.02.2026 to 03.04.2026.
It was sold between 2026-01-02 and 2026-03-04.
It was sold from 01/2026 to 04/2026.
From 1.2.26 on it is repaired.
Since 2019 we have sold 1,200,000 of them.
In 2023, 2024, 2025 and 2026 nothing happened.
The years 2023 2024 2025 2026 were quiet.
About 1,200 customers are affected.
About 1.200 Kunden sind betroffen.
About 1 200 customers are affected.
About 12 000 000 people use it.
It is 0.4 percent of all orders.
It is 0,4 % aller Bestellungen.
It affects 3 of 10,000 kettles.
You were charged 49.99 twice.
You were charged €1,249.00 twice.
You were charged 1.249,00 € zu viel.
You get 1249 EUR back.
The refund of $1,249,000.50 went out.
We refund £ 20 at once.
It costs 12 345 678 euros a year.
The fine is 20,000,000 dollars.
Version 1.2.3 mends it.
Version 10.0.19045.1234 mends it.
Please install v2.14.0-rc1 or later.
Firmware 4.11.1111.1111 is on its way.
Use app version 555.123 at least.
Your ticket is INC-7.
Your ticket is INC-0301234567.
See ticket 0301234567.
See ticket #0301234567.
Case 2026-0012345 is open.
It concerns batch 0012345678.
It concerns batch number 0426118000.
Only Charge 0426118000 is affected.
Die Chargennummer 0426118000 steht auf dem Boden.
Die Seriennummer 0301234567 steht hinten.
It concerns model 30-4411 and 30-4412.
It concerns lots A7, A8 and A9.
Look at the number on the bottom: 7 is affected.
Room 0815 is on floor 12.
Flight LH 1234 leaves at 07:05.
Flights AB 123 and AB 456 are cancelled.
Train ICE 1537 runs 45 minutes late.
Ask at gate B22 or at desk 14.
We are at Hauptstr. 12, 10115 Berlin.
We are at 1600 Main Street, Springfield 62701.
The postcode is SW1A 1AA.
Meet us in hall 4, stand 112.
It is 12 km from here.
It weighs 1.5 kg and holds 1.7 l.
It runs at 220-240 V and 50-60 Hz.
It draws 1850-2200 W.
It gets 100 degrees hot in 180 seconds.
Wait 24 to 48 hours.
It takes 3-5 working days.
It takes 10 to 14 days until you see it.
Within 72 hours we tell the authority.
By Art. 33 GDPR we have 72 h.
See section 4.2.1 of our terms.
See page 12 of 240.
See https://ferrow.example/safety.
See https://ferrow.example/status/4111111111111111.
See https://social.example/@us/115596339829127833 for more.
See www.ferrow.example/2026/11/22/0301234567.
See ferrow.example/orders/0301234567 for more.
The page ferrow.example/safety has it all.
Follow @ferrow@social.example for more.
Hello @pat@social.example, we are sorry.
Thank you @pat_030_1234567!
We are number 1 in tests.
You are number 12,345 in the queue.
Two of three lines work again: 1, 2 and 4.
The ratio is 16:9.
The score was 3-2.
The odds are 1:1000000.
We test from 22 to 26 November 2026.
We test on 22, 23, 24, 25 and 26 November.
Am 22. November 2026 um 03:07 Uhr begann es.
Ab 8 Uhr sind wir wieder da.
Bis 18 Uhr melden wir uns wieder.
Wir haben 24/7 geöffnet.
We are there 24/7.
In Q3 2026 we change it.
The IPv4 address 192.168.100.200 is internal.
The router answers at 10.0.0.1.
The port is 8080.
The error is 0x80070005.
The error code is 500-1234.
The commit is 23e90b5.
The hash is 5d814596a0eb.
Its id is 550e8400-e29b-41d4-a716-446655440000.
The EAN is 4006381333931 as on the box, article 4006381333931.
In the film 007 survives.
Up to 99.999 percent of the time it works.
Press 1 for English, 2 for German, 0 for a person.
Dial 0 on your room's phone.
Call 112 if it burns.
Call 911 if somebody is hurt.
Call us before 22.11.2026.
Call us between 08:00 and 18:00.
Call by 17:30 and we come today.
Text us any time.
Ring the bell twice.
Our phone line is open 08:00-20:00.
The phones are dead since 2026-11-22 03:07.
Your signal is back: 4 of 5 bars.
Your mobile plan has 12 GB for 14.99.
It is on channel 7 at 20:15.
Be at 20 minutes past ten at the gate and wait there.
It is 24 hours away from the real thing, we think.
At 20 minutes to four on that day nobody had told us anything.
No 15 of our list is done, the others follow.
De 22 klanten krijgen vandaag hun geld terug.
We repaid 4 x 25 euros.
The bill shows 3 x 19.99 = 59.97.
Add 250 ml, wait 3 min, pour.
The kettle is 1,5 m long and 20 cm wide.
The recall covers kettles made 2024-03 to 2024-09.
The recall covers weeks 12/2026 to 18/2026.
The recall number is 26V-123.
It is certified by ISO 9001:2015 and EN 60335-2-15.
ISO 27001 and PCI DSS 4.0 apply.
DIN EN ISO 9001 gilt.
The law is 15 U.S.C. 2051-2089.
Paragraph 312 BGB applies.
Half of it, i.e. 50 %, is repaid.
One in 1,000,000.
Roughly 2 million, 300 thousand of them here.
We counted 1 2 3 4 5 and started again.
The steps are 1. unplug, 2. wait, 3. call.
1) Unplug it. 2) Take it outside. 3) Wait.
Top 10 questions and answers below.
Nobody was hurt in 2025 or 2026.
Our turnover was 12.4 million in 2025.
We employ 4,500 people at 12 sites.
The storm brought 120 km/h and 80 mm of rain.
The temperature was 38.5 to 41 °C.
In 1999 we began with 3 people.
Founded 1987, sold 2004, renamed 2012.
The deadline is 2026-12-24T18:00:00Z.
The deadline is 24/12/26.
It ends on 24-12-26.
The window is 2026-11-22 22:00 to 2026-11-23 02:00.
On 2026-11-22 2026-11-23 and 2026-11-24 it rains.
We answer in 15 min, at the latest in 1h30m.
The 3rd, 4th and 5th floor are closed.
5G and 4G work, 3G does not.
Windows 11 23H2 and macOS 15.1 are fine.
Python 3.11.2 is fine.
Take the A100, exit 12.
The bus 245 stops at 10:05, 10:25 and 10:45.
The list: 10:05 10:25 10:45 11:05 11:25.
The list: 10.05 10.25 10.45 11.05 11.25.
Seats 12A, 12B and 12C are free.
It is size 42, not 44.
It has 128 GB and 8 GB of memory.
Screen 6.1", 2532x1170.
Resolution 1920 x 1080.
Pi is 3.14159265358979.
The value is 0.12345678901234.
The chance is 0.0001234567.
One dollar is 0.92345678 euros.
We gave 100% and failed.
We answer you first thing tomorrow.
Danke, wir melden uns bis 09:30 Uhr.
Es tut uns leid, dass Sie 45 Minuten gewartet haben.
Wir erstatten 1.249,00 EUR bis 30.11.2026.
Bitte schreiben Sie uns eine Nachricht.
Nous sommes désolés, réponse avant 18 h 30.
Nous remboursons 49,90 € avant le 30/11/2026.
Lo sentimos, son 1.200 clientes.
ご迷惑をおかけして申し訳ありません。
２０２６年１１月２２日 ０３：０７ に始まりました。
نعتذر، بدأ في ٢٠٢٦-١١-٢٢.
We are sorry, @kim. More at 5.
Thank you for 10 years.
Take 2 of the 500 mg tablets, not 3.
The bridge carries 40 t, the new one 60 t.
Gate 7 closed at 06:55, gate 8 at 07:10.
It happened 3 times: 02:10, 02:40 and 03:05.
Chapter 12, verse 3.
We replaced 1,250 of 1,300 meters.
The meter shows 012345.
Reference: 0301234567.
Order 0301234567 is on its way.
Order number 0301234567 left at 14:05.
Thanks, that helps: 12 of 14 reports name batch 7.
Posted 3 min ago, read 1,204 times, shared 96 times.
"""
SENTENCES = tuple(line for line in ORDINARY.strip().splitlines() if line)
