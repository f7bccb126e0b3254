-- The panel: how people sign in, what was done there, and the requests that developers look up.

-- Whoever signs in with a password: an account, or the operator (account_id 0).
CREATE TABLE panel_logins (
    account_id bigint PRIMARY KEY,
    name       text UNIQUE,                      -- lower case; instead of the account's id, if they want one
    password   text,                             -- argon2id, encoded
    totp       bytea,                            -- sealed secret of the second factor (RFC 6238)
    totp_step  bigint NOT NULL DEFAULT 0,        -- the last one used: a code works once
    changed_at timestamptz NOT NULL
);

ALTER TABLE panel_sessions
    ADD COLUMN id bigint NOT NULL DEFAULT 0,
    ADD COLUMN operator boolean NOT NULL DEFAULT false,   -- then account_id is the account looked at, or 0
    ADD COLUMN device text NOT NULL DEFAULT '',           -- browser and system, as far as they say
    ADD COLUMN method text NOT NULL DEFAULT 'link',
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX panel_sessions_account ON panel_sessions (account_id, id);

-- What people did in the panel, in the transaction in which they did it.
CREATE TABLE audit_log (
    account_id bigint NOT NULL,                  -- the live account; 0: the platform itself
    id         bigint NOT NULL,
    actor      text NOT NULL,                    -- account or operator
    action     text NOT NULL,
    subject    text NOT NULL,
    detail     text NOT NULL,
    request_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX audit_log_newest ON audit_log (id);

-- Answered requests of /v1 (http/request_log.py). Losing them in a crash costs no customer anything.
CREATE UNLOGGED TABLE request_log (
    account_id      bigint NOT NULL,
    id              bigint NOT NULL,
    request_id      text NOT NULL,
    key_id          bigint NOT NULL,
    method          text NOT NULL,
    path            text NOT NULL,
    operation       text NOT NULL,
    status          smallint NOT NULL,
    elapsed_ms      integer NOT NULL,
    idempotency_key text,
    error_code      text,
    request_body    text NOT NULL,
    response_body   text NOT NULL,
    created_at      timestamptz NOT NULL,        -- wall clock
    PRIMARY KEY (account_id, id)
);
CREATE INDEX request_log_request ON request_log (account_id, request_id);
CREATE INDEX request_log_age ON request_log (created_at);

-- The few messages that people look for between very many others.
CREATE INDEX sms_wrong ON sms (account_id, id) WHERE status IN ('failed', 'undelivered');
CREATE INDEX sms_inbound ON sms (account_id, id) WHERE direction = 'inbound';

-- The few entries between very many of messages and calls: top-ups, numbers, add-ons.
CREATE INDEX ledger_rare ON ledger_entries (account_id, id) WHERE category IN ('topup', 'number', 'addon');
