// purpose: the records and customers that share some identifiers, active ones only, as edges of the neighbourhood
// access: read
// parameters: $keys list of identifier keys, $limit int
// columns: identifier_key string, record_key string, source string, given_name string, family_name string, customer_id string
// index: Identifier.key
// example: {"keys": ["email:jane.doe@mail.test"], "limit": 50}
UNWIND $keys AS identifier_key
MATCH (identifier:Identifier {key: identifier_key})
WHERE identifier.status = 'active'
MATCH (identifier)<-[:HAS_IDENTIFIER]-(record:SourceRecord)
OPTIONAL MATCH (record)-[membership:RESOLVES_TO]->(customer:Customer)
WHERE membership.to IS NULL
RETURN identifier.key AS identifier_key, record.key AS record_key, record.source AS source,
       record.given_name AS given_name, record.family_name AS family_name, customer.id AS customer_id
ORDER BY identifier_key, record_key
LIMIT $limit
