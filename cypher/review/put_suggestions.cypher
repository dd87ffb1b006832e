// purpose: store which known customers only a public record would join, from the smaller record key to the larger
// access: write
// parameters: $rows list of {left, right, via, weight, reason}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"left": "crm:1", "right": "shop:1", "via": "site:1", "weight": 8.0, "reason": "identifiers"}]}
UNWIND $rows AS row
MATCH (left:SourceRecord {key: row.left})
MATCH (right:SourceRecord {key: row.right})
MERGE (left)-[told:SUGGESTED]->(right)
SET told.via = row.via, told.weight = row.weight, told.reason = row.reason
