// purpose: every scored pair with its weight and model
// access: read
// parameters: -
// columns: left string, right string, match_weight float, model_version string
// index: - reads all pairs on purpose, streamed; only when no copy of them is at hand
// example: {}
MATCH (left:SourceRecord)-[pair:MATCHES]->(right:SourceRecord)
RETURN left.key AS left, right.key AS right, pair.match_weight AS match_weight, pair.model_version AS model_version
