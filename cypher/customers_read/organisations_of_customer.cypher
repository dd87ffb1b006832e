// purpose: one page of the organisations a customer belongs to, by key, with since when and how often that was said
// access: read
// parameters: $id customer id, $after organisation key (empty for the first page), $limit int
// columns: key string, source string, group_id string, traits JSON text, first_seen string, last_seen string, count int, record_keys list of strings
// index: Customer.id
// example: {"id": "c1", "after": "", "limit": 50}
MATCH (customer:Customer {id: $id})<-[membership:RESOLVES_TO]-(record:SourceRecord)-[seen:MEMBER_OF]->(organisation:Organisation)
WHERE membership.to IS NULL AND organisation.key > $after
RETURN organisation.key AS key, organisation.source AS source, organisation.group_id AS group_id,
       organisation.traits AS traits, min(seen.first_seen) AS first_seen, max(seen.last_seen) AS last_seen,
       sum(seen.count) AS count, collect(DISTINCT record.key) AS record_keys
ORDER BY key
LIMIT $limit
