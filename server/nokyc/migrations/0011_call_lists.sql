-- Lists of calls and voicemails, whatever they are filtered by.

CREATE INDEX calls_by_status ON calls (account_id, status, id);
CREATE INDEX calls_by_direction ON calls (account_id, direction, id);
CREATE INDEX calls_by_party ON calls (account_id, (CASE direction WHEN 'inbound' THEN caller ELSE callee END), id);
CREATE INDEX voicemails_by_caller ON voicemails (account_id, caller, id);
