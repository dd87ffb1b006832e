// purpose: the identifiers that are blocked or quarantined now
// access: read
// parameters: -
// columns: key string, status string, reason string
// index: Identifier.status
// example: {}
MATCH (identifier:Identifier)
WHERE identifier.status IN ['blocked', 'quarantined']
RETURN identifier.key AS key, identifier.status AS status, identifier.status_reason AS reason
ORDER BY key
