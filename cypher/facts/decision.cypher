// purpose: one decision and whether, when and by whom it was undone
// access: read
// parameters: $id string
// columns: id string, undone_by string, undone_at string
// index: Decision.id
// example: {"id": "d1"}
MATCH (decision:Decision {id: $id})
RETURN decision.id AS id, decision.undone_by AS undone_by, decision.undone_at AS undone_at
