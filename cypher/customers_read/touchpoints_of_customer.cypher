// purpose: one page of a customer's touchpoints, newest first; those without a time come last
// access: read
// parameters: $id customer id, $types list of touchpoint types (empty for all), $before_at ISO-8601 time, $before_key touchpoint key (page starts after this pair), $first bool (no cursor), $limit int
// columns: key string, source string, type string, channel string, at string, properties JSON text, record_key string
// index: Customer.id
// example: {"id": "c1", "types": [], "first": true, "before_at": "", "before_key": "", "limit": 50}
MATCH (customer:Customer {id: $id})<-[membership:RESOLVES_TO]-(record:SourceRecord)<-[link:BY|HELD_BY]-(touchpoint:Touchpoint)
WHERE membership.to IS NULL AND (size($types) = 0 OR touchpoint.type IN $types)
  AND (type(link) = 'HELD_BY' OR NOT EXISTS { MATCH (touchpoint)-[:HELD_BY]->(:SourceRecord) })
WITH touchpoint, record, coalesce(touchpoint.at, '') AS at
WHERE $first OR at < $before_at OR (at = $before_at AND touchpoint.key < $before_key)
RETURN touchpoint.key AS key, touchpoint.source AS source, touchpoint.type AS type, touchpoint.channel AS channel,
       at, touchpoint.properties AS properties, record.key AS record_key
ORDER BY at DESC, key DESC
LIMIT $limit
