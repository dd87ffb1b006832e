// purpose: some customers with the records they have, or had at a time, as those were then, and their identifiers and organisations
// access: read
// parameters: $ids list of customer ids, $at ISO-8601 time, $limit int (records of each at most)
// columns: customer map, members list of maps (later is the version it was then if it changed since)
// index: Customer.id
// example: {"ids": ["c1"], "at": "9999", "limit": 200}
UNWIND $ids AS id
MATCH (customer:Customer {id: id})
RETURN properties(customer) AS customer,
       COLLECT {
         MATCH (customer)<-[membership:RESOLVES_TO]-(record:SourceRecord)
         WHERE membership.from <= $at AND (membership.to IS NULL OR membership.to > $at)
         RETURN {
           record: properties(record), certainty: membership.certainty, since: membership.from,
           touchpoints: COUNT {
             MATCH (record)<-[link:BY|HELD_BY]-(touchpoint:Touchpoint)
             WHERE type(link) = 'HELD_BY' OR NOT EXISTS { MATCH (touchpoint)-[:HELD_BY]->(:SourceRecord) }
           },
           later: COLLECT {
             MATCH (record)-[:HAD_VERSION]->(version:RecordVersion)
             WHERE version.replaced_at > $at
             RETURN properties(version) ORDER BY version.seq LIMIT 1
           },
           held: COLLECT {
             MATCH (record)-[seen:HAS_IDENTIFIER|HAD_IDENTIFIER]->(identifier:Identifier)
             RETURN {key: identifier.key, namespace: identifier.namespace, value: identifier.value,
                     status: identifier.status, now: type(seen) = 'HAS_IDENTIFIER', first_seen: seen.first_seen,
                     last_seen: seen.last_seen}
             ORDER BY identifier.key
           },
           belongs: COLLECT {
             MATCH (record)-[seen:MEMBER_OF]->(organisation:Organisation)
             RETURN {key: organisation.key, source: organisation.source, group_id: organisation.group_id,
                     traits: organisation.traits, first_seen: seen.first_seen, last_seen: seen.last_seen,
                     count: seen.count}
             ORDER BY organisation.key
           }
         }
         ORDER BY record.key
         LIMIT $limit
       } AS members
