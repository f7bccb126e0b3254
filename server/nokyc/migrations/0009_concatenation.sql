-- What ties the segments of a long message together on a handset: counted per number, so that messages that follow each
-- other never share it before 255 others have gone.
CREATE TABLE concatenations (
    account_id bigint NOT NULL,
    number_id  bigint NOT NULL,
    count      bigint NOT NULL,                  -- long messages that this number has begun to send
    PRIMARY KEY (account_id, number_id)
);
ALTER TABLE segments ADD COLUMN concatenation smallint; -- 0 to 255, the same in every try; of long messages only
