// purpose: store scored pairs, from the smaller record key to the larger
// access: write
// parameters: $rows list of {left, right, match_weight, evidence}, $model_version string
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"left": "crm:1", "right": "shop:1", "match_weight": 5.5, "evidence": "{}"}], "model_version": "m1"}
UNWIND $rows AS row
MATCH (left:SourceRecord {key: row.left})
MATCH (right:SourceRecord {key: row.right})
MERGE (left)-[pair:MATCHES]->(right)
SET pair.match_weight = row.match_weight, pair.evidence = row.evidence, pair.model_version = $model_version
