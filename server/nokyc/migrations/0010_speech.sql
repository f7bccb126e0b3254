-- Speech engines behind endpoints, voices of customers' own, and messages that wait for an engine.

CREATE TABLE speech_endpoints (
    name       text PRIMARY KEY,
    config     bytea NOT NULL,                   -- sealed JSON: the address, the key, the models
    created_at timestamptz NOT NULL
);

CREATE TABLE voices (
    account_id bigint NOT NULL,
    id         bigint NOT NULL,
    endpoint   text NOT NULL,
    voice      text NOT NULL,                    -- the endpoint's name for it
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);

ALTER TABLE voicemails ADD COLUMN unheard boolean NOT NULL DEFAULT false;  -- no engine was there that could hear it
CREATE INDEX voicemails_unheard ON voicemails (id) WHERE unheard;
