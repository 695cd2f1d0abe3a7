-- One row: the name of the installation, which its mark beside the master key repeats, and how often the server has started on the
-- database. A database that knows fewer starts than the mark is an older copy.
CREATE TABLE installation (
    id TEXT PRIMARY KEY,
    starts BIGINT NOT NULL,
    started_at BIGINT NOT NULL
);

-- 1 where the operator made a key by a reset on the command line, in which case the member in created_by did not.
ALTER TABLE credential ADD COLUMN made_by_operator BIGINT NOT NULL DEFAULT 0;
