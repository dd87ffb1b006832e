// purpose: the customers of some records, with all records these have, as the resolver would look at them
// access: read
// parameters: $keys list of record keys, $limit int (records at most)
// columns: customer_id string, properties map, identifiers list of maps {namespace, value, status}
// index: SourceRecord.key
// example: {"keys": ["crm:1"], "limit": 500}
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})-[found:RESOLVES_TO]->(customer:Customer)
WHERE found.to IS NULL
WITH DISTINCT customer
MATCH (customer)<-[membership:RESOLVES_TO]-(record:SourceRecord)
WHERE membership.to IS NULL
RETURN customer.id AS customer_id, properties(record) AS properties,
       [(record)-[:HAS_IDENTIFIER]->(held:Identifier) |
        {namespace: held.namespace, value: held.value, status: held.status}] AS identifiers
ORDER BY customer_id, record.key
LIMIT $limit
