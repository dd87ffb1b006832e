// purpose: no two Organisation nodes share one key
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT organisation_key IF NOT EXISTS FOR (node:Organisation) REQUIRE node.key IS UNIQUE
