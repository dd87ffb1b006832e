// purpose: which of some words are record keys, and which customers these records resolve to now
// access: read
// parameters: $keys list of record keys
// columns: key string, customer_id string
// index: SourceRecord.key
// example: {"keys": ["crm:1", "shop:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
OPTIONAL MATCH (record)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN record.key AS key, customer.id AS customer_id
ORDER BY key
