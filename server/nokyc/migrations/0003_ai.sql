-- What numbers' AI is set to do, what the agent learned from callers, and live translation.

CREATE TABLE ai_configs (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    settings   jsonb NOT NULL,                   -- block to field to value; only what somebody set
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number_id)
);

-- Pairs of languages that some speech process can translate now; `*` is any source.
CREATE TABLE translation_pairs (
    source  text NOT NULL,
    target  text NOT NULL,
    seen_at timestamptz NOT NULL,                -- wall clock
    PRIMARY KEY (source, target)
);

ALTER TABLE voicemails ADD COLUMN ai jsonb;      -- what the agent learned from the caller

-- What was said in a call that was translated live, in order.
CREATE TABLE call_captions (
    account_id  bigint NOT NULL,
    call_id     bigint NOT NULL,
    n           integer NOT NULL,
    at          timestamptz NOT NULL,            -- account time
    leg         text NOT NULL,
    language    text NOT NULL,
    said        text NOT NULL,
    translation text,                            -- null: there was no way to translate it
    target      text,
    PRIMARY KEY (account_id, call_id, n)
);
