// purpose: keep records as they are, with the identifiers they hold, before they are replaced
// access: write
// parameters: $rows list of {key, seq (of what replaces it), at (when, ISO-8601 UTC)}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"key": "crm:1", "seq": 2, "at": "2026-01-01T00:00:00.000000Z"}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.key})
CREATE (record)-[:HAD_VERSION]->(version:RecordVersion)
SET version = record {
  .*, key: record.key + '@' + toString(record.seq), record_key: record.key, replaced_at_seq: row.seq,
  replaced_at: row.at, identifiers: COLLECT { MATCH (record)-[:HAS_IDENTIFIER]->(held:Identifier) RETURN held.key ORDER BY held.key }
}
