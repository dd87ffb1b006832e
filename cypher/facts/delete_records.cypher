// purpose: mark records as deleted at their source and retire all their identifiers
// access: write
// parameters: $rows list of {key, seq, at (when, ISO-8601 UTC)}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"key": "crm:1", "seq": 3, "at": "2026-01-01T00:00:00.000000Z"}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.key})
SET record.deleted = true, record.seq = row.seq, record.stored_at = row.at
WITH record, row
MATCH (record)-[held:HAS_IDENTIFIER]->(identifier:Identifier)
CREATE (record)-[:HAD_IDENTIFIER {
  first_seen: held.first_seen, last_seen: held.last_seen, count: held.count, until_seq: row.seq
}]->(identifier)
DELETE held
