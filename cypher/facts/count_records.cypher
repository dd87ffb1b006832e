// purpose: how many records each source has, live and deleted
// access: read
// parameters: -
// columns: source string, deleted bool, count int
// index: - counts all records on purpose
// example: {}
MATCH (record:SourceRecord)
RETURN record.source AS source, record.deleted AS deleted, count(*) AS count
ORDER BY source, deleted
