// purpose: what is known of some organisations
// access: read
// parameters: $keys list of organisation keys
// columns: key string, traits JSON text, trait_times JSON text
// index: Organisation.key
// example: {"keys": ["web:acme"]}
UNWIND $keys AS key
MATCH (organisation:Organisation {key: key})
RETURN organisation.key AS key, organisation.traits AS traits, organisation.trait_times AS trait_times
