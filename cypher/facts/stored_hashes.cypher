// purpose: which of some records are stored, and with what content
// access: read
// parameters: $keys list of record keys
// columns: key string, content_hash string, deleted bool
// index: SourceRecord.key
// example: {"keys": ["crm:1"]}
UNWIND $keys AS key
MATCH (record:SourceRecord {key: key})
RETURN record.key AS key, record.content_hash AS content_hash, record.deleted AS deleted
