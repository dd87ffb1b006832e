// purpose: find SourceRecord nodes by their birth_date
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX record_birth_date IF NOT EXISTS FOR (node:SourceRecord) ON (node.birth_date)
