// purpose: the customers that hold some identifiers, or held them at a time, the closest first
// access: read
// parameters: $keys list of identifier keys, $past bool (identifiers that a record lost count too), $at ISO-8601 time
// columns: key string, status string, status_reason string, customer_id string, own int, sightings int, last_seen string
// index: Identifier.key
// example: {"keys": ["email:jane.doe@mail.test"], "past": false, "at": "9999"}
UNWIND $keys AS key
MATCH (identifier:Identifier {key: key})
WHERE identifier.status <> 'active'
// What stands for nobody may be on a million records, which the embedded engine would all read in the other half.
RETURN identifier.key AS key, identifier.status AS status, identifier.status_reason AS status_reason,
       null AS customer_id, 0 AS own, 0 AS sightings, null AS last_seen
UNION ALL
UNWIND $keys AS key
MATCH (identifier:Identifier {key: key})
WHERE identifier.status = 'active'
OPTIONAL MATCH (identifier)<-[sighting:HAS_IDENTIFIER|HAD_IDENTIFIER]-(record:SourceRecord)-[resolved:RESOLVES_TO]->(customer:Customer)
WHERE ($past OR type(sighting) = 'HAS_IDENTIFIER')
  AND resolved.from <= $at AND (resolved.to IS NULL OR resolved.to > $at)
// Nobody is asked first: of a null record the embedded engine would read every identifier.
// A user's own record comes before one with this identifier alone, and that before a device that many were seen on.
WITH identifier, customer, sighting,
     CASE WHEN record IS NULL THEN 0
          WHEN record.record_id = identifier.namespace + '=' + identifier.value THEN 2
          WHEN size([(record)-[:HAS_IDENTIFIER]->(other:Identifier)
                     WHERE other.namespace = identifier.namespace | other.key]) = 1 THEN 1 ELSE 0 END AS rank
WITH identifier, customer, max(rank) AS own, count(sighting) AS sightings, max(sighting.last_seen) AS last_seen
RETURN identifier.key AS key, identifier.status AS status, identifier.status_reason AS status_reason,
       customer.id AS customer_id, own, sightings, last_seen
ORDER BY key, own DESC, sightings DESC, last_seen DESC, customer_id
