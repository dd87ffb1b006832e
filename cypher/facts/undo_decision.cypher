// purpose: take back a decision, keeping it with who undid it, when and why
// access: write
// parameters: $id string, $author string, $reason string, $at ISO-8601 time
// columns: id string, verdict string, author string, reason string, at string, undone_by string, keys list of record keys
// index: Decision.id
// example: {"id": "d1", "author": "ben", "reason": "wrong number", "at": "2026-01-02T00:00:00Z"}
MATCH (decision:Decision {id: $id})
SET decision.undone_by = $author, decision.undone_at = $at, decision.undone_reason = $reason
WITH decision
MATCH (decision)-[:ABOUT]->(record:SourceRecord)
RETURN decision.id AS id, decision.verdict AS verdict, decision.author AS author, decision.reason AS reason,
       decision.at AS at, decision.undone_by AS undone_by, collect(record.key) AS keys
