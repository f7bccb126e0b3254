-- Messages of the days before, spread evenly over the senders; the newest of them have an idempotency key each
-- (keys live for a day, messages for years).
CREATE OR REPLACE FUNCTION bench_fill(p_messages bigint, p_keys bigint, p_first_id bigint, p_body text, p_response text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    spacing   bigint := 1 << 16;
    senders   bigint := (SELECT count(*) FROM bench_senders);
    yesterday timestamptz := now() - interval '23 hours';
BEGIN
    INSERT INTO sms (account_id, id, number_id, direction, sender, recipient, body, encoding, segments, status,
        price_micro, cost_micro, request_id, created_at, expires_at)
    SELECT b.account_id, p_first_id + i * spacing, b.number_id, 'outbound', b.e164,
        '+3361' || lpad((i * 7919 % 10000000)::text, 7, '0'), p_body, 'gsm7', 1, 'delivered', 12000, 12000,
        'req_' || lpad(to_hex(i), 16, '0'), yesterday, yesterday
    FROM generate_series(1, p_messages) i JOIN bench_senders b ON b.n = i % senders;

    INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)
    SELECT b.account_id, p_first_id + i * spacing + 1, 'hold', 'sms', 12000, p_first_id + i * spacing, yesterday
    FROM generate_series(1, p_messages) i JOIN bench_senders b ON b.n = i % senders;

    INSERT INTO idempotency_keys
        (account_id, key, fingerprint, status, response, request_id, created_at, subject_id)
    SELECT b.account_id, md5(i::text), sha256(i::text::bytea), 201, p_response::bytea,
        'req_' || lpad(to_hex(i), 16, '0'), yesterday, p_first_id + i * spacing
    FROM generate_series(p_messages - p_keys + 1, p_messages) i JOIN bench_senders b ON b.n = i % senders;
END $$;
