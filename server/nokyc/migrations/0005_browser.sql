-- Short-lived credentials of browsers, beside those of the number's phones.
CREATE TABLE browser_sessions (
    account_id bigint NOT NULL,
    id         bigint NOT NULL,
    number_id  bigint NOT NULL,
    ha1        bytea NOT NULL,                   -- as in sip_credentials
    created_at timestamptz NOT NULL,             -- wall clock, like the one below
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX browser_sessions_by_id ON browser_sessions (id);
CREATE INDEX browser_sessions_of_number ON browser_sessions (account_id, number_id, id);
CREATE INDEX browser_sessions_old ON browser_sessions (expires_at);
