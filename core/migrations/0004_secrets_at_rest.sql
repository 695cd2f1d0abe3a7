-- A stolen or changed database gives less: what verification and sign-in believe of a row carries a MAC or is hashed under a
-- key that the master key wraps. The program fills the new columns in when it opens the database (see `core/src/keys.rs`).

-- Without the list of purposes, which the program checks: SQLite cannot change a constraint.
CREATE TABLE wrapped_key_any_purpose (
    purpose TEXT NOT NULL,
    owner TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, owner)
);
INSERT INTO wrapped_key_any_purpose (purpose, owner, wrapped, created_at)
SELECT purpose, owner, wrapped, created_at FROM wrapped_key;
DROP TABLE wrapped_key;
ALTER TABLE wrapped_key_any_purpose RENAME TO wrapped_key;

-- Over verifier, account, kind, generation and whether it was retired.
ALTER TABLE credential ADD COLUMN mac TEXT NOT NULL DEFAULT '';

-- Over the token's hash and whose it is.
ALTER TABLE session ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN previous_mac TEXT;
ALTER TABLE invitation ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE password_link ADD COLUMN mac TEXT NOT NULL DEFAULT '';
ALTER TABLE email_change ADD COLUMN mac TEXT NOT NULL DEFAULT '';

-- An account has more than one chain where one was found broken: that one is closed, and the next one goes on.
ALTER TABLE audit_chain ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_chain ADD COLUMN number BIGINT NOT NULL DEFAULT 1;
UPDATE audit_chain SET owner = id;
CREATE UNIQUE INDEX audit_chain_by_owner ON audit_chain (owner, number);
