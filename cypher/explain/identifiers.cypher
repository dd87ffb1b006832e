// purpose: which identifiers some records hold, since when and with which status
// access: read
// parameters: $keys list of record keys
// columns: record_key string, key string, namespace string, value string, status string, status_reason string, first_seen string, last_seen string
// index: SourceRecord.key
// example: {"keys": ["crm:1", "shop:1"]}
UNWIND $keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[seen:HAS_IDENTIFIER]->(held:Identifier)
RETURN record.key AS record_key, held.key AS key, held.namespace AS namespace, held.value AS value,
       held.status AS status, held.status_reason AS status_reason, seen.first_seen AS first_seen,
       seen.last_seen AS last_seen
ORDER BY record_key, key
