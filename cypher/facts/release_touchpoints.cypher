// purpose: forget whose some touchpoints are beside who they are by
// access: write
// parameters: $rows list of {key touchpoint key}
// columns: -
// index: Touchpoint.key
// example: {"rows": [{"key": "m-1"}]}
UNWIND $rows AS row
MATCH (touchpoint:Touchpoint {key: row.key})-[held:HELD_BY]->(:SourceRecord)
DELETE held
