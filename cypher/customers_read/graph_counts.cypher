// purpose: how many nodes of each kind there are
// access: read
// parameters: -
// columns: label string, total int
// index: - counts whole labels on purpose; engines answer from their counters, callers keep the answer for a while
// example: {}
MATCH (node:SourceRecord) RETURN 'SourceRecord' AS label, count(node) AS total
UNION ALL
MATCH (node:Identifier) RETURN 'Identifier' AS label, count(node) AS total
UNION ALL
MATCH (node:Touchpoint) RETURN 'Touchpoint' AS label, count(node) AS total
UNION ALL
MATCH (node:Customer) RETURN 'Customer' AS label, count(node) AS total
UNION ALL
MATCH (node:Decision) RETURN 'Decision' AS label, count(node) AS total
UNION ALL
MATCH (node:RejectedRow) RETURN 'RejectedRow' AS label, count(node) AS total
