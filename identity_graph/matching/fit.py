"""Whether a trained model can judge a record table: does it find what it compares, under the roles it learnt?

A model and a preparation come in; nothing goes out but a refusal that names what does not fit.
"""

from __future__ import annotations

from identity_graph.errors import ModelError
from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.preparation import Prepared

__all__ = ["require_fit"]


def require_fit(model: MatchModel, prepared: Prepared) -> None:
    """Refuse records that the model would misread or has nothing to compare in.

    Attributes the model does not know are no obstacle, and neither are some that it knows and these records lack.

    Args:
        model: a trained model.
        prepared: the preparation of the records to score.

    Raises:
        ModelError: an attribute has another role than in training, or no column the model reads has a value.
    """
    other = sorted(name for name, role in prepared.roles.items() if model.roles.get(name, role) is not role)
    if other:
        told = ", ".join(f"{name} is {prepared.roles[name]} here and was {model.roles[name]}" for name in other)
        raise ModelError(
            f"The model {model.version} was trained on other roles: {told}.",
            ids=other,
            next_step="Map the attributes to the same roles (--mapping), or train a new model.",
        )
    features = prepared.features
    known = {name for name in features.column_names if features[name].null_count < features.num_rows}
    if features.num_rows and model.comparisons and not known & set(model.columns):
        raise ModelError(
            f"The model {model.version} compares {', '.join(model.labels.values())}; these records have none of it.",
            ids=sorted(model.roles),
            next_step="Map their columns to those roles (--mapping), or train a new model.",
        )
