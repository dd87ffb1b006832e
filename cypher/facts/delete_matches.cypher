// purpose: remove scored pairs that the records and the model no longer give
// access: write
// parameters: $rows list of {left, right}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"left": "crm:1", "right": "shop:1"}]}
UNWIND $rows AS row
MATCH (left:SourceRecord {key: row.left})-[pair:MATCHES]->(right:SourceRecord {key: row.right})
DELETE pair
