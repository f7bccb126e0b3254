-- The limit that POST /v1/sms is held against: one call for one message, with the checks and the writes of sms_send.

CREATE TABLE IF NOT EXISTS bench_senders (
    n integer PRIMARY KEY, account_id bigint NOT NULL, number_id bigint NOT NULL, e164 text NOT NULL);

-- Each client takes a hundred ids at once, so that the sequence is no bottleneck.
CREATE SEQUENCE IF NOT EXISTS bench_ids CACHE 100;

CREATE OR REPLACE FUNCTION bench_send_one(
    p_sender integer, p_recipient text, p_body text, p_key bigint, p_response text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    sender      bench_senders;
    account     accounts;
    number      numbers;
    new_key     text := md5(p_key::text);
    new_print   bytea := sha256(p_key::text::bytea);
    new_sms_id  bigint := nextval('bench_ids');
    price       bigint := 12000;
BEGIN
    SELECT * INTO sender FROM bench_senders WHERE n = p_sender;
    SELECT * INTO account FROM accounts WHERE id = sender.account_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM idempotency_keys
        WHERE account_id = account.id AND key = new_key AND created_at > now() - interval '24 hours') THEN
        RAISE 'the key was used';
    END IF;
    SELECT * INTO number FROM numbers WHERE account_id = account.id AND id = sender.number_id;
    IF number.status <> 'active' OR number.off_now THEN
        RAISE 'the number is not active';
    END IF;
    IF EXISTS (SELECT FROM opt_outs
        WHERE account_id = account.id AND number_id = number.id AND peer = '+' || p_recipient) THEN
        RAISE 'the recipient opted out';
    END IF;
    IF account.balance_micro < price THEN
        RAISE 'the balance is too low';
    END IF;

    INSERT INTO idempotency_keys
        (account_id, key, fingerprint, status, response, request_id, created_at, subject_id)
    VALUES (account.id, new_key, new_print, 201, p_response::bytea, 'req_0123456789abcdef', now(), new_sms_id);
    INSERT INTO sms (account_id, id, number_id, direction, sender, recipient, body, encoding, segments, status,
        price_micro, cost_micro, request_id, created_at, expires_at)
    VALUES (account.id, new_sms_id, number.id, 'outbound', sender.e164, '+' || p_recipient, p_body, 'gsm7', 1,
        'queued', price, price, 'req_0123456789abcdef', now(), now() + interval '1 day');
    INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)
    VALUES (account.id, nextval('bench_ids'), 'hold', 'sms', price, new_sms_id, now());
    INSERT INTO tasks (account_id, id, queue, kind, subject_id, run_at)
    VALUES (account.id, nextval('bench_ids'), 'sms.simulated', 'sms.submit', new_sms_id, now());
    UPDATE accounts SET balance_micro = balance_micro - price, held_micro = held_micro + price WHERE id = account.id;
    RETURN 'ok';
END $$;
