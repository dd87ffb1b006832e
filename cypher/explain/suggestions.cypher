// purpose: what only public records would join among some records
// access: read
// parameters: $keys list of record keys
// columns: left string, right string, via string, weight float, reason string
// index: SourceRecord.key
// example: {"keys": ["crm:1", "shop:1"]}
UNWIND $keys AS left_key
MATCH (left:SourceRecord {key: left_key})-[told:SUGGESTED]->(right:SourceRecord)
WHERE right.key IN $keys
RETURN left.key AS left, right.key AS right, told.via AS via, told.weight AS weight, told.reason AS reason
ORDER BY left, right
