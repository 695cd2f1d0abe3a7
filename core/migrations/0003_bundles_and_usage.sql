-- What a bundle key stands for. An account has at most one; without one, its bundle key stands for nothing.
CREATE TABLE bundle (
    -- A bundle that is filled up again gets a new id, so that what was counted for the old one cannot be counted to it.
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL UNIQUE REFERENCES account (id),
    name TEXT NOT NULL,
    -- Names of services with spaces between them; * is every service.
    services TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    expires_at BIGINT,
    -- How many requests it is good for; NULL for any number.
    quota BIGINT,
    is_trial BIGINT NOT NULL,
    used BIGINT NOT NULL
);

-- Accounts from before there were bundles go on as they were: any service, any number of requests.
INSERT INTO bundle (id, account_id, name, services, enabled, expires_at, quota, is_trial, used)
SELECT id, id, 'default', '*', 1, NULL, NULL, 0, 0 FROM account;

-- NULL for a key that was never used.
ALTER TABLE credential ADD COLUMN last_used_at BIGINT;
ALTER TABLE credential ADD COLUMN last_used_from TEXT;

-- How often the requests of an account ended how. The day counts from 1970-01-01, in UTC.
CREATE TABLE usage_day (
    account_id TEXT NOT NULL REFERENCES account (id),
    day BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, outcome)
);
