// purpose: since when some records were seen with the identifiers they hold
// access: read
// parameters: $keys list of record keys
// columns: key string, seen list of {namespace, value, first_seen}
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
RETURN record.key AS key,
       [(record)-[seen:HAS_IDENTIFIER]->(held:Identifier) |
        {namespace: held.namespace, value: held.value, first_seen: seen.first_seen}] AS seen
