// purpose: block, quarantine or release identifiers
// access: write
// parameters: $rows list of {key, status, reason}
// columns: -
// index: Identifier.key
// example: {"rows": [{"key": "email:a@b.c", "status": "quarantined", "reason": "12 people"}]}
UNWIND $rows AS row
MATCH (identifier:Identifier {key: row.key})
SET identifier.status = row.status, identifier.status_reason = row.reason
