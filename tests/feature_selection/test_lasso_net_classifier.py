import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tfcompress.feature_selection.lasso_net_classifier import LassoNetClassifier


@pytest.fixture(scope="module")
def data():
    x = np.random.default_rng(0).normal(size=(200, 5))
    return 10 * x + 3, np.where(x[:, 3] > 0, "up", "down")


@pytest.fixture(scope="module")
def pipeline(data):
    estimator = LassoNetClassifier(
        1,
        hidden_units=(4,),
        multiplier=1.5,
        batch_size=25,
        epochs=(20, 10),
        learning_rate=0.01,
    )
    return make_pipeline(StandardScaler(), estimator).fit(*data)


def test_classes_are_those_that_were_given(pipeline, data):
    x, _y = data
    assert set(pipeline.predict(x)) <= {"up", "down"}
    assert pipeline[-1].classes_.tolist() == ["down", "up"]


def test_probabilities_add_up_and_agree_with_the_prediction(pipeline, data):
    x, _ = data
    shares = pipeline.predict_proba(x)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    likeliest = pipeline[-1].classes_[shares.argmax(axis=1)]
    np.testing.assert_array_equal(likeliest, pipeline.predict(x))


def test_data_with_other_features_is_refused(pipeline):
    with pytest.raises(ValueError, match="`X` must have the 5 features"):
        pipeline[-1].predict(np.eye(3))


def test_estimator_that_was_not_fitted_says_so():
    with pytest.raises(NotFittedError):
        LassoNetClassifier(1).predict(np.eye(3))
