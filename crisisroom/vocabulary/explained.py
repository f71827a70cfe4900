"""The parts of the page that no schema says: how values are written, and how things work."""

from __future__ import annotations

BEFORE = """\
# How to write a playbook

<!-- Made from the schema: CRISISROOM_UPDATE_PLAYBOOK_HELP=1 pytest tests/vocabulary writes it. -->

A playbook is one text file that says what to do in one kind of crisis, who does it, by when, and
in which words. A person writes it in calm weather; the room works it at night.

```sh
crisisroom playbook new                               # asks, and writes a first one
crisisroom check playbooks/mine.yaml                  # every problem at once, with line and column
crisisroom playbook preview mine --at +25m --set harm=yes   # how the room would look then
crisisroom drill mine --headless --speed 600          # a rehearsal, with a report
crisisroom playbook approve mine                      # its words, as they read now
```

An editor that knows YAML completes and explains the keys when the file begins with this line and
`playbook.schema.json` lies beside it (`crisisroom playbook schema` prints it):

```yaml
# yaml-language-server: $schema=playbook.schema.json
```

## How values are written

- A key, a colon, a space, the value. What belongs to something is indented under it with two
  spaces, never tabs. A list is lines that start with `- `, or `[one, two]` on one line.
- **Words that go out** stand in `"double quotes"`, or behind `|` on lines of their own. They go
  out exactly as they stand there. Other text needs quotes when it has `: ` or ` #` in it, or
  begins with a sign. When in doubt, quote.
- Nothing is guessed: `no`, `0123`, `12:30` and `+49 30 1234` stay what you wrote.
- `#` begins a comment. Empty values are not written: leave the line out.
- **id**: small letters, digits, `-` and `_`; it begins with a letter or a digit.
- **yes or no**: `yes`, `no`, `true` or `false`.
- **duration**: `90s`, `5m`, `1h30m`, `2d`, or ISO 8601 like `PT15M`. Always with its unit.
- **term**, for law and the review: a duration like `72h`, or `4bd` for business days, Monday to
  Friday, ending at the same time of day.
- **day**: `2026-10-01`. **time zone**: `Europe/Berlin`. **language**: `en`, `pt-BR`.
- **line**: one line, at most 200 characters. **text**: notes for us. **words**: what goes out.
- `include: [shared/contacts.yaml]` takes roles, contacts, escalations and approvals from a file
  that holds only those. `crisisroom import contacts` writes one from CSV or vCards.

## Times and anchors

A task is due `within` its time, counted `after` its anchor, or `at` a moment:

| Anchor | Counts from |
|---|---|
| `declared` | the declaration; the anchor of a task without `when` |
| `appears` | the moment the task appears; the anchor of a task with `when` |
| `severity` | the last change of the severity |
| `fact.ID` | the moment the fact was first known |
| `task.ID` | the moment that task was done or skipped |
| `phase.ID` | the moment that phase began: the required tasks of the phases before it are closed |
| `statement.ID` | the moment the first such statement went out |

As long as the anchor has not come, nothing is due. `at: "17:30"` is the first such time after the
task came onto the list, in the incident's time zone; `at: "2026-10-21 17:30"` is that day.
A clock is green, turns yellow `warn` before it is due, and red at its second. It goes on across
restarts, and says once, on the timeline, that something is late.

## Conditions

`when` and `done_when` are small trees. One key a node:

| Condition | Holds when |
|---|---|
| `{set: fact.cause}` | the fact is known |
| `{set: task.roles}`, `{set: role.lead}` | the task is closed; somebody holds the role |
| `{set: statement.holding}` | such a statement is out |
| `{is: {fact.harm: "yes"}}` | the fact has this value; capitals do not matter |
| `{is: {fact.harm: ["yes", "unclear"]}}` | it has one of these |
| `{is: {severity: sev1}}` | this severity is in force |
| `{at_least: {fact.sold: 1000}}`, `{at_most: …}` | the number is that, or more (less) |
| `{all: [ … ]}` | all of these hold; several subjects under one key also mean all |
| `{any: [ … ]}` | one of these holds |
| `{not: { … }}` | it does not hold |

There are three values: yes, no, and **not known yet**. A task that hangs on an unknown fact is
never hidden: it waits, and says for what. When the fact is known it appears, with a line on the
timeline and its own due time, or is set aside as not needed.

## Words and their blanks

`{{fact.ID}}` is filled from the fact sheet, `{{next_update}}` with when we speak again, `{{time}}`
with the time now, `{{source_of_truth}}` with the page, `{{me}}` and `{{brand}}` with who writes;
`{{handle}}`, in replies only, with who is answered. Nothing goes out while a blank is open. In key
messages, answers, greeting and sign-off only facts with `may_fill: yes` may stand: these words are
approved once, and the facts vary in them.

## Approvals

An approval is of exactly one text: whoever changes a letter starts again. Nobody approves their
own words unless `self_approval: yes`. `by` with `rule: any` asks one holder of these roles, `all`
asks each of them; `steps` ask one after the other, each with its own `when`. A step that nobody
decides `within` its time turns red, and its `fallback` may decide too. `preapproved` statements go
out as they stand, filled from facts only: that is the holding statement at three in the morning.
`break_glass` roles may release words alone, with a reason that stays on the record.

## Cadences and deadlines

A **cadence** is a habit of ours: it reminds, can be put off with a reason, and slows down. It
counts from the last word that went out, from news (`after_news`), and from what that word promised;
it rests while its `when` does not hold, and after a resolution until a fact changes.
A **deadline** is the law: it starts with its fact, cannot be put off, and ends only as met or as
waived with a reason. The paragraphs in the shipped playbooks are examples: confirm them with
counsel.

## The first message

The United States' Centers for Disease Control name six parts of a first message (Crisis and
Emergency Risk Communication). `must_say` asks a statement for them, and the room asks again where
it finds nothing like them:

| Part | What it says |
|---|---|
| `empathy` | we feel with those whom it hit |
| `known` | what we know: who, what, when, where |
| `unknown` | what we do not know yet, without a guess |
| `doing` | what we do to find out and to help |
| `next_update` | when we speak again; needs `{{next_update}}` |
| `where` | where people find all we know; needs a link or `{{source_of_truth}}` |

## Every key
"""

AFTER = """\
## Before it is needed

Read every sentence aloud. Ring every number. Run `crisisroom check`, play the drill, and have the
words approved in the room. Then write the day into `reviewed`."""
