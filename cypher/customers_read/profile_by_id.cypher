// purpose: one customer with golden values, records and identifiers
// access: read
// parameters: $id customer id, $limit int (records and identifier sightings at most)
// columns: customer map, records list of maps, identifiers list of maps
// index: Customer.id
// example: {"id": "c1", "limit": 200}
MATCH (customer:Customer {id: $id})
RETURN properties(customer) AS customer,
       COLLECT {
         MATCH (customer)<-[membership:RESOLVES_TO]-(record:SourceRecord)
         WHERE membership.to IS NULL
         RETURN {key: record.key, source: record.source, observed_at: record.observed_at,
                 since: membership.from, cause: membership.cause}
         ORDER BY record.key
         LIMIT $limit
       } AS records,
       COLLECT {
         MATCH (customer)<-[membership:RESOLVES_TO]-(record:SourceRecord)-[seen:HAS_IDENTIFIER]->(held:Identifier)
         WHERE membership.to IS NULL
         RETURN {namespace: held.namespace, value: held.value, status: held.status, first_seen: seen.first_seen,
                 last_seen: seen.last_seen, record_key: record.key}
         ORDER BY held.key, record.key
         LIMIT $limit
       } AS identifiers
