// purpose: let records that grow say more; what they hold stays
// access: write
// parameters: $rows list of {key, properties (those that differ; null removes one)}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"key": "web:u1", "properties": {"seq": 2, "content_hash": "1", "trait_plan": null}}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.key})
SET record += row.properties
