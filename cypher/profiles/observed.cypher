// purpose: the identifiers that some touchpoints observed
// access: read
// parameters: $keys list of touchpoint keys
// columns: key string, namespace string, value string
// index: Touchpoint.key
// example: {"keys": ["m-1"]}
UNWIND $keys AS key
MATCH (touchpoint:Touchpoint {key: key})-[:OBSERVED]->(identifier:Identifier)
RETURN touchpoint.key AS key, identifier.namespace AS namespace, identifier.value AS value
ORDER BY key, namespace, value
