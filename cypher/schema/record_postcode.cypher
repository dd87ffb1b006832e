// purpose: find SourceRecord nodes by their postcode
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE INDEX record_postcode IF NOT EXISTS FOR (node:SourceRecord) ON (node.postcode)
