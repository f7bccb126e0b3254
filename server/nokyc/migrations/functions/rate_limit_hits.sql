-- One request of each key in turn, by the rule of http/limiter.py. The clock is the database's, so that all
-- processes share it; p_now_ms stands in for it in tests.
DROP FUNCTION IF EXISTS rate_limit_hits(bigint[], integer[]);
CREATE OR REPLACE FUNCTION rate_limit_hits(p_key_id bigint[], p_limit integer[], p_now_ms bigint)
RETURNS TABLE (allowed boolean, remaining integer, next_ms bigint)
LANGUAGE plpgsql AS $$
DECLARE
    now_ms bigint;
    live bigint[];
BEGIN
    SET LOCAL synchronous_commit = off;
    INSERT INTO rate_buckets (key_id, grants_ms)
        SELECT DISTINCT k, '{}'::bigint[] FROM unnest(p_key_id) AS k ORDER BY k ON CONFLICT DO NOTHING;
    PERFORM 1 FROM rate_buckets WHERE key_id = ANY (p_key_id) ORDER BY key_id FOR UPDATE;
    -- Read after the locks were taken, so that grants stay in order.
    now_ms := coalesce(p_now_ms, (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
    FOR i IN 1 .. cardinality(p_key_id) LOOP
        SELECT coalesce(array_agg(g ORDER BY g), '{}') INTO live
            FROM rate_buckets b, unnest(b.grants_ms) AS g WHERE b.key_id = p_key_id[i] AND now_ms - g < 60000;
        allowed := cardinality(live) < p_limit[i];
        IF allowed THEN live := live || now_ms; END IF;
        UPDATE rate_buckets b SET grants_ms = live WHERE b.key_id = p_key_id[i];
        remaining := greatest(0, p_limit[i] - cardinality(live));
        next_ms := live[1 + greatest(0, cardinality(live) - p_limit[i])] + 60000 - now_ms;
        RETURN NEXT;
    END LOOP;
END $$;
