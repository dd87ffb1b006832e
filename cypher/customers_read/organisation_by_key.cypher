// purpose: one organisation
// access: read
// parameters: $key organisation key
// columns: key string, source string, group_id string, traits JSON text, trait_times JSON text
// index: Organisation.key
// example: {"key": "web:acme"}
MATCH (organisation:Organisation {key: $key})
RETURN organisation.key AS key, organisation.source AS source, organisation.group_id AS group_id,
       organisation.traits AS traits, organisation.trait_times AS trait_times
