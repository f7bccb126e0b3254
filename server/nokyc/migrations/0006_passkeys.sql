-- Passkeys (WebAuthn) with which people sign in to the panel, and the challenges that are under way.
CREATE TABLE passkeys (
    account_id bigint NOT NULL,                  -- as in panel_logins: 0 is the operator
    id         bigint NOT NULL,
    credential bytea NOT NULL UNIQUE,            -- the authenticator's own id of it
    public_key bytea NOT NULL,                   -- COSE
    uses       bigint NOT NULL,                  -- the authenticator's count; 0 for ever if it has none
    name       text NOT NULL,
    created_at timestamptz NOT NULL,             -- wall clock, like the one below
    used_at    timestamptz,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE panel_challenges (
    holder     bytea NOT NULL,                   -- SHA-256 of the token of the session, or of whoever signs in
    purpose    text NOT NULL,                    -- register or sign_in
    challenge  bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (holder, purpose)
);
CREATE INDEX panel_challenges_old ON panel_challenges (expires_at);
