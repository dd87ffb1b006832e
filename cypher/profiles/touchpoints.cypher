// purpose: one page of the touchpoints of some records, in order of time; those without a time are the oldest
// access: read
// parameters: $record_keys list of record keys, $types, $exclude, $sources, $channels lists of strings (empty for all), $since, $until ISO-8601 times (both included), $oldest_first bool, $first bool (no cursor), $at and $key of the last touchpoint seen, $limit int
// columns: key string, source string, type string, channel string, at string, properties JSON text, record_key string
// index: SourceRecord.key
// example: {"record_keys": ["crm:1"], "types": [], "exclude": [], "sources": [], "channels": [], "since": "", "until": "9999", "oldest_first": false, "first": true, "at": "", "key": "", "limit": 50}
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})<-[link:BY|HELD_BY]-(touchpoint:Touchpoint)
WHERE (type(link) = 'HELD_BY' OR NOT EXISTS { MATCH (touchpoint)-[:HELD_BY]->(:SourceRecord) })
  AND (size($types) = 0 OR touchpoint.type IN $types) AND NOT touchpoint.type IN $exclude
  AND (size($sources) = 0 OR touchpoint.source IN $sources)
  AND (size($channels) = 0 OR touchpoint.channel IN $channels)
WITH touchpoint, record, coalesce(touchpoint.at, '') AS at
WHERE at >= $since AND at <= $until
  AND ($first OR ($oldest_first AND (at > $at OR (at = $at AND touchpoint.key > $key)))
              OR (NOT $oldest_first AND (at < $at OR (at = $at AND touchpoint.key < $key))))
RETURN touchpoint.key AS key, touchpoint.source AS source, touchpoint.type AS type, touchpoint.channel AS channel,
       at, touchpoint.properties AS properties, record.key AS record_key
ORDER BY CASE WHEN $oldest_first THEN at END, CASE WHEN $oldest_first THEN key END, at DESC, key DESC
LIMIT $limit
