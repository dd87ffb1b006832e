// purpose: no two SourceRecord nodes share one key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT record_key IF NOT EXISTS FOR (node:SourceRecord) REQUIRE node.key IS UNIQUE
