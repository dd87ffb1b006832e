// purpose: some records with the identifiers they hold now
// access: read
// parameters: $keys list of record keys
// columns: properties map, identifiers list of {namespace, value}
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
RETURN properties(record) AS properties,
       [(record)-[:HAS_IDENTIFIER]->(held:Identifier) | {namespace: held.namespace, value: held.value}] AS identifiers
ORDER BY record.key
