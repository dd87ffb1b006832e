// purpose: note whose some touchpoints are, because who did them held the device at that time
// access: write
// parameters: $rows list of {key touchpoint key, record_key}
// columns: -
// index: Touchpoint.key, SourceRecord.key
// example: {"rows": [{"key": "m-1", "record_key": "web:user_id=1"}]}
UNWIND $rows AS row
MATCH (touchpoint:Touchpoint {key: row.key})
MATCH (record:SourceRecord {key: row.record_key})
MERGE (touchpoint)-[:HELD_BY]->(record)
