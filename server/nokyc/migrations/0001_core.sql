-- Accounts, money, numbers, SMS, events, webhooks, carriers and the work between them.
-- Tables that grow with traffic have primary keys that begin with account_id, so that they can be distributed by it.

CREATE TABLE installation (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key_fingerprint bytea,                       -- of the secret key, so that a wrong key is noticed at start
    created_at      timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;

CREATE SEQUENCE nodes MINVALUE 0 MAXVALUE 1023 CYCLE;   -- numbers the processes that make ids

-- Bumped in the transaction that changes what processes keep in memory (keys, routes, clocks).
CREATE TABLE revision (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), n bigint NOT NULL);
INSERT INTO revision (n) VALUES (1);

-- A sandbox (test mode) is an account of its own: same owner, own ledger, own clock. So one account_id scopes a
-- query in both senses, and a live key cannot see a test object.
CREATE TABLE accounts (
    id                bigint PRIMARY KEY,
    live_id           bigint NOT NULL REFERENCES accounts (id),
    livemode          boolean NOT NULL CHECK (livemode = (id = live_id)),
    email_hash        text,
    default_country   text,
    api_version       text NOT NULL,
    balance_micro     bigint NOT NULL DEFAULT 0 CHECK (balance_micro >= 0),   -- free to spend
    held_micro        bigint NOT NULL DEFAULT 0 CHECK (held_micro >= 0),      -- set aside for what is under way
    low_threshold_micro bigint CHECK (low_threshold_micro >= 0),
    is_low            boolean NOT NULL DEFAULT false,
    clock_offset_sec  bigint NOT NULL DEFAULT 0 CHECK (clock_offset_sec >= 0),
    max_segments      smallint NOT NULL DEFAULT 10 CHECK (max_segments BETWEEN 1 AND 255),
    opt_out_everywhere boolean NOT NULL DEFAULT false,
    allowed_countries text[],                                                  -- null: all
    daily_cap_micro   bigint CHECK (daily_cap_micro >= 0),                     -- null: none
    destination_velocity integer CHECK (destination_velocity > 0),             -- messages an hour to one prefix; null: any
    created_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX accounts_sandbox ON accounts (live_id) WHERE NOT livemode;

CREATE TABLE api_keys (
    id                  bigint PRIMARY KEY,
    account_id          bigint NOT NULL REFERENCES accounts (id),
    secret_hash         bytea NOT NULL UNIQUE,
    last4               text NOT NULL,
    previous_hash       bytea UNIQUE,
    previous_expires_at timestamptz,             -- account time
    previous_used_at    timestamptz,
    scope               text NOT NULL CHECK (scope IN ('read', 'read_write', 'admin')),
    rate_limit          integer NOT NULL CHECK (rate_limit > 0),
    created_at          timestamptz NOT NULL,
    revoked_at          timestamptz
);
CREATE INDEX api_keys_account ON api_keys (account_id, id);

-- Grants of the shared limiter; losing them in a crash costs nothing but a fresh minute.
CREATE UNLOGGED TABLE rate_buckets (key_id bigint PRIMARY KEY, grants_ms bigint[] NOT NULL);

CREATE TABLE idempotency_keys (
    account_id  bigint NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      smallint NOT NULL,
    response    bytea NOT NULL,
    sealed      boolean NOT NULL DEFAULT false,  -- the response holds a secret and is encrypted
    request_id  text NOT NULL,
    created_at  timestamptz NOT NULL,            -- account time
    subject_id  bigint,                          -- what it made, for timelines
    PRIMARY KEY (account_id, key)
);

-- Money -----------------------------------------------------------------------------------------------------

-- Every move takes from one place and gives to another: that is the whole of double entry here.
CREATE TABLE ledger_moves (move text PRIMARY KEY, debit text NOT NULL, credit text NOT NULL);
INSERT INTO ledger_moves (move, debit, credit) VALUES
    ('credit', 'outside', 'balance'),
    ('charge', 'balance', 'revenue'),
    ('hold',   'balance', 'held'),
    ('post',   'held',    'revenue'),
    ('void',   'held',    'balance');

CREATE TABLE ledger_entries (
    account_id   bigint NOT NULL,
    id           bigint NOT NULL,
    move         text NOT NULL REFERENCES ledger_moves (move),
    category     text NOT NULL CHECK (category IN ('topup', 'number', 'sms', 'call', 'addon')),
    amount_micro bigint NOT NULL CHECK (amount_micro > 0),
    subject_id   bigint,
    created_at   timestamptz NOT NULL,           -- account time
    PRIMARY KEY (account_id, id)
);
-- A message or call is held once, posted once, voided once; and this is how a timeline finds its money.
CREATE UNIQUE INDEX ledger_once ON ledger_entries (account_id, subject_id, move) WHERE category IN ('sms', 'call');

-- Sums per day that account figures and usage read; `nokyc ledger verify` holds them against the ledger.
CREATE TABLE usage_days (
    account_id  bigint NOT NULL,
    day         date NOT NULL,
    category    text NOT NULL,
    inbound     bigint NOT NULL DEFAULT 0,
    outbound    bigint NOT NULL DEFAULT 0,
    units       bigint NOT NULL DEFAULT 0,       -- segments, minutes
    cost_micro  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, day, category)
);

