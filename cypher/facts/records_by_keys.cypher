// purpose: some records with the identifiers they hold now
// access: read
// parameters: $keys list of record keys
// columns: properties map, identifiers list of {namespace, value, first_seen}
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
RETURN properties(record) AS properties,
       [(record)-[seen:HAS_IDENTIFIER]->(held:Identifier) |
        {namespace: held.namespace, value: held.value, first_seen: seen.first_seen}] AS identifiers
ORDER BY record.key
