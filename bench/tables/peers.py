"""What scikit-learn's networks, logistic and ridge regression score on the sets of sets.ts.

node bench/tables/peers.mjs runs it and keeps the numbers in peers.json: accuracy of classes, R² of numbers, for each
split of each set. Needs scikit-learn; no test does.
"""
import json
import sys
import warnings

import sklearn
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")


def models(task, seed):
    if task == "classification":
        return {
            "logistic": LogisticRegression(max_iter=1000),
            "mlp": MLPClassifier(max_iter=1000, random_state=seed),
        }
    network = MLPRegressor(max_iter=1000, random_state=seed)
    return {
        "ridge": Ridge(),
        "mlp": TransformedTargetRegressor(network, transformer=StandardScaler()),
    }


def scores(data):
    found = {}
    for number, split in enumerate(data["splits"]):
        rows = lambda kind, values: [values[int(i)] for i in split[kind]]
        for name, model in models(data["task"], number).items():
            pipeline = make_pipeline(StandardScaler(), model)
            pipeline.fit(rows("train", data["x"]), rows("train", data["y"]))
            score = pipeline.score(rows("test", data["x"]), rows("test", data["y"]))
            found.setdefault(name, []).append(round(score, 5))
    return found


json.dump(
    {"scikit-learn": sklearn.__version__, "sets": {data["name"]: scores(data) for data in json.load(sys.stdin)}},
    sys.stdout,
)
