-- An event beside each of an account's messages, told to its first webhook endpoint. $1 is the account.
WITH told AS (
    INSERT INTO events (account_id, id, type, data, api_version, request_id, subject_id, number_id, created_at)
    SELECT account_id, id + 4, 'sms.delivered', '{"id":"sms_000000000000","object":"sms","status":"delivered"}',
        '2026-04-01', request_id, id, number_id, created_at
    FROM sms WHERE account_id = $1
    RETURNING account_id, id, created_at
)
INSERT INTO deliveries (account_id, id, endpoint_id, event_id, status, attempts, created_at)
SELECT t.account_id, t.id + 1, w.id, t.id, 'succeeded', 1, t.created_at
FROM told t JOIN webhook_endpoints w ON w.account_id = t.account_id;
