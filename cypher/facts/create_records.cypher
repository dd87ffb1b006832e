// purpose: store records that were never seen, with their identifiers
// access: write
// parameters: $rows list of {properties, identifiers list of {key, namespace, value, first_seen, last_seen, count}}
// columns: -
// index: Identifier.key
// example: {"rows": [{"properties": {"key": "crm:new", "source": "crm", "record_id": "new", "seq": 1, "content_hash": "0", "raw": "{}", "deleted": false}, "identifiers": [{"key": "email:a@b.c", "namespace": "email", "value": "a@b.c", "first_seen": null, "last_seen": null, "count": 1}]}]}
UNWIND $rows AS row
CREATE (record:SourceRecord)
SET record = row.properties
WITH record, row
UNWIND row.identifiers AS seen
MERGE (identifier:Identifier {key: seen.key})
ON CREATE SET identifier.namespace = seen.namespace, identifier.value = seen.value, identifier.status = 'active'
CREATE (record)-[:HAS_IDENTIFIER {first_seen: seen.first_seen, last_seen: seen.last_seen, count: seen.count}]->(identifier)
