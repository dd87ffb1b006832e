// purpose: replace records as a whole and retire the identifiers they no longer carry
// access: write
// parameters: $rows list of {key, seq, properties, identifier_keys (those that stay or are new)}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"key": "crm:1", "seq": 2, "properties": {"key": "crm:1", "source": "crm", "record_id": "1", "seq": 2, "content_hash": "1", "raw": "{}", "deleted": false}, "identifier_keys": ["email:a@b.c"]}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.key})
SET record = row.properties
WITH record, row
MATCH (record)-[held:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE NOT identifier.key IN row.identifier_keys
CREATE (record)-[:HAD_IDENTIFIER {
  first_seen: held.first_seen, last_seen: held.last_seen, count: held.count, until_seq: row.seq
}]->(identifier)
DELETE held
