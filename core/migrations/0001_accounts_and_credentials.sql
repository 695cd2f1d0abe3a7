-- Runs on SQLite and on PostgreSQL: TEXT and BIGINT only, times in Unix microseconds, ids UUIDv7 text.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- Counted up first in every transaction that writes for the account: the portable row lock.
    version BIGINT NOT NULL,
    limit_per_second BIGINT NOT NULL,
    limit_per_minute BIGINT NOT NULL
);

CREATE TABLE role (
    id TEXT PRIMARY KEY,
    -- NULL for the roles that are built in.
    account_id TEXT REFERENCES account (id),
    name TEXT NOT NULL
);

INSERT INTO role (id, account_id, name) VALUES ('admin', NULL, 'Admin');

CREATE TABLE member (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    role_id TEXT REFERENCES role (id),
    created_at BIGINT NOT NULL
);

CREATE INDEX member_by_account ON member (account_id);

CREATE TABLE permission_grant (
    member_id TEXT NOT NULL REFERENCES member (id),
    permission TEXT NOT NULL,
    granted_by TEXT NOT NULL REFERENCES member (id),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (member_id, permission)
);

-- A reset adds a row; a row is never overwritten, only retired.
CREATE TABLE credential (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('api_key', 'bundle_key')),
    generation BIGINT NOT NULL,
    verifier TEXT NOT NULL UNIQUE,
    sealed TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL REFERENCES member (id),
    retired_at BIGINT,
    UNIQUE (account_id, kind, generation)
);

CREATE UNIQUE INDEX credential_current ON credential (account_id, kind) WHERE retired_at IS NULL;

-- Keys wrapped under the master key. The owner is an account's id, or 'installation'.
CREATE TABLE wrapped_key (
    purpose TEXT NOT NULL CHECK (purpose IN ('data', 'pepper', 'audit')),
    owner TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, owner)
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES member (id),
    token_hash TEXT NOT NULL UNIQUE,
    previous_token_hash TEXT UNIQUE,
    previous_valid_until BIGINT,
    csrf_secret TEXT NOT NULL,
    device_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    absolute_end BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX session_by_member ON session (member_id);

-- Browsers that have signed a member in before. They have a count of failures of their own.
CREATE TABLE known_device (
    token_hash TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES member (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, member_id)
);

-- The subject is a member's id or, for an e-mail that nobody has, its keyed hash; the source a known device's
-- hash, or 'unknown' for all other devices together.
CREATE TABLE login_failure (
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject, source)
);

-- One chain an account, and one for the events of no account. The seal of the head shows when the last rows of
-- a chain are missing.
CREATE TABLE audit_chain (
    id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    last_mac TEXT NOT NULL,
    head_seal TEXT NOT NULL
);

CREATE TABLE audit_event (
    chain TEXT NOT NULL REFERENCES audit_chain (id),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT NOT NULL,
    previous_mac TEXT NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (chain, sequence)
);
