// purpose: all sources with their mappings and roles, by name
// access: read
// parameters: -
// columns: name string, mapping JSON text, roles JSON text, created_at string, trust string or null
// index: - reads all sources on purpose; they are few
// example: {}
MATCH (source:Source)
RETURN source.name AS name, source.mapping AS mapping, source.roles AS roles, source.created_at AS created_at,
       source.trust AS trust
ORDER BY name
