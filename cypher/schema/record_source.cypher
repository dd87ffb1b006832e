// purpose: find SourceRecord nodes by their source
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX record_source IF NOT EXISTS FOR (node:SourceRecord) ON (node.source)