-- Numbers ---------------------------------------------------------------------------------------------------

CREATE TABLE inventory (
    id           bigint PRIMARY KEY,
    e164         text NOT NULL UNIQUE,
    country      text NOT NULL,
    type         text NOT NULL CHECK (type IN ('mobile', 'landline')),
    tier         text NOT NULL CHECK (tier IN ('standard', 'premium')),
    tier_pattern text,
    carrier      text,                           -- null: routes decide
    leased_by    bigint,                         -- the live number; sandboxes take nothing from stock
    created_at   timestamptz NOT NULL
);
CREATE INDEX inventory_free ON inventory (country, id) WHERE leased_by IS NULL;

-- What a search showed: a price for half an hour, not a claim.
CREATE TABLE quotes (
    account_id      bigint NOT NULL,
    id              bigint NOT NULL,
    inventory_id    bigint NOT NULL,
    monthly_micro   bigint NOT NULL,
    quarterly_micro bigint NOT NULL,
    yearly_micro    bigint NOT NULL,
    expires_at      timestamptz NOT NULL,        -- account time
    PRIMARY KEY (account_id, id)
);

CREATE TABLE numbers (
    account_id     bigint NOT NULL,
    id             bigint NOT NULL,
    livemode       boolean NOT NULL,
    inventory_id   bigint NOT NULL,
    e164           text NOT NULL,
    country        text NOT NULL,
    type           text NOT NULL,
    tier           text NOT NULL,
    tier_pattern   text,
    carrier        text,
    status         text NOT NULL CHECK (status IN ('active', 'paused', 'released')),   -- as the customer set it
    off_now        boolean NOT NULL DEFAULT false,                                     -- inside an on/off window
    billing_period text NOT NULL CHECK (billing_period IN ('monthly', 'quarterly', 'yearly')),
    anchored_at    timestamptz NOT NULL,         -- the day of the month that renewals keep
    renews_at      timestamptz NOT NULL,         -- account time
    auto_renew     boolean NOT NULL,
    webhook_url    text,
    on_off         jsonb,
    addons         text[] NOT NULL,
    metadata       json,
    created_at     timestamptz NOT NULL,
    returned_at    timestamptz,                  -- back in inventory
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX numbers_one_owner ON numbers (e164) WHERE livemode AND returned_at IS NULL;
CREATE INDEX numbers_by_e164 ON numbers (e164) WHERE returned_at IS NULL;
CREATE UNIQUE INDEX numbers_one_in_sandbox ON numbers (account_id, e164) WHERE returned_at IS NULL;

-- SMS -------------------------------------------------------------------------------------------------------

CREATE TABLE sms (
    account_id   bigint NOT NULL,
    id           bigint NOT NULL,
    number_id    bigint NOT NULL,
    direction    text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    sender       text NOT NULL,
    recipient    text NOT NULL,
    body         text NOT NULL,
    media_urls   text[] NOT NULL DEFAULT '{}',
    encoding     text NOT NULL,
    segments     smallint NOT NULL,
    status       text NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'failed', 'undelivered')),
    failure_code text,
    price_micro  bigint NOT NULL,                -- of the whole message
    cost_micro   bigint,
    metadata     json,
    request_id   text NOT NULL,
    created_at   timestamptz NOT NULL,           -- account time, like the two below
    send_at      timestamptz,
    delivered_at timestamptz,
    expires_at   timestamptz NOT NULL,           -- wall clock: when we stop waiting
    PRIMARY KEY (account_id, id)
);
CREATE INDEX sms_of_number ON sms (account_id, number_id, id);
CREATE INDEX sms_waiting ON sms (expires_at) WHERE status IN ('queued', 'sent');

