// purpose: some records as they are, and as they were at a sequence number where they said something else then; of identifiers those held before come too (now is false); the version is looked for last, so that what is replaced meanwhile is not taken for what was
// access: read
// parameters: $keys list of record keys, $seq int
// columns: properties map, identifiers list of {key, namespace, value, first_seen, now}, versions list of maps (the one it was then; none if it says what it said)
// index: SourceRecord.key
// example: {"keys": ["crm:1"], "seq": 1}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
WITH record, properties(record) AS properties,
     [(record)-[seen:HAS_IDENTIFIER|HAD_IDENTIFIER]->(held:Identifier) |
      {key: held.key, namespace: held.namespace, value: held.value, first_seen: seen.first_seen,
       now: type(seen) = 'HAS_IDENTIFIER'}] AS identifiers
RETURN properties, identifiers,
       COLLECT {
         MATCH (record)-[:HAD_VERSION]->(version:RecordVersion)
         WHERE version.replaced_at_seq > $seq
         RETURN properties(version) ORDER BY version.replaced_at_seq LIMIT 1
       } AS versions
