"""What Keras has itself."""

import keras
import user
from networks import STUDENTS, network

import tfcompress as tfc


class User(user.User):
    keras = keras

    def save(self, model):
        path = self.path("keras.keras")
        model.save(path)
        return path

    def export(self, model):
        path = self.path("keras.tflite")
        tfc.export.to_tflite(model, path, batch_size=1, quantize="dynamic")
        return path


def quantized(user):
    """The file is Keras's, as its export refuses int8."""
    model = user.model()
    model.quantize("int8")
    return {"Keras, quantize('int8')": user.save(model)}


def student(user):
    """Keras's own distillation into a tenth, then int8 by TensorFlow Lite."""
    student = network(keras, user.network, STUDENTS[user.network])
    distiller = keras.distillation.Distiller(
        teacher=user.model(),
        student=student,
        distillation_losses=keras.distillation.LogitsDistillation(
            temperature=4.0, loss=keras.losses.KLDivergence()
        ),
        student_loss_weight=0.5,
    )
    user.fit(distiller, user.before + user.after)
    return {"Keras, distilled student, int8": user.export(student)}


ROUTES = {"quantized": quantized, "student": student}
