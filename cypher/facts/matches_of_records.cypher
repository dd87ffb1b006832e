// purpose: the scored pairs that some records are part of, with weight and model
// access: read
// parameters: $keys list of record keys
// columns: left string, right string, match_weight float, model_version string
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[pair:MATCHES]-(:SourceRecord)
WITH DISTINCT pair
RETURN startNode(pair).key AS left, endNode(pair).key AS right, pair.match_weight AS match_weight,
       pair.model_version AS model_version
ORDER BY left, right
