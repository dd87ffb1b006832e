// purpose: the attributes, identifiers and customers of candidate records
// access: read
// parameters: $keys list of record keys
// columns: record map, identifiers list of maps, customer map
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN properties(record) AS record,
       [(record)-[:HAS_IDENTIFIER]->(held:Identifier) | {namespace: held.namespace, value: held.value}] AS identifiers,
       properties(customer) AS customer
ORDER BY record.key
