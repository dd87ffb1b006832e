// purpose: no two Source nodes share one name
// access: schema
// parameters: -
// columns: -
// index: - changes the schema, reads nothing
// example: {}
CREATE CONSTRAINT source_name IF NOT EXISTS FOR (node:Source) REQUIRE node.name IS UNIQUE
