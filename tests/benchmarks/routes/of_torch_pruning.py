"""Torch-Pruning: channels taken out of the same network in PyTorch, as ONNX."""

import math
from functools import partial

import numpy as np
import torch
import torch_pruning as tp
import user
from networks import NETWORKS

LAYERS = {"MaxPooling2D": partial(torch.nn.MaxPool2d, 2), "Flatten": torch.nn.Flatten}


class User(user.User):
    def set_seed(self, seed):
        torch.manual_seed(seed)

    def data(self, part=""):
        """Returns images with their channels first, and labels."""
        x, y = super().data(part)
        return torch.tensor(x).permute(0, 3, 1, 2).contiguous(), torch.tensor(y).long()

    def model(self):
        """Returns the trained network, weights in PyTorch's order of axes."""
        with np.load(self.folder / "weights.npz") as weights:
            arrays = iter([weights[name] for name in weights.files])
        layers, size = [], self.x[:1]
        for kind, options in NETWORKS[self.network][1]:
            if kind in LAYERS:
                grid = size.shape[1:] if kind == "Flatten" else None
                layers.append(LAYERS[kind]())
            else:
                kernel, bias = (torch.tensor(next(arrays)) for _ in range(2))
                if kind == "Conv2D":
                    kernel = kernel.permute(3, 2, 0, 1)
                    layers.append(
                        torch.nn.Conv2d(*kernel.shape[1::-1], kernel.shape[2:])
                    )
                else:
                    if grid is not None:  # flattened with its channels last
                        kernel = kernel.reshape(*grid[1:], grid[0], -1)
                        kernel = kernel.permute(2, 0, 1, 3).flatten(0, 2)
                        grid = None
                    kernel = kernel.T
                    layers.append(torch.nn.Linear(*kernel.shape[::-1]))
                layers[-1].weight.data, layers[-1].bias.data = kernel.contiguous(), bias
                if options.get("activation") == "relu":
                    layers.append(torch.nn.ReLU())
            size = torch.nn.Sequential(*layers)(self.x[:1])
        return torch.nn.Sequential(*layers)

    def fit(self, model, epochs=None, rate=1e-3):
        """As the fit of Keras: the same optimizer, rates and batches."""
        epochs = epochs or self.after
        steps = epochs * math.ceil(len(self.x) / user.BATCH)
        optimizer = torch.optim.Adam(model.parameters(), rate, eps=1e-7)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        model.train()
        for _ in range(epochs):
            for rows in torch.randperm(len(self.x)).split(user.BATCH):
                optimizer.zero_grad()
                outputs = model(self.x[rows])
                torch.nn.functional.cross_entropy(outputs, self.y[rows]).backward()
                optimizer.step()
                falling.step()
        return model

    def logits(self, model):
        x, _ = self.data("_test")
        with torch.no_grad():
            return torch.cat([model.eval()(part) for part in x.split(1000)]).numpy()

    def parameters(self, model):
        return sum(array.numel() for array in model.parameters())

    def save(self, model, name):
        path = self.path(f"torch-pruning {name}.onnx")
        torch.onnx.export(
            torch.nn.Sequential(_ChannelsFirst(), model).eval(),
            (self.x[:2].permute(0, 2, 3, 1).contiguous(),),
            str(path),
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            external_data=False,
            verbose=False,
        )
        return path


class _ChannelsFirst(torch.nn.Module):
    def forward(self, x):
        return x.permute(0, 3, 1, 2)


def units(user, share):
    """Channels taken out by Taylor scores of 1,024 images, then trained on."""
    model = user.model()
    pruner = tp.pruner.BasePruner(
        model,
        user.x[:1],
        importance=tp.importance.TaylorImportance(),
        pruning_ratio=share,
        ignored_layers=[model[-1]],
    )
    outputs = model(user.x[:1024])
    torch.nn.functional.cross_entropy(outputs, user.y[:1024]).backward()
    pruner.step()
    user.fit(model)
    return {f"Torch-Pruning, {share:.0%} of units out": user.save(model, f"{share}")}


ROUTES = {"half": partial(units, share=0.5), "units": partial(units, share=0.7)}


def half(model, user):
    """It is told how many of each hidden layer leave: those with the least weights."""
    pruner = tp.pruner.BasePruner(
        model,
        user.x[:1],
        importance=tp.importance.MagnitudeImportance(),
        pruning_ratio=0.5,
        ignored_layers=[model[-1]],
    )
    pruner.step()
    return model


CUTS = {"half": half, "silent": half, "constant": half}
