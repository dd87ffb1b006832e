// purpose: the scored pairs of some records, as edges of the neighbourhood
// access: read
// parameters: $keys list of record keys, $limit int
// columns: left string, right string, match_weight float
// index: SourceRecord.key
// example: {"keys": ["crm:1"], "limit": 50}
UNWIND $keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[pair:MATCHES]-(:SourceRecord)
WITH DISTINCT pair
RETURN startNode(pair).key AS left, endNode(pair).key AS right, pair.match_weight AS match_weight
ORDER BY match_weight DESC, left, right
LIMIT $limit
