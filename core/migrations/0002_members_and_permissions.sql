-- What a role permits. That of the admins permits everything.
CREATE TABLE role_permission (
    role_id TEXT NOT NULL REFERENCES role (id),
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

INSERT INTO role (id, account_id, name) VALUES ('developer', NULL, 'Developer'), ('auditor', NULL, 'Auditor');

INSERT INTO role_permission (role_id, permission) VALUES
    ('admin', 'api_credentials_management'),
    ('admin', 'member_management'),
    ('admin', 'audit_log'),
    ('developer', 'api_credentials_management'),
    ('auditor', 'audit_log');

CREATE INDEX role_by_account ON role (account_id);

-- Who was removed stays as a row, because keys and grants name who made them. Such a member is disabled, has no
-- password, and gives the address back: email_folded then holds the id.
ALTER TABLE member ADD COLUMN removed_at BIGINT;

-- For the search. Folded by the program from now on; this is as near as SQL comes.
ALTER TABLE member ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE member SET name_folded = LOWER(name);

CREATE INDEX member_by_name ON member (account_id, name_folded, id);
CREATE INDEX member_by_role ON member (role_id);

-- A withdrawn invitation is no row any more. One of an inviter who may no longer invite does not count.
CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    invited_by TEXT NOT NULL REFERENCES member (id),
    used_at BIGINT
);

CREATE INDEX invitation_by_account ON invitation (account_id, created_at);

-- A link that lets a member choose a new password, once. made_by is NULL where the operator made it.
CREATE TABLE password_link (
    member_id TEXT PRIMARY KEY REFERENCES member (id),
    token_hash TEXT NOT NULL UNIQUE,
    made_by TEXT REFERENCES member (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- An e-mail address that somebody wants, until they have shown that they read what is sent there.
CREATE TABLE email_change (
    member_id TEXT PRIMARY KEY REFERENCES member (id),
    email TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

-- To find who has seen a generation of a key.
CREATE INDEX audit_event_by_target ON audit_event (chain, target);
