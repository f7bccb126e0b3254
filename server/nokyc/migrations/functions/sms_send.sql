-- Accepts a batch of outbound messages in one round trip and one commit; each item gets its own verdict.
--
-- Items come in parallel arrays. An item with p_hold > 0 is sent now and its price is held; a scheduled one comes
-- with p_hold = 0 and is priced when it is due. Accounts are locked first, in id order, so that batches cannot
-- deadlock, and so that balance, idempotency key and number state cannot change between the check and the act.
--
-- Verdicts: ok, replay (with the stored answer), mismatch, missing, released, paused, opted_out, velocity, spend_cap,
-- insufficient (balance_micro then says what there was). Cap and balance count the items before in the batch, even
-- those that will be refused: who asks again alone gets the exact answer.
CREATE OR REPLACE FUNCTION sms_send(
    p_wall          timestamptz,
    p_now           timestamptz[],   -- account time
    p_account_id    bigint[],
    p_sms_id        bigint[],
    p_entry_id      bigint[],
    p_task_id       bigint[],
    p_number_id     bigint[],
    p_sender        text[],
    p_recipient     text[],
    p_body          text[],
    p_encoding      text[],
    p_segments      smallint[],
    p_price         bigint[],
    p_hold          bigint[],
    p_media_urls    jsonb[],
    p_metadata      text[],
    p_request_id    text[],
    p_send_at       timestamptz[],
    p_expires_at    timestamptz[],
    p_queue         text[],
    p_run_at        timestamptz[],
    p_key           text[],          -- null: no idempotency key
    p_fingerprint   bytea[],
    p_response      bytea[]
) RETURNS TABLE (n integer, verdict text, response bytea, status smallint, request_id text, balance_micro bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts a WHERE a.id = ANY (p_account_id) ORDER BY a.id FOR NO KEY UPDATE;

    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT * FROM unnest(
            p_now, p_account_id, p_sms_id, p_entry_id, p_task_id, p_number_id, p_sender, p_recipient, p_body,
            p_encoding, p_segments, p_price, p_hold, p_media_urls, p_metadata, p_request_id, p_send_at, p_expires_at,
            p_queue, p_run_at, p_key, p_fingerprint, p_response
        ) WITH ORDINALITY AS t (
            now, account_id, sms_id, entry_id, task_id, number_id, sender, recipient, body,
            encoding, segments, price, hold, media_urls, metadata, request_id, send_at, expires_at,
            queue, run_at, key, fingerprint, response, n)
    ), judged AS MATERIALIZED (
        SELECT i.*, k.response AS stored, k.status AS stored_status, k.request_id AS stored_request_id,
            a.balance_micro AS free, a.low_threshold_micro, a.is_low,
            CASE
                WHEN k.fingerprint <> i.fingerprint THEN 'mismatch'
                WHEN k.key IS NOT NULL THEN 'replay'
                WHEN m.id IS NULL THEN 'missing'
                WHEN m.status = 'released' THEN 'released'
                WHEN m.status = 'paused' OR m.off_now THEN 'paused'
                WHEN o.peer IS NOT NULL THEN 'opted_out'
                WHEN a.destination_velocity IS NOT NULL AND a.destination_velocity < (
                    -- ids are in time order, and account time never runs slower than theirs
                    SELECT count(*) FROM sms s WHERE s.account_id = i.account_id
                        AND s.id > i.sms_id - (3600000::bigint << 21) AND s.created_at > i.now - interval '1 hour'
                        AND s.direction = 'outbound' AND left(s.recipient, 7) = left(i.recipient, 7)
                ) + (SELECT count(*) FROM item x WHERE x.account_id = i.account_id AND x.n <= i.n
                        AND left(x.recipient, 7) = left(i.recipient, 7)) THEN 'velocity'
            END AS refusal,
            CASE WHEN a.daily_cap_micro IS NOT NULL AND i.hold > 0 THEN a.daily_cap_micro - a.held_micro - coalesce((
                SELECT sum(u.cost_micro) FROM usage_days u
                WHERE u.account_id = i.account_id AND u.day = (i.now AT TIME ZONE 'UTC')::date), 0)
            END AS room
        FROM item i
        JOIN accounts a ON a.id = i.account_id
        LEFT JOIN idempotency_keys k
            ON k.account_id = i.account_id AND k.key = i.key AND k.created_at > i.now - interval '24 hours'
        LEFT JOIN numbers m ON m.account_id = i.account_id AND m.id = i.number_id
        LEFT JOIN opt_outs o
            ON o.account_id = i.account_id AND o.number_id = i.number_id AND o.peer = i.recipient
    ), decided AS MATERIALIZED (
        SELECT j.*, coalesce(j.refusal, CASE
            WHEN j.hold > 0 AND j.room < sum(j.hold) FILTER (WHERE j.refusal IS NULL) OVER earlier THEN 'spend_cap'
            WHEN j.hold > 0 AND j.free < sum(j.hold) FILTER (WHERE j.refusal IS NULL) OVER earlier THEN 'insufficient'
            ELSE 'ok' END) AS outcome
        FROM judged j WINDOW earlier AS (PARTITION BY j.account_id ORDER BY j.n)
    ), spent AS MATERIALIZED (
        SELECT d.account_id, sum(d.hold)::bigint AS hold, min(d.free) AS free, min(d.low_threshold_micro) AS threshold,
            bool_or(d.is_low) AS was_low, max(d.now) AS now, min(d.task_id) AS first_task_id
        FROM decided d WHERE d.outcome = 'ok' AND d.hold > 0 GROUP BY d.account_id
    ), remembered AS (
        INSERT INTO idempotency_keys AS k
            (account_id, key, fingerprint, status, response, request_id, created_at, subject_id)
        SELECT d.account_id, d.key, d.fingerprint, 201, d.response, d.request_id, d.now, d.sms_id
        FROM decided d WHERE d.outcome = 'ok' AND d.key IS NOT NULL
        ON CONFLICT (account_id, key) DO UPDATE SET
            fingerprint = excluded.fingerprint, status = 201, response = excluded.response, sealed = false,
            request_id = excluded.request_id, created_at = excluded.created_at, subject_id = excluded.subject_id
    ), messages AS (
        INSERT INTO sms (account_id, id, number_id, direction, sender, recipient, body, media_urls, encoding, segments,
            status, price_micro, cost_micro, metadata, request_id, created_at, send_at, expires_at)
        SELECT d.account_id, d.sms_id, d.number_id, 'outbound', d.sender, d.recipient, d.body,
            CASE WHEN d.media_urls IS NULL THEN '{}'
                 ELSE ARRAY(SELECT jsonb_array_elements_text(d.media_urls -> 'urls')) END,
            d.encoding, d.segments, 'queued', d.price, CASE WHEN d.send_at IS NULL THEN d.hold END,
            d.metadata::json, d.request_id, d.now, d.send_at, d.expires_at
        FROM decided d WHERE d.outcome = 'ok'
    ), entries AS (
        INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)
        SELECT d.account_id, d.entry_id, 'hold', 'sms', d.hold, d.sms_id, d.now
        FROM decided d WHERE d.outcome = 'ok' AND d.hold > 0
    ), outbox AS (
        INSERT INTO tasks (account_id, id, queue, kind, subject_id, run_at)
        SELECT d.account_id, d.task_id, d.queue, CASE WHEN d.send_at IS NULL THEN 'sms.submit' ELSE 'sms.due' END,
            d.sms_id, d.run_at
        FROM decided d WHERE d.outcome = 'ok'
    ), warned AS (
        INSERT INTO tasks (account_id, id, queue, kind, subject_id, run_at)
        SELECT s.account_id, -s.first_task_id, 'schedule', 'account.warn_low', s.account_id, p_wall
        FROM spent s WHERE NOT s.was_low AND s.threshold IS NOT NULL AND s.free - s.hold < s.threshold
    ), charged AS (
        UPDATE accounts a SET
            balance_micro = a.balance_micro - s.hold,
            held_micro = a.held_micro + s.hold,
            is_low = a.is_low OR (s.threshold IS NOT NULL AND s.free - s.hold < s.threshold)
        FROM spent s WHERE a.id = s.account_id
    )
    SELECT d.n::integer, d.outcome, d.stored, d.stored_status, d.stored_request_id, d.free FROM decided d;
END $$;
