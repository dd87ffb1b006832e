// purpose: block, quarantine or release identifiers, and say which of them had another status
// access: write
// parameters: $rows list of {key, status, reason}
// columns: key string, was string, status string, reason string
// index: Identifier.key
// example: {"rows": [{"key": "email:a@b.c", "status": "quarantined", "reason": "12 people"}]}
UNWIND $rows AS row
MATCH (identifier:Identifier {key: row.key})
WITH row, identifier, coalesce(identifier.status, 'active') AS was
SET identifier.status = row.status, identifier.status_reason = row.reason
RETURN row.key AS key, was, row.status AS status, row.reason AS reason
