// purpose: the customer behind an identifier, with golden values, records and identifiers, in one round trip
// access: read
// parameters: $keys list of identifier keys (spellings of one identifier, best first), $limit int
// columns: key string, status string, status_reason string, customer map, other_ids list of strings, records list of maps, identifiers list of maps
// index: Identifier.key
// example: {"keys": ["email:jane.doe@mail.test"], "limit": 200}
UNWIND range(0, size($keys) - 1) AS position
MATCH (identifier:Identifier {key: $keys[position]})
WITH position, identifier
ORDER BY position
LIMIT 1
WITH identifier
WHERE identifier.status <> 'active'
// What stands for nobody may be on a million records, which the embedded engine would all read in the other half.
RETURN identifier.key AS key, identifier.status AS status, identifier.status_reason AS status_reason,
       null AS customer, [] AS other_ids, [] AS records, [] AS identifiers
UNION ALL
UNWIND range(0, size($keys) - 1) AS position
MATCH (identifier:Identifier {key: $keys[position]})
WITH position, identifier
ORDER BY position
LIMIT 1
WITH position, identifier
WHERE identifier.status = 'active'
OPTIONAL MATCH (identifier)<-[sighting:HAS_IDENTIFIER]-(holder:SourceRecord)-[resolved:RESOLVES_TO]->(candidate:Customer)
WHERE resolved.to IS NULL
// Nobody is asked first: of a null holder the embedded engine would read every identifier.
// A user's own record comes before one with this identifier alone, and that before a device that many were seen on.
WITH position, identifier, candidate, sighting,
     CASE WHEN holder IS NULL THEN 0
          WHEN holder.record_id = identifier.namespace + '=' + identifier.value THEN 2
          WHEN size([(holder)-[:HAS_IDENTIFIER]->(other:Identifier)
                     WHERE other.namespace = identifier.namespace | other.key]) = 1 THEN 1 ELSE 0 END AS own
WITH position, identifier, candidate, max(own) AS own, count(sighting) AS sightings,
     max(sighting.last_seen) AS last_seen
ORDER BY position, own DESC, sightings DESC, last_seen DESC, candidate.id
WITH position, identifier, collect(candidate) AS candidates
ORDER BY position
LIMIT 1
WITH identifier, candidates, candidates[0] AS customer
RETURN identifier.key AS key, identifier.status AS status, identifier.status_reason AS status_reason,
       properties(customer) AS customer, [other IN candidates[1..] | other.id] AS other_ids,
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
