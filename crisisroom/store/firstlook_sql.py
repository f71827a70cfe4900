"""What a first look asks: one statement a part; moments are seconds since 1970."""

from __future__ import annotations

SHOWN = 80  # entries of a timeline, the newest: more than a screen shows

TEAM = """
SELECT t.value ->> 'id' AS id, coalesce(t.value ->> 'access', '') AS access,
  coalesce(t.value ->> 'roles', '[]') AS roles, coalesce(t.value ->> 'keys', '[]') AS keys
FROM room, json_each(room.value, '$.team') AS t WHERE room.key = 'config'
"""
SOURCES = """
SELECT s.value ->> 'id' AS id, coalesce(s.value ->> 'every', 60) AS every, r.fails,
  r.id IS NULL AS unknown, unixepoch(r.last_ok_at) AS last_ok_at
FROM room CROSS JOIN json_each(room.value, '$.sources') AS s
LEFT JOIN source AS r ON r.id = s.value ->> 'id'
WHERE room.key = 'config' ORDER BY s.key
"""
WARNINGS = """
SELECT id, unixepoch(coalesce(body ->> 'escalated_at', body ->> 'at')) AS at,
  body ->> 'reason' AS reason
FROM candidate WHERE state = 'open' ORDER BY id LIMIT 200
"""
PEOPLE = """
SELECT actor, doing, CASE WHEN incident IN (SELECT 'INC-' || number FROM chain
  WHERE id IN (SELECT chain FROM restriction)) THEN '' ELSE mention END AS mention
FROM presence WHERE ? - unixepoch(coalesce(nullif(beat, ''), since)) <= ? ORDER BY since, session
"""
OURS = "FROM mention AS m INDEXED BY mention_ours WHERE m.others = 0 AND m.copy_of = 0"
POSTS = f"""
SELECT m.id, m.source, m.handle, m.name, m.reach, m.text, m.kind, m.state, m.assignee, m.priority,
  m.verdict, m.copies, m.revision, unixepoch(m.posted_at) AS posted_at,
  m.reply_to != '' OR EXISTS (SELECT 1 FROM mention AS a INDEXED BY mention_by_reply
    WHERE a.source = m.source AND a.reply_to = m.external_id AND a.reply_to != '') AS answers,
  (SELECT c.number FROM chain AS c WHERE c.id = m.incident
    AND c.id NOT IN (SELECT chain FROM restriction)) AS linked
{OURS}
"""
OPEN = """
SELECT c.id AS chain, c.number FROM projection AS p JOIN chain AS c ON c.id = p.chain
WHERE p.kind = 'incident' AND p.body ->> 'status' = 'open'
"""
INCIDENT = """
SELECT c.id AS chain, c.number, c.seq, c.head, b ->> 'title' AS title, b ->> 'zone' AS zone,
  b ->> 'severity' AS severity, b ->> 'status' AS status, b ->> 'drill' AS drill,
  b ->> '$.playbook.id' AS playbook, b ->> '$.playbook.version' AS version,
  unixepoch(b ->> 'declared_at') AS declared_at, unixepoch(b ->> 'resumed_at') AS resumed_at,
  b ->> 'hold' IS NOT NULL AS hold, b ->> 'offers' != '{}' AS offers, b ->> 'owed' != '{}' AS owed,
  b ->> 'promised' != '{}' AS promised, b ->> 'cadences_since' != '{}' OR b ->> 'snoozes' != '{}'
  AS put_off, json_array_length(b, '$.severities') > 1 AS other_pace
FROM (SELECT chain, body AS b FROM projection WHERE kind = 'incident' AND chain = ?) AS p
JOIN chain AS c ON c.id = p.chain
"""
TASKS = """
SELECT ph.key AS place, ph.value ->> 'title' AS called, t.value ->> 'within' AS within,
  p.id, p.body ->> 'title' AS title, p.body ->> 'role' AS role, p.body ->> 'assignee' AS assignee,
  p.body ->> 'state' AS state, p.body ->> 'warn' AS warn, p.body ->> 'evidence' AS evidence,
  p.body ->> 'repeat' AS repeat, p.body ->> 'times' AS times, p.body ->> 'given' AS given,
  p.body ->> 'waiting_for' AS waiting_for, p.body ->> 'closed_by' AS closed_by,
  unixepoch(p.body ->> 'due_at') AS due_at, unixepoch(p.body ->> 'closed_at') AS closed_at
FROM projection AS plan CROSS JOIN json_each(plan.body, '$.phases') AS ph
CROSS JOIN json_each(ph.value, '$.tasks') AS t
CROSS JOIN projection AS p ON p.chain = plan.chain AND p.kind = 'task' AND p.id = t.value ->> 'id'
WHERE plan.chain = ? AND plan.kind = 'plan' ORDER BY ph.key, t.key
"""
ROLES = """
SELECT id, body ->> 'title' AS title, body ->> 'holder' AS holder, body ->> 'within' AS within,
  unixepoch(body ->> 'empty_since') AS empty_since
FROM projection WHERE chain = ? AND kind = 'role'
"""
WORDS = """
SELECT id, kind = 'statement' AS public, body ->> 'state' AS state,
  body ->> 'audience' AS audience, body ->> 'approval' AS approval,
  body ->> 'suspended' != '[]' AS suspended, body ->> 'verdicts' != '[]' AS judged,
  body ->> 'sent_at' IS NOT NULL AS sent, unixepoch(body ->> 'submitted_at') AS submitted_at,
  unixepoch(body ->> 'step_since') AS step_since
FROM projection WHERE chain = ? AND kind IN ('statement', 'reply')
"""
CADENCES = """
SELECT c.value ->> 'id' AS id, c.value ->> 'audience' AS audience, c.value ->> 'warn' AS warn,
  c.value ->> 'first_within' AS first_within, c.value ->> '$.when' IS NOT NULL AS conditional
FROM projection AS plan, json_each(plan.body, '$.cadences') AS c
WHERE plan.chain = ? AND plan.kind = 'plan'
"""
APPROVALS = """
SELECT a.value ->> 'id' AS id, a.value ->> 'within' AS within, a.value ->> '$.by[0]' AS asks,
  a.value ->> 'steps' != '[]' OR json_array_length(a.value, '$.by') != 1 AS several
FROM projection AS plan, json_each(plan.body, '$.approvals') AS a
WHERE plan.chain = ? AND plan.kind = 'plan'
"""
DUTIES = """
SELECT kind, id, body ->> 'title' AS title, body ->> 'role' AS role, body ->> 'state' AS state,
  body ->> 'warn' AS warn, body ->> 'waiting_for' AS waiting_for, body ->> 'owner' AS owner,
  body ->> 'outlet' AS outlet, body ->> 'question' AS question,
  unixepoch(body ->> 'due_at') AS due_at,
  unixepoch(coalesce(body ->> 'started_at', body ->> 'asked_at')) AS begun_at
FROM projection WHERE chain = ?1 AND kind = 'deadline'
  AND body ->> 'state' IN ('waiting', 'running')
UNION ALL
SELECT kind, id, body ->> 'title', '', '', 0, '', '', '', '', NULL, NULL
FROM projection WHERE chain = ?1 AND kind = 'escalation'
  AND (body ->> 'next_at' IS NOT NULL OR (body ->> 'exhausted' AND body ->> 'acknowledged_by' = ''))
UNION ALL
SELECT kind, id, '', '', body ->> 'state', 0, '', body ->> 'owner', body ->> 'outlet',
  body ->> 'question', unixepoch(body ->> 'due_at'), unixepoch(body ->> 'asked_at')
FROM projection WHERE chain = ?1 AND kind = 'enquiry' AND body ->> 'state' = 'open'
"""
ENTRIES = f"""
SELECT e.seq, e.kind, e.actor, unixepoch(e.at) AS at, s.words,
  unixepoch(e.recorded_at) - unixepoch(e.at) >= 60 AS late,
  coalesce(i.body ->> ('$.marked."' || e.seq || '"'), e.data ->> 'visibility', 'internal')
    AS readers,
  EXISTS (SELECT 1 FROM json_each(i.body, '$.pinned') AS pin WHERE pin.value = e.seq) AS pinned,
  i.body ->> ('$.corrected."' || e.seq || '".words') AS corrected,
  unixepoch(i.body ->> ('$.corrected."' || e.seq || '".at')) AS corrected_at,
  i.body ->> ('$.corrected."' || e.seq || '"') IS NOT NULL AS righted
FROM entry AS e JOIN projection AS i ON i.chain = e.chain AND i.kind = 'incident'
LEFT JOIN sealed AS s ON s.chain = e.chain AND s.seq = e.seq AND s.path = 'text'
WHERE e.chain = ? ORDER BY e.seq DESC LIMIT {SHOWN}
"""
