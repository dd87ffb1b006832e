// purpose: one page of a customer's identifiers, each once, with when and how often it was seen
// access: read
// parameters: $id customer id, $after identifier key (empty for the first page), $limit int
// columns: key string, namespace string, value string, status string, status_reason string, first_seen string, last_seen string, record_keys list of strings
// index: Customer.id
// example: {"id": "c1", "after": "", "limit": 50}
MATCH (customer:Customer {id: $id})<-[membership:RESOLVES_TO]-(record:SourceRecord)-[seen:HAS_IDENTIFIER]->(held:Identifier)
WHERE membership.to IS NULL AND held.key > $after
RETURN held.key AS key, held.namespace AS namespace, held.value AS value, held.status AS status,
       held.status_reason AS status_reason, min(seen.first_seen) AS first_seen, max(seen.last_seen) AS last_seen,
       collect(DISTINCT record.key) AS record_keys
ORDER BY key
LIMIT $limit