-- What a carrier was given. A row is written before the submission leaves (status submitting), so that after a
-- crash we know what may have arrived.
CREATE TABLE segments (
    account_id   bigint NOT NULL,
    sms_id       bigint NOT NULL,
    index        smallint NOT NULL,
    status       text NOT NULL CHECK (status IN ('submitting', 'queued', 'sent', 'delivered', 'undelivered', 'failed')),
    carrier      text NOT NULL,
    carrier_ref  text,
    failure_code text,
    unknowns     smallint NOT NULL DEFAULT 0,    -- submissions whose outcome never came
    raw          text NOT NULL DEFAULT '',       -- the carrier's answer, then its receipt
    receipt_raw  text,
    submitted_at timestamptz NOT NULL,           -- account time, like the two below
    receipt_at   timestamptz,
    delivered_at timestamptz,
    PRIMARY KEY (account_id, sms_id, index)
);
CREATE INDEX segments_by_ref ON segments (carrier_ref, carrier) WHERE carrier_ref IS NOT NULL;

-- What else happened to a message on its way: throttled, link down, unknown outcome, retried.
CREATE TABLE sms_notes (
    account_id bigint NOT NULL,
    sms_id     bigint NOT NULL,
    id         bigint NOT NULL,
    index      smallint NOT NULL,
    carrier    text NOT NULL,
    verdict    text NOT NULL,
    raw        text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, sms_id, id)
);

-- Media of inbound messages. Found by id: the address proves itself.
CREATE TABLE media (
    id           bigint PRIMARY KEY,
    account_id   bigint NOT NULL,
    sms_id       bigint NOT NULL,
    content_type text NOT NULL,
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL
);

-- Parts of inbound messages that are not complete yet.
CREATE TABLE fragments (
    carrier    text NOT NULL,
    sender     text NOT NULL,
    recipient  text NOT NULL,
    reference  integer NOT NULL,
    total      smallint NOT NULL,
    index      smallint NOT NULL,
    encoding   text NOT NULL,
    data       bytea NOT NULL,
    arrived_at timestamptz NOT NULL,
    joined     boolean NOT NULL DEFAULT false,   -- the message is stored; kept to know a part told twice
    PRIMARY KEY (carrier, sender, recipient, reference, total, index)
);

-- An inbound message that a carrier tells twice is stored once.
CREATE TABLE inbound_refs (
    carrier     text NOT NULL,
    carrier_ref text NOT NULL,
    sms_id      bigint NOT NULL,
    arrived_at  timestamptz NOT NULL,
    PRIMARY KEY (carrier, carrier_ref)
);

CREATE TABLE opt_outs (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    peer       text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number_id, peer)
);

-- Events and webhooks ---------------------------------------------------------------------------------------

CREATE TABLE events (
    account_id  bigint NOT NULL,
    id          bigint NOT NULL,
    type        text NOT NULL,
    data        text NOT NULL,                   -- JSON as it was, byte for byte
    api_version text NOT NULL,                   -- the shape of data
    request_id  text NOT NULL,
    subject_id  bigint NOT NULL,
    number_id   bigint,
    created_at  timestamptz NOT NULL,            -- account time
    PRIMARY KEY (account_id, id)
);
CREATE INDEX events_of_subject ON events (account_id, subject_id);

