"""What people say to a company when they complain, ask or praise: words, phrases and signs.

Weights are steps of log-odds, above zero for a complaint; they are written by hand, and they stand
for whatever the lexicon says of the same word. Nought takes a word out: people who ask a company
for "help" or say "please" are not pleased, whatever the words mean elsewhere.
"""

from __future__ import annotations

_ENGLISH = """
3.0 worst; unacceptable; ridiculous; disgusting; pathetic; appalling; atrocious; horrendous; scam
3.0 shambles; scammed; ripped off; rip off; disgrace; disgraceful; incompetent; incompetence
3.0 thanks for nothing; thank you for nothing; never again; hung up; hangs up; charged twice
3.0 shame on; double charged; rubbish service; terrible service; bad service; poor service
3.0 inexcusable; outrageous; deplorable; thieves; ripping off; hanging up; wake up call
2.5 useless; no response; no reply; no answer; still waiting; still no; still not; been waiting
2.5 horrible; terrible; awful; rude; rudest; stranded; on hold; lied; liars; overcharged; furious
2.5 sucks; suck; wtf; nightmare; unhelpful; disappointed; disappointing; disappointment; unprofessional
2.5 fail; fails; epic fail; not acceptable; not good enough; not ok; not okay; what a joke; a joke
2.5 not happy; not impressed; no apology; no explanation; no help; not working; doesn't work
2.5 stopped working; won't work; does not work; out of order; no longer works; fed up; sick of
2.5 tired of; had enough; lost my; lost our; broke my; ruined; out of service; worse; crap; lame
2.5 do better; get your act; get it together; bullshit; terrible experience; bad experience
2.5 bricked; poisoning; swindle; disservice; clueless; unreal; garbage; trash; mistreated
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
2.0 smh; losing; delaying; ruining; wasting; breaking; ghosting; stranding; avoid; screwed; screw; idiots; stupid; absurd; laughable; dishonest; greedy
2.0 hasn't arrived; has not arrived; never arrived; never received; not received; haven't received
2.0 didn't show; did not show; no show; no signal; no heating; no water; no power; nothing works
1.5 delay; delays; lost; missed; missing; refund; refunds; refunded; reimburse; reimbursed
1.5 reimbursement; wrong; incorrect; error; errors; denied; late; waiting; waited; excuses; excuse
1.5 why; fraud; problems; problem; issues; issue; trouble; unable; impossible; slow; slower; bad
1.5 worried; sad; sadly; apparently; supposed to; was told; were told; told me; told us; promised
1.5 seriously; really disappointed; hold; leaking; leaked; cracked; burned; burnt; cold food; dead
1.5 sick; blame; threatened; fined; accused; banned; threw; locked out; cut off; turned away; stale
1.5 expired; rotten; disappeared; vanished; emptied; declined; timed out; times out; doubled; rip
1.5 unfair; ashamed; inconvenience; inconvenient; inconvenienced; confused; confusing; forced
1.5 nothing; never; rebook; rebooked; rebooking; misplaced; mishandled; stuck on; stuck in; rerouted
1.5 hours late; hour late; minutes late; hour delay; sitting on; sat on; sitting here; sitting in
1.5 customer service; customer care; supervisor; tarmac; runway; mechanical; compensated; bankrupt
1.5 switching to; switched to; leaving you; last time; not flying; not buying; won't be; bye
1.5 don't buy; don't fly; not even; didn't even; don't even; doesn't even; can't even; instead of
1.5 gone wrong; going wrong; acting up; messed up; mixed up; screwed up; messing; ate my; eaten
1.5 smoke; smoking; caught fire; on fire; swelled; swollen; melted; melting; exploded; injured; hurt
1.5 choking; bleeding; allergic; hospital; hair in; overheating; overheats; spoiled; ruins; ruining
1.5 closed my; terminated; suspended; blocked; hacked; phishing; breached; leak; breach; unauthorised
1.5 unauthorized; debited; deducted; withdrawn; ripoff; hidden fees; hidden fee; price gouging
1.0 again; waits; wait; hours; hour; hrs; charged; charging me; charge me; told; call back; hold time
1.0 response; respond; responding; responded; reply; replied; answering; explain; explanation; manager
1.0 fix; fixing; fixes; resolve; apology; apologize; apologise; sorry; sucked; luggage; baggage; dropped
1.0 drops; dropping; disconnects; freezes; frozen; freezing; glitch; glitches; bug; bugs; buggy; spins
1.0 queue; queues; long line; lines; hardly; barely; anymore; cannot; couldn't; can't; won't; wouldn't
1.0 didn't; doesn't; isn't; wasn't; weren't; hasn't; haven't; aren't; couldnt; cant; wont; didnt; ain't
1.0 isnt; wasnt; hasnt; havent; doesnt; dont; wouldnt; since yesterday; since last; since monday
1.0 since tuesday; since wednesday; since thursday; since friday; since saturday; since sunday; for days
1.0 for weeks; for months; for hours; days ago; weeks ago; months ago; all day; all night; overnight
1.0 hours ago; hours now; how long; how come; when will; how many times; what happened; what's the point
1.0 really?; though; lie; lies; warn; warned; warning; forgot; forgotten; forgets; stop; stopped
1.0 transferred; rang; ringing; complaints; escalate; escalated; legal; warranty; crying; toddler
1.0 screaming; dripped; bins; threatening; stealing; money back; want my; give me my; my money; robbery
1.0 pay for; paying for; paid for; paid; took my; took a; taken from; collector; not amused; not funny
1.0 yeah right; way to go; good luck; gotta love; nice try; so much for; who does that; not cool
1.0 last flight; connection; connecting; diverted; grounded; crew shortage; maintenance; standby
1.0 outdated; expensive; overpriced; overcrowded; packed; sardines; crowded; cramped; uncomfortable
1.0 no; none; without; due to; unless; neither; nor; anything; anyone; anybody; somebody; human
1.0 noise; noisy; smell; smells; smelly; stinks; leaks; scratches; scratched; dent; bent; torn; ripped
0.6 still; not; don't; calls; called; calling; phone; agents; agent; rep; reps; staff; website; site
0.6 system; systems; bag; bags; minutes; mins; min; days; weeks; months; claim; claims; voucher; bill
0.6 billed; billing; fee; fees; policy; policies; attendant; attendants; employees; employee; line
0.6 desk; gate; supposedly; because; after; then; been; now; yesterday; even; only; keep; keeps; kept
0.6 tried; trying; try; attempt; attempts; another; ever; least; least you; already; until; before
0.6 nothing but; explained; different; email; emails; mails; voicemail; hang; sitting; sat; standing
0.6 plane; pilot; seats; seat; flights; flight; landed; boarded; boarding; ground; airport
0.6 order; ordered; parcel; package; delivery; delivered; driver; shipped; shipping; courier; technician
0.6 engineer; router; broadband; server; servers; crew; login; password; ticket; update; loyal; customer
0.6 customers; service; money; cost; costs; lol; should; your; was; had; me; us; tell; says; said; guys
0.6 yet; forever; half; wife; husband; mother; kids; elderly; wheelchair; disabled; pregnant; baby
0.6 almost; nearly; although; though; despite; unlike; competitor; worth; actually; literally; clearly
0.3 my; our; they; them; her; their; have; has; were; to; at; out; off; up; an; over; just; back
0.3 and; that; when; someone; people; day; night; morning; home; got; get; getting; did; being; on
0.3 need; needed; needs; change; changed; down; account; card; app; reservation; bot; chat; robot
0 help; helping; please; want; wants; like; care; credit; hope; hoping; wish; sure; yes; free; better
0 well; interest; interested; secure; security; trust; safe; friend; friends; agree; true; share
0 special; reward; rewards; gift; united; delta; virgin; southwest; american; apple; play; party; top
0 air; right; real; able; important; number; first; class; plan; bank; book; wedding; honeymoon
0 holiday; vacation; birthday; trip; travel; premium; platinum; gold; silver; elite; support; hand
-0.5 info; information; question; link; tomorrow; tonight; weekend; next; soon; heading; available
-0.5 june; july; summer; winter; christmas; offer; student; discount; add; code; via; video; photo; art
-0.5 plans; planning; open; opening; new; details; confirm; confirmed; confirmation; love to; welcome
-0.5 hi; hello; hey; morning all; window; route; routes; destination; destinations; join; team; story
-1.0 sent; dm; dm'd; follow; following; followed; ok; okay; dm me; sent you; got it; will do; done
-1.0 announces; announced; reports; launches; launched; unveils; says it; ceo; shares; stock; quarter
-1.0 chief executive; deal; partnership; interview; study; industry; market; wins; award; analyst
-1.0 would like; i'd like; i would like; looking to; wondering if; was wondering; curious; recommend
-1.0 which; does; allowed; is it possible; possible to; are you; will you; what's the; what is the
-1.0 can i; can you; could i; could you; would you; do i; do you; is there; are there; is it; can we
-1.0 may i; does the; how do; how can; how much; how many; what time; where do; where can; when does
-1.0 when do; when is; any chance; any plans; anyone know; who do i; what are; where is; should i; do we
-1.0 any updates on; wanna; let me know; tips; info on; information about; interested in; haha; hahaha
-1.0 picking up; on my way; my way to; off to; about to; headed; excited; see you; coming soon; lmao
-1.5 good; nice; cool; fun; fine; easy; quick; quickly; fast; smooth; smoothly; glad; enjoy; enjoying
-1.5 enjoyed; cute; sweet; yay; wow; beautiful; delicious; cheers; helpful; helped; saved; sorted
-1.5 solved; no problem; no problems; no worries; no issues; no complaints; no trouble; not bad; happy
-1.5 friendly; kind; pleasant; comfortable; professional; looking forward; look forward; hot; works well
-1.5 just works; like new; congrats; congratulations; proud; favorite; favourite; win; winning; pretty
-2.0 great; love; loved; loving; best; thanks; thx; ty; thankyou; thnx; perfect; perfectly; impressed
-2.0 grateful; pleased; pleasantly; appreciate; appreciated; appreciation; lovely; brilliant; superb
-2.0 terrific; outstanding; stellar; incredible; incredibly; genius; hero; heroes; bravo; blessed
-2.0 can't wait; cannot wait; cant wait; never disappoint; never disappoints; couldn't be happier
-2.0 never fails; never failed; well done; good job; great job; nice job; good work; great work; wonderful
-2.0 friendliest; upgraded; upgrade me; delighted; fabulous; gem; woohoo; woo; hooray; recommended
-2.5 thank; thank you; awesome; amazing; excellent; fantastic; kudos; shout out; shoutout; thanks so
-2.5 props; rocks; you rock; guys rock; made my; hats off; keep up; keep it up; so much better; love you
-2.5 thanks again; thank you so; thanks to; thanks for; thank you for; thanks a; many thanks; big thanks
-2.5 can't thank; cannot thank; above and beyond; great customer service; good customer service
-2.5 great service; good service; excellent service; awesome service; amazing service; best customer
-2.5 excellent customer service; awesome customer service; amazing customer service; love your; love the
"""

_MARKS = """
1.5 😡 🤬 😤 😠 👎 😞 😒 💔 :( =( ;( :'( :[ :| </3 😩 😫 🤮 🤢 🤦 💩 🖕
1.0 😢 😭 🙄 😑 😐 😕 🙁 😣 😖 😟 😳 :/ =/ ⚠ 🚨 🤷
-1.5 ❤ 😍 👏 👍 😊 🎉 💕 💙 💜 💚 😘 😁 😃 😄 🥰 🤩 👌 🙌 💪 ✨ 🌟 <3 :) =) ;) :-) :D =D :] ☺ 😀 🏆 💖 😎
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
STARTS = frozenset(phrase[0] for phrase in PHRASES)
MARKS = table(_MARKS, None)
