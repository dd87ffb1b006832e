// purpose: when an organisation was first and last named with anybody
// access: read
// parameters: $key organisation key
// columns: first_seen string, last_seen string
// index: Organisation.key
// example: {"key": "web:acme"}
MATCH (organisation:Organisation {key: $key})<-[seen:MEMBER_OF]-(:SourceRecord)
RETURN min(seen.first_seen) AS first_seen, max(seen.last_seen) AS last_seen
