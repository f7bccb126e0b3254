-- Calls, their recordings, voicemails, and the devices that ring and dial.

-- A long call is held for again and again, but posted once and voided once.
DROP INDEX ledger_once;
CREATE UNIQUE INDEX ledger_once ON ledger_entries (account_id, subject_id, move) WHERE category = 'sms';
CREATE UNIQUE INDEX ledger_call_once ON ledger_entries (account_id, subject_id, move)
    WHERE category = 'call' AND move <> 'hold';
-- This is how a call's timeline finds its money.
CREATE INDEX ledger_of_call ON ledger_entries (account_id, subject_id) WHERE category = 'call';

CREATE TABLE calls (
    account_id   bigint NOT NULL,
    id           bigint NOT NULL,
    number_id    bigint NOT NULL,
    direction    text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    caller       text,                           -- null: withheld
    callee       text NOT NULL,
    status       text NOT NULL
        CHECK (status IN ('queued', 'ringing', 'in_progress', 'completed', 'failed', 'no_answer', 'busy')),
    end_reason   text,
    hangup_cause smallint,                       -- ITU-T Q.850
    sip_status   smallint,
    callerid     text,                           -- what is shown of an outbound call: a number, or 'hidden'
    connect      jsonb,                          -- what an outbound call is joined with
    recording_enabled boolean NOT NULL,
    answered_by  text,
    carrier      text,                           -- that carries it, once that is known
    worker       text,                           -- the process that has the dialog
    price_micro  bigint NOT NULL,                -- of a minute, all legs together
    held_micro   bigint NOT NULL DEFAULT 0,      -- set aside so far
    allowed_sec  integer NOT NULL,               -- of talking that are paid for
    cost_micro   bigint,
    duration_sec integer NOT NULL DEFAULT 0,
    quality      jsonb,                          -- by leg
    metadata     json,
    request_id   text NOT NULL,
    started_at   timestamptz NOT NULL,           -- account time, like the three below
    rang_at      timestamptz,
    answered_at  timestamptz,
    ended_at     timestamptz,
    seen_at      timestamptz NOT NULL,           -- wall clock: the last sign of life
    peer_account_id bigint,                      -- simulated: the other side, if that is a number of ours too
    peer_id      bigint,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX calls_of_number ON calls (account_id, number_id, id);
CREATE INDEX calls_open ON calls (seen_at) WHERE status IN ('queued', 'ringing', 'in_progress');

-- The SIP messages of a call, without addresses and bodies.
CREATE TABLE call_ladders (
    account_id bigint NOT NULL,
    call_id    bigint NOT NULL,
    steps      jsonb NOT NULL,                   -- [{"at", "leg", "sent", "message"}], wall clock
    PRIMARY KEY (account_id, call_id)
);

-- Audio that got bad while a call went on: once per call and kind.
CREATE TABLE call_alerts (
    account_id bigint NOT NULL,
    call_id    bigint NOT NULL,
    kind       text NOT NULL,
    quality    jsonb NOT NULL,
    at         timestamptz NOT NULL,             -- account time
    PRIMARY KEY (account_id, call_id, kind)
);

CREATE TABLE recordings (
    account_id  bigint NOT NULL,
    id          bigint NOT NULL,                 -- the call's
    file        text NOT NULL,                   -- its key among the files
    duration_ms bigint NOT NULL,
    created_at  timestamptz NOT NULL,            -- account time, like the one below
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX recordings_old ON recordings (expires_at);

CREATE TABLE voicemails (
    account_id   bigint NOT NULL,
    id           bigint NOT NULL,
    number_id    bigint NOT NULL,
    call_id      bigint NOT NULL,
    caller       text,
    file         text,                           -- null: deleted
    duration_sec integer NOT NULL,
    transcript   jsonb,
    announced    boolean NOT NULL DEFAULT false, -- the event was emitted
    request_id   text NOT NULL,
    received_at  timestamptz NOT NULL,           -- account time, like the one below
    deleted_at   timestamptz,                    -- the row stays, so that lists can be continued from it
    PRIMARY KEY (account_id, id)
);
CREATE INDEX voicemails_of_number ON voicemails (account_id, number_id, id);
CREATE UNIQUE INDEX voicemails_of_call ON voicemails (account_id, call_id);

CREATE TABLE greetings (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    text       text,
    voice      text,
    audio      bytea,                            -- 8 kHz mono s16le
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number_id)
);

-- How a number's softphones and SIP phones prove themselves.
CREATE TABLE sip_credentials (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    username   text NOT NULL UNIQUE,
    ha1        bytea NOT NULL,                   -- sealed JSON: digest algorithm to H(username:realm:password)
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number_id)
);

CREATE TABLE registrations (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    contact    text NOT NULL,
    user_agent text NOT NULL,
    transport  text NOT NULL,
    expires_at timestamptz NOT NULL,             -- wall clock
    PRIMARY KEY (account_id, number_id, contact)
);
