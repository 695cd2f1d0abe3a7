-- What outsiders make grow: counted here, or found by age so that it can be purged.

-- How much of a limit is used up (GCRA): the moment at which nothing of it is. In the database, so that a restart gives
-- nobody a fresh start.
CREATE TABLE rate_limit (
    subject TEXT PRIMARY KEY,
    at_rest BIGINT NOT NULL
);

CREATE INDEX rate_limit_by_rest ON rate_limit (at_rest);

-- Whether an attempt was turned away since the last failure: the first one is recorded, those after it are not.
ALTER TABLE login_failure ADD COLUMN turned_away BIGINT NOT NULL DEFAULT 0;

-- Unknown devices are counted per network from here on.
DELETE FROM login_failure WHERE source = 'unknown';

CREATE INDEX login_failure_by_time ON login_failure (last_at);

-- A browser that was not used for as long as its cookie lasts is forgotten.
ALTER TABLE known_device ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
UPDATE known_device SET last_used_at = created_at;

CREATE INDEX known_device_by_member ON known_device (member_id, last_used_at);
CREATE INDEX session_by_last_use ON session (last_seen_at);
CREATE INDEX invitation_by_end ON invitation (expires_at);

-- The addresses of those who were removed, and of invitations that were used: nothing needs them any more.
UPDATE member SET email = '' WHERE removed_at IS NOT NULL;
UPDATE invitation SET email = '', email_folded = '' WHERE used_at IS NOT NULL;