CREATE TABLE webhook_endpoints (
    account_id      bigint NOT NULL,
    id              bigint NOT NULL,
    url             text NOT NULL,
    enabled_events  text[] NOT NULL,
    description     text,
    status          text NOT NULL CHECK (status IN ('enabled', 'disabled')),
    disabled_reason text,
    api_version     text NOT NULL,
    number_id       bigint,                      -- only this number's events
    of_number       boolean NOT NULL DEFAULT false,   -- made by that number's webhook_url
    secret          bytea NOT NULL,              -- sealed
    previous        jsonb NOT NULL DEFAULT '[]', -- sealed secrets that still sign: [{"secret", "expires_at"}]
    failing_since   timestamptz,                 -- account time of the first exhausted delivery since a success
    created_at      timestamptz NOT NULL,
    deleted_at      timestamptz,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE deliveries (
    account_id      bigint NOT NULL,
    id              bigint NOT NULL,
    endpoint_id     bigint NOT NULL,
    event_id        bigint NOT NULL,
    status          text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'canceled')),
    attempts        smallint NOT NULL DEFAULT 0,
    resend          boolean NOT NULL DEFAULT false,   -- asked for by hand: one attempt, no schedule
    next_attempt_at timestamptz,                      -- account time
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX deliveries_of_event ON deliveries (account_id, event_id);
CREATE INDEX deliveries_of_endpoint ON deliveries (account_id, endpoint_id, id);

CREATE TABLE delivery_attempts (
    account_id    bigint NOT NULL,
    delivery_id   bigint NOT NULL,
    n             smallint NOT NULL,
    status_code   smallint,
    error         text,
    elapsed_ms    integer NOT NULL,
    response_body text NOT NULL DEFAULT '',
    attempted_at  timestamptz NOT NULL,               -- wall clock, as signed
    PRIMARY KEY (account_id, delivery_id, n)
);

-- Work to do outside (outbox) and reports not yet applied (inbox) ---------------------------------------------

CREATE TABLE tasks (
    account_id bigint NOT NULL,                       -- 0: nobody's (a carrier's report)
    id         bigint NOT NULL,
    queue      text NOT NULL,
    kind       text NOT NULL,
    subject_id bigint NOT NULL,
    payload    jsonb,
    attempts   integer NOT NULL DEFAULT 0,
    claimed    boolean NOT NULL DEFAULT false,
    run_at     timestamptz NOT NULL,                  -- wall clock; of a claimed task, the end of its lease
    PRIMARY KEY (account_id, id)
);
CREATE INDEX tasks_due ON tasks (queue, account_id, run_at);

CREATE TABLE dead_tasks (LIKE tasks, error text NOT NULL, died_at timestamptz NOT NULL);

-- Carriers and routes ---------------------------------------------------------------------------------------

CREATE TABLE carriers (
    name       text PRIMARY KEY,
    kind       text NOT NULL,
    config     bytea NOT NULL,                        -- sealed JSON
    created_at timestamptz NOT NULL
);

CREATE TABLE routes (
    id          bigint PRIMARY KEY,
    prefix      text NOT NULL,                        -- digits, no +; empty matches all
    carrier     text NOT NULL,
    sms         boolean NOT NULL,
    voice       boolean NOT NULL,
    price_micro bigint CHECK (price_micro >= 0),      -- null: the default
    created_at  timestamptz NOT NULL,
    UNIQUE (prefix, carrier)
);

-- Link state as each worker sees it.
CREATE UNLOGGED TABLE links (
    worker   text NOT NULL,
    carrier  text NOT NULL,
    name     text NOT NULL,
    up       boolean NOT NULL,
    detail   text NOT NULL,
    counters jsonb NOT NULL,
    seen_at  timestamptz NOT NULL,
    PRIMARY KEY (worker, carrier, name)
);

CREATE TABLE panel_links (                            -- one-time sign-in links
    token_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE TABLE panel_sessions (
    token_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
