-- Calls beside an account's messages, one for two of them, each charged; one in ten left a voicemail.
-- $1 is the account, $2 its number, $3 that in E.164.
WITH made AS (
    INSERT INTO calls (account_id, id, number_id, direction, caller, callee, status, end_reason, hangup_cause,
        sip_status, recording_enabled, answered_by, carrier, price_micro, allowed_sec, cost_micro, duration_sec,
        request_id, started_at, answered_at, ended_at, seen_at)
    SELECT account_id, id + 2, $2, w.direction, CASE w.direction WHEN 'inbound' THEN recipient ELSE $3 END,
        CASE w.direction WHEN 'inbound' THEN $3 ELSE recipient END, w.status,
        CASE w.status WHEN 'completed' THEN 'callee_hangup' ELSE w.status END, 16, 200, false,
        CASE w.status WHEN 'completed' THEN 'party' END, 'acme', 20000, 600, 20000, 42,
        request_id, created_at, CASE w.status WHEN 'completed' THEN created_at END, created_at, created_at
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM sms WHERE account_id = $1) s, LATERAL (
        SELECT CASE WHEN n % 3 = 0 THEN 'inbound' ELSE 'outbound' END AS direction,
            CASE n % 1000 WHEN 8 THEN 'busy' WHEN 10 THEN 'no_answer' ELSE 'completed' END AS status
    ) w
    WHERE n % 2 = 0
    RETURNING account_id, id, number_id, caller, request_id, started_at
), charged AS (
    INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)
    SELECT account_id, id + 1, 'post', 'call', 20000, id, started_at FROM made
)
INSERT INTO voicemails (account_id, id, number_id, call_id, caller, file, duration_sec, transcript, announced,
    request_id, received_at)
SELECT account_id, id + 2, number_id, id, caller, 'none', 12,
    '{"text": "Please call me back.", "language": "en", "translation_en": null, "summary": null, "sentiment": null}',
    true, request_id, started_at
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM made) m WHERE n % 10 = 0;
