// purpose: find SourceRecord nodes by their name_key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX record_name_key IF NOT EXISTS FOR (node:SourceRecord) ON (node.name_key)
