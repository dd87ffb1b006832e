// purpose: the records whose last change lies in a range of sequence numbers, with the identifiers they hold now; by number, because not every engine finds a range by its index
// access: read
// parameters: $first int, $last int, both included
// columns: properties map, identifiers list of {namespace, value, first_seen}
// index: SourceRecord.seq
// example: {"first": 1, "last": 100}
UNWIND range($first, $last) AS number
MATCH (record:SourceRecord {seq: number})
RETURN properties(record) AS properties,
       [(record)-[seen:HAS_IDENTIFIER]->(held:Identifier) |
        {namespace: held.namespace, value: held.value, first_seen: seen.first_seen}] AS identifiers
