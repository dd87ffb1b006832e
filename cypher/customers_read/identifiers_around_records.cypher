// purpose: the identifiers of some records, as edges of the neighbourhood
// access: read
// parameters: $keys list of record keys, $limit int
// columns: record_key string, namespace string, value string, key string, status string, last_seen string
// index: SourceRecord.key
// example: {"keys": ["crm:1"], "limit": 50}
UNWIND $keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[seen:HAS_IDENTIFIER]->(held:Identifier)
RETURN record.key AS record_key, held.namespace AS namespace, held.value AS value, held.key AS key,
       held.status AS status, seen.last_seen AS last_seen
ORDER BY record_key, key
LIMIT $limit
