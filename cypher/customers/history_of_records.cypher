// purpose: the retired customers that these records once resolved to
// access: read
// parameters: $keys list of record keys
// columns: customer_id string
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})-[:RESOLVES_TO]->(customer:Customer)
WHERE customer.status = 'retired'
RETURN DISTINCT customer.id AS customer_id
ORDER BY customer_id
