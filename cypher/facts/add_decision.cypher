// purpose: store a steward's verdict on two records
// access: write
// parameters: $left record key, $right record key, $properties map with the id
// columns: id string
// index: SourceRecord.key, Decision.id
// example: {"left": "crm:1", "right": "shop:1", "properties": {"id": "d1", "verdict": "must", "author": "ana", "reason": "called", "at": "2026-01-01T00:00:00Z"}}
MATCH (left:SourceRecord {key: $left})
MATCH (right:SourceRecord {key: $right})
MERGE (decision:Decision {id: $properties.id})
SET decision += $properties
MERGE (decision)-[:ABOUT]->(left)
MERGE (decision)-[:ABOUT]->(right)
RETURN decision.id AS id
