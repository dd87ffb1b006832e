// purpose: one record with its identifiers, its customer now and the customers it resolved to before
// access: read
// parameters: $key record key
// columns: record map, identifiers list of maps, memberships list of maps, versions list of maps
// index: SourceRecord.key
// example: {"key": "crm:1"}
MATCH (record:SourceRecord {key: $key})
RETURN properties(record) AS record,
       COLLECT {
         MATCH (record)-[seen:HAS_IDENTIFIER]->(held:Identifier)
         RETURN {namespace: held.namespace, value: held.value, status: held.status, first_seen: seen.first_seen,
                 last_seen: seen.last_seen, record_key: record.key}
         ORDER BY held.key
       } AS identifiers,
       COLLECT {
         MATCH (record)-[membership:RESOLVES_TO]->(customer:Customer)
         RETURN {customer_id: customer.id, since: membership.from, until: membership.to, cause: membership.cause}
         ORDER BY membership.from, customer.id
       } AS memberships,
       COLLECT {
         MATCH (record)-[:HAD_VERSION]->(version:RecordVersion)
         RETURN properties(version)
         ORDER BY version.seq
       } AS versions
