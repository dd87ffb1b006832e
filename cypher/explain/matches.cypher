// purpose: the scored pairs among some records, with their evidence
// access: read
// parameters: $keys list of record keys
// columns: left string, right string, match_weight float, model_version string, evidence JSON text
// index: SourceRecord.key
// example: {"keys": ["crm:1", "shop:1"]}
UNWIND $keys AS left_key
MATCH (left:SourceRecord {key: left_key})-[pair:MATCHES]->(right:SourceRecord)
WHERE right.key IN $keys
RETURN left.key AS left, right.key AS right, pair.match_weight AS match_weight, pair.model_version AS model_version,
       pair.evidence AS evidence
ORDER BY left, right
