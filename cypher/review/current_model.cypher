// purpose: the summary of the matching model in use
// access: read
// parameters: -
// columns: version string, summary JSON text
// index: - there are a handful of models
// example: {}
MATCH (model:Model)
WHERE model.current = true
RETURN model.version AS version, model.summary AS summary
ORDER BY model.created_at DESC
LIMIT 1
