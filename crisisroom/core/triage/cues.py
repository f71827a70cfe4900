"""What people say to a company when they complain, ask or praise: words, phrases and signs.

Weights are steps of log-odds, above zero for a complaint. They are written by hand; what the
lexicon says of the same word counts less beside them. Nought takes a word out: people who ask a
company for "help" or say "please" are not pleased, whatever the words mean elsewhere.
"""

from __future__ import annotations

_ENGLISH = """
3.0 worst; unacceptable; ridiculous; disgusting; pathetic; appalling; atrocious; horrendous; scam
3.0 shambles; scammed; ripped off; rip off; disgrace; disgraceful; incompetent; incompetence
3.0 thanks for nothing; thank you for nothing; never again; hung up; hangs up; charged twice
3.0 shame on; double charged; rubbish service; terrible service; bad service; poor service
3.0 inexcusable; outrageous; deplorable; thieves; ripping off; hanging up; wake up call
2.5 double charge; double charges; double debit; duplicate charge; duplicate payment
2.5 duplicate payments; two identical charges; two charges; two debits; charged two times
2.0 came off; comes off; fell off; falls off; pops off; take down that; take down this; take it down
3.0 charged me twice; billed twice; billed me twice; paid twice; charged double; charged again
2.5 useless; no response; no reply; no answer; still waiting; still no; still not; been waiting
2.5 horrible; terrible; awful; rude; rudest; stranded; on hold; lied; liars; overcharged; furious
2.5 sucks; suck; wtf; nightmare; unhelpful; disappointed; disappointing; disappointment
2.5 unprofessional; fail; fails; epic fail; not acceptable; not good enough; not ok; not okay
2.5 what a joke; a joke; not happy; not impressed; no apology; no explanation; no help
2.5 not working; doesn't work; stopped working; won't work; does not work; out of order
2.5 no longer works; fed up; sick of; tired of; had enough; lost my; lost our; broke my; ruined
2.5 out of service; worse; crap; lame; do better; get your act; get it together; bullshit
2.5 terrible experience; bad experience; bricked; poisoning; swindle; disservice; clueless; unreal
2.5 garbage; trash; mistreated; app down; site down; website down; internet down; service down
2.5 system down; phone lines down; has been down; been down; keeps crashing; keeps dropping
2.5 keeps failing; won't load; won't open; can't log in; cannot log in; can't login
2.5 can't check in; can't get through; can't reach; nobody answers; nobody picks up
2.5 no one answers; no one picks; nobody cares; no one cares; nobody knows; no one knows
2.5 doesn't care; does not care; don't care; no care; didn't care; how dare you; wrong order
2.5 wrong size; wrong item; wrong address; food poisoning; cold fries
2.0 nobody; no one; cancelled; canceled; cancelling; cancellation; cancellations; delayed; stuck
2.0 broken; broke; frustrated; frustrating; frustration; annoyed; annoying; angry; upset; unhappy
2.0 refuses; refused; refuse; misled; misleading; damaged; smashed; faulty; defective; crashed
2.0 crashes; crashing; stolen; stole; ignored; ignoring; filthy; dirty; mouldy; unsafe; dangerous
2.0 unreliable; shit; damn; mess; chaos; embarrassing; unbelievable; shocking; hate; boycott; poor
2.0 poorly; complaint; complain; complaining; compensation; compensate; disconnected; outage; ugh
2.0 unresolved; wasted; waste; waste of; failed; failing; failure; can't believe; cannot believe
2.0 what is going on; what's going on; are you kidding; kidding me; how is it possible; hell
2.0 how hard; how can you; where is my; where's my; still down; is down; are down; went down
2.0 down again; is dead; are dead; too long; so long; at least; no luck; no sign; no idea
2.0 any idea when; once again; yet again; every time; each time; over and over; for nothing
2.0 third time; second time; gave up; give up; giving up; lost luggage; lost bag; lost bags
2.0 sort it; sort this; sort yourselves; answer your; answer the; pick up the phone; insane
2.0 lack of; left us; left me; let down; letting down; bumped; overbooked; oversold; sue; lawyer
2.0 smh; losing; delaying; wasting; breaking; ghosting; stranding; avoid; screwed; screw; idiots
2.0 stupid; absurd; laughable; dishonest; greedy; hasn't arrived; has not arrived; never arrived
2.0 never received; not received; haven't received; didn't show; did not show; no show; no signal
2.0 no heating; no water; no power; nothing works
1.5 delay; delays; lost; missed; missing; refund; refunds; refunded; reimburse; reimbursed
1.5 reimbursement; wrong; incorrect; error; errors; denied; late; waiting; waited; excuses; excuse
1.5 why; fraud; problems; problem; issues; issue; trouble; unable; impossible; slow; slower; bad
1.5 worried; sad; sadly; apparently; supposed to; was told; were told; told me; told us; promised
1.5 seriously; really disappointed; hold; leaking; leaked; cracked; burned; burnt; cold food; dead
1.5 sick; blame; threatened; fined; accused; banned; threw; locked out; cut off; turned away
1.5 stale; expired; rotten; disappeared; vanished; emptied; declined; timed out; times out
1.5 doubled; rip; unfair; ashamed; inconvenience; inconvenient; inconvenienced; confused
1.5 confusing; forced; nothing; never; rebook; rebooked; rebooking; misplaced; mishandled
1.5 stuck on; stuck in; rerouted; hours late; hour late; minutes late; hour delay; sitting on
1.5 sat on; sitting here; sitting in; customer service; customer care; supervisor; tarmac; runway
1.5 mechanical; compensated; bankrupt; switching to; switched to; leaving you; last time
1.5 not flying; not buying; won't be; bye; don't buy; don't fly; not even; didn't even; don't even
1.5 doesn't even; can't even; instead of; gone wrong; going wrong; acting up; messed up; mixed up
1.5 screwed up; messing; ate my; eaten; smoke; smoking; caught fire; on fire; swelled; swollen
1.5 melted; melting; exploded; injured; hurt; choking; bleeding; allergic; hospital; hair in
1.5 overheating; overheats; spoiled; ruins; ruining; closed my; terminated; suspended; blocked
1.5 hacked; phishing; breached; leak; breach; unauthorised; unauthorized; debited; deducted
1.5 withdrawn; ripoff; hidden fees; hidden fee; price gouging
1.0 again; waits; wait; hours; hour; hrs; charged; charging me; charge me; told; call back
1.0 hold time; response; respond; responding; responded; reply; replied; answering; explain
1.0 explanation; manager; fix; fixing; fixes; resolve; apology; apologize; apologise; sorry
1.0 sucked; luggage; baggage; dropped; drops; dropping; disconnects; freezes; frozen; freezing
1.0 glitch; glitches; bug; bugs; buggy; spins; queue; queues; long line; lines; hardly; barely
1.0 anymore; cannot; couldn't; can't; won't; wouldn't; didn't; doesn't; isn't; wasn't; weren't
1.0 hasn't; haven't; aren't; couldnt; cant; wont; didnt; ain't; isnt; wasnt; hasnt; havent; doesnt
1.0 dont; wouldnt; since yesterday; since last; since monday; since tuesday; since wednesday
1.0 since thursday; since friday; since saturday; since sunday; for days; for weeks; for months
1.0 for hours; days ago; weeks ago; months ago; all day; all night; overnight; hours ago
1.0 hours now; how long; how come; when will; how many times; what happened; what's the point; lie
1.0 lies; warn; warned; warning; forgot; forgotten; forgets; stop; stopped; transferred; rang
1.0 ringing; complaints; escalate; escalated; legal; warranty; crying; toddler; screaming; dripped
1.0 bins; threatening; stealing; money back; want my; give me my; my money; robbery; pay for
1.0 paying for; paid for; paid; took my; took a; taken from; collector; not amused; not funny
1.0 yeah right; way to go; good luck; gotta love; nice try; so much for; who does that; not cool
1.0 last flight; connection; connecting; diverted; grounded; crew shortage; maintenance; standby
1.0 outdated; expensive; overpriced; overcrowded; packed; sardines; crowded; cramped
1.0 uncomfortable; no; none; without; due to; unless; neither; nor; anything; anyone; anybody
1.0 somebody; human; noise; noisy; smell; smells; smelly; stinks; leaks; scratches; scratched
1.0 dent; bent; torn; ripped
0.6 still; not; don't; calls; called; calling; phone; agents; agent; rep; reps; staff; website
0.6 site; system; systems; bag; bags; minutes; mins; min; days; weeks; months; claim; claims
0.6 voucher; bill; billed; billing; fee; fees; policy; policies; attendant; attendants; employees
0.6 employee; line; desk; gate; supposedly; because; after; then; been; now; yesterday; even; only
0.6 keep; keeps; kept; tried; trying; try; attempt; attempts; another; ever; least; least you
0.6 already; until; before; nothing but; explained; different; email; emails; mails; voicemail
0.6 hang; sitting; sat; standing; plane; pilot; seats; seat; flights; flight; landed; boarded
0.6 boarding; ground; airport; order; ordered; parcel; package; delivery; delivered; driver
0.6 shipped; shipping; courier; technician; engineer; router; broadband; server; servers; crew
0.6 login; password; ticket; update; loyal; customer; customers; service; money; cost; costs; lol
0.6 should; your; was; had; me; us; tell; says; said; guys; yet; forever; half; wife; husband
0.6 mother; kids; elderly; wheelchair; disabled; pregnant; baby; almost; nearly; although; though
0.6 despite; unlike; competitor; worth; actually; literally; clearly
0.3 my; our; they; them; her; their; have; has; were; to; at; out; off; up; an; over; just; back
0.3 and; that; when; someone; people; day; night; morning; home; got; get; getting; did; being; on
0.3 need; needed; needs; change; changed; down; account; card; app; reservation; bot; chat; robot
0 help; helping; please; want; wants; like; care; credit; hope; hoping; wish; sure; yes; free
0 better; well; interest; interested; secure; security; trust; safe; friend; friends; agree; true
0 share; special; reward; rewards; gift; play; party; top; air; right; real; able; important
0 number; first; class; plan; bank; book; wedding; honeymoon; holiday; vacation; birthday; trip
0 travel; premium; platinum; gold; silver; elite; support; hand
-0.5 info; information; question; link; tomorrow; tonight; weekend; next; soon; heading; available
-0.5 june; july; summer; winter; christmas; offer; student; discount; add; code; via; video; photo
-0.5 art; plans; planning; open; opening; new; details; confirm; confirmed; confirmation; love to
-0.5 welcome; hi; hello; hey; morning all; window; route; routes; destination; destinations; join
-0.5 team; story
-1.0 sent; dm; dm'd; follow; following; followed; ok; okay; dm me; sent you; got it; will do; done
-1.0 announces; announced; reports; launches; launched; unveils; says it; ceo; shares; stock
-1.0 quarter; chief executive; deal; partnership; interview; study; industry; market; wins; award
-1.0 analyst; would like; i'd like; i would like; looking to; wondering if; was wondering; curious
-1.0 recommend; which; does; allowed; is it possible; possible to; are you; will you; what's the
-1.0 what is the; can i; can you; could i; could you; would you; do i; do you; is there; are there
-1.0 is it; can we; may i; does the; how do; how can; how much; how many; what time; where do
-1.0 where can; when does; when do; when is; any chance; any plans; anyone know; who do i
-1.0 what are; where is; should i; do we; any updates on; wanna; let me know; tips; info on
-1.0 information about; interested in; haha; hahaha; picking up; on my way; my way to; off to
-1.0 about to; headed; excited; see you; coming soon; lmao
-1.5 good; nice; cool; fun; fine; easy; quick; quickly; fast; smooth; smoothly; glad; enjoy
-1.5 enjoying; enjoyed; cute; sweet; yay; wow; beautiful; delicious; cheers; helpful; helped
-1.5 saved; sorted; solved; no problem; no problems; no worries; no issues; no complaints
-1.5 no trouble; not bad; happy; friendly; kind; pleasant; comfortable; professional
-1.5 looking forward; look forward; hot; works well; just works; like new; congrats
-1.5 congratulations; proud; favorite; favourite; win; winning; pretty
-2.0 great; love; loved; loving; best; thanks; thx; ty; thankyou; thnx; perfect; perfectly
-2.0 impressed; grateful; pleased; pleasantly; appreciate; appreciated; appreciation; lovely
-2.0 brilliant; superb; terrific; outstanding; stellar; incredible; incredibly; genius; hero
-2.0 heroes; bravo; blessed; can't wait; cannot wait; cant wait; never disappoint
-2.0 never disappoints; couldn't be happier; never fails; never failed; well done; good job
-2.0 great job; nice job; good work; great work; wonderful; friendliest; upgraded; upgrade me
-2.0 delighted; fabulous; gem; woohoo; woo; hooray; recommended
-2.5 thank; thank you; awesome; amazing; excellent; fantastic; kudos; shout out; shoutout
-2.5 thanks so; props; rocks; you rock; guys rock; made my; hats off; keep up; keep it up
-2.5 so much better; love you; thanks again; thank you so; thanks to; thanks for; thank you for
-2.5 thanks a; many thanks; big thanks; can't thank; cannot thank; above and beyond
-2.5 great customer service; good customer service; great service; good service; excellent service
-2.5 awesome service; amazing service; best customer; excellent customer service
-2.5 awesome customer service; amazing customer service; love your; love the
"""

