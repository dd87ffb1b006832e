// purpose: how many identifiers each namespace has
// access: read
// parameters: -
// columns: namespace string, count int
// index: - counts all identifiers on purpose
// example: {}
MATCH (identifier:Identifier)
RETURN identifier.namespace AS namespace, count(*) AS count
ORDER BY namespace
