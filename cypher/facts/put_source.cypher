// purpose: remember a source, how its columns are read and what its attributes mean
// access: write
// parameters: $name string, $mapping JSON text, $roles JSON text, $at ISO-8601 time, $trust string or null
// columns: -
// index: Source.name
// example: {"name": "crm", "mapping": "{}", "roles": "{}", "at": "2026-01-01T00:00:00Z", "trust": null}
MERGE (source:Source {name: $name})
ON CREATE SET source.created_at = $at
SET source.mapping = $mapping, source.roles = $roles, source.trust = coalesce($trust, source.trust)
