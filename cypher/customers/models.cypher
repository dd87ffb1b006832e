// purpose: every matching model that a run of this graph has used, newest first
// access: read
// parameters: -
// columns: version string, created_at ISO-8601 time
// index: - there are a handful of models
// example: {}
MATCH (model:Model)
RETURN model.version AS version, model.created_at AS created_at
ORDER BY model.created_at DESC, model.version
