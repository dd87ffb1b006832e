// purpose: keep records as they are, before they are replaced
// access: write
// parameters: $rows list of {key, seq (of what replaces it)}
// columns: -
// index: SourceRecord.key
// example: {"rows": [{"key": "crm:1", "seq": 2}]}
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.key})
CREATE (record)-[:HAD_VERSION]->(:RecordVersion {
  key: record.key + '@' + toString(record.seq), record_key: record.key, seq: record.seq, replaced_at_seq: row.seq,
  raw: record.raw, content_hash: record.content_hash
})
