-- Who has claimed a task, and whether he lives: what a dead worker had claimed is given back before its lease ends.
ALTER TABLE tasks ADD COLUMN claimed_by bigint;       -- a worker; NULL: of one who does not beat, the lease alone holds
CREATE TABLE workers (
    id    bigint PRIMARY KEY,
    beats bigint NOT NULL                             -- counted up every second for as long as it lives
);
