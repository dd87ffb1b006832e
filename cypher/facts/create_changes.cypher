// purpose: append to the lineage; a change written twice stays one
// access: write
// parameters: $rows list of {id, properties}
// columns: -
// index: Change.id
// example: {"rows": [{"id": "1:c1:created", "properties": {"seq": 1, "kind": "created", "customer_id": "c1"}}]}
UNWIND $rows AS row
MERGE (change:Change {id: row.id})
ON CREATE SET change += row.properties
