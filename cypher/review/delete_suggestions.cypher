// purpose: remove suggestions that the records, the rules and the decisions no longer give
// access: write
// parameters: $rows list of {left, right}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"left": "crm:1", "right": "shop:1"}]}
UNWIND $rows AS row
MATCH (left:SourceRecord {key: row.left})-[told:SUGGESTED]->(right:SourceRecord {key: row.right})
DELETE told
