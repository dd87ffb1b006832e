// purpose: the records whose last change lies in a range of sequence numbers, with the identifiers they hold now
// access: read
// parameters: $first int, $last int, both included
// columns: properties map, identifiers list of {namespace, value}
// index: SourceRecord.seq
// example: {"first": 1, "last": 1000}
MATCH (record:SourceRecord)
WHERE record.seq >= $first AND record.seq <= $last
RETURN properties(record) AS properties,
       [(record)-[:HAS_IDENTIFIER]->(held:Identifier) | {namespace: held.namespace, value: held.value}] AS identifiers