_MARKS = """
1.5 😡 🤬 😤 😠 👎 😞 😒 💔 :( =( ;( :'( :[ :| </3 😩 😫 🤮 🤢 🤦 💩 🖕
1.0 😢 😭 🙄 😑 😐 😕 🙁 😣 😖 😟 😳 :/ =/ ⚠ 🚨 🤷
-1.5 ❤ 😍 👏 👍 😊 🎉 💕 💙 💜 💚 😘 😁 😃 😄 🥰 🤩 👌 🙌 💪 ✨ 🌟 <3 :) =) ;)
-1.5 :-) :D =D :] ☺ 😀 🏆 💖 😎
-1.0 ✈ 🌞 ☀ 🌴 📷 🍷 🎂 😂 😉 🤣 😜 :P :p 🙏
"""


def table(lines: str, by: str | None) -> dict[str, float]:
    """Read lines of a weight and the things it is for, which `by` parts (None: white space)."""
    found: dict[str, float] = {}
    for line in lines.strip().splitlines():
        weight, _, things = line.partition(" ")
        found.update((thing.strip(), float(weight)) for thing in things.split(by) if thing.strip())
    return found


ALL = table(_ENGLISH, ";")
WORDS = {cue: weight for cue, weight in ALL.items() if " " not in cue}
PHRASES = {tuple(cue.split()): weight for cue, weight in ALL.items() if " " in cue}
MARKS = table(_MARKS, None)
