-- How a timeline finds the key that made a message or call. Subjects come in ascending order, so new rows go to the
-- index's last page.
CREATE INDEX idempotency_keys_of_subject ON idempotency_keys (subject_id) WHERE subject_id IS NOT NULL;
