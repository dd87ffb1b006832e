// purpose: store touchpoints that were never seen, by whom they were and what they observed
// access: write
// parameters: $rows list of {record_key, properties, identifiers list of {key, namespace, value}}
// columns: -
// index: SourceRecord.key, Identifier.key
// example: {"rows": [{"record_key": "crm:1", "properties": {"key": "m-new", "source": "web", "type": "view", "channel": "web", "at": "2026-01-01T00:00:00.000000Z", "properties": "{}"}, "identifiers": [{"key": "email:a@b.c", "namespace": "email", "value": "a@b.c"}]}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (touchpoint:Touchpoint)-[:BY]->(record)
SET touchpoint = row.properties
WITH touchpoint, row
UNWIND row.identifiers AS observed
MERGE (identifier:Identifier {key: observed.key})
ON CREATE SET identifier.namespace = observed.namespace, identifier.value = observed.value, identifier.status = 'active'
CREATE (touchpoint)-[:OBSERVED]->(identifier)
