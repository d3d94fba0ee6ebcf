"""Trains the net of test/node-only/fashion.test.ts in PyTorch and writes pytorch.json: test accuracies by passes over the
data, one for each seed.

The same layers, first weights of the same distributions (normal numbers cut at two deviations, as Keras draws them),
optimizer, schedule, batches and passes; random numbers of PyTorch's own.

    pip install torch==2.15.0;  python pytorch.py FOLDER [SEEDS]    # the folder of the four IDX files
"""
import gzip, json, os, sys, time
import numpy as np, torch
from torch import nn

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
PASSES, BATCH, MAX_RATE, PCT_START = (2, 4), 64, 0.004, 0.25


def read(folder, name):
    path = os.path.join(folder, name)
    open_ = gzip.open if os.path.exists(path + ".gz") else open
    with open_(path + ".gz" if open_ is gzip.open else path, "rb") as file:
        data = file.read()
    sizes = np.frombuffer(data, ">u4", data[3], 4)
    return torch.from_numpy(np.frombuffer(data, np.uint8, -1, 4 + 4 * data[3]).reshape(*sizes).copy())


def rows(folder, part):
    images = read(folder, f"{part}-images-idx3-ubyte").float().div(255).unsqueeze(1)
    return images.contiguous(memory_format=torch.channels_last), read(folder, f"{part}-labels-idx1-ubyte").long()


def net():
    conv = lambda i, o: [nn.Conv2d(i, o, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*conv(1, 16), *conv(16, 32), nn.Flatten(), nn.Dropout(0.25), nn.Linear(1568, 64), nn.ReLU(), nn.Linear(64, 10))
    for layer in model:
        if not hasattr(layer, "weight"):
            continue
        fan_in = layer.weight[0].numel()
        if layer.weight.shape[0] == 10:
            nn.init.xavier_uniform_(layer.weight)
        else:  # truncated at two deviations, which leaves 0.8796 of the deviation
            std = (2 / fan_in) ** 0.5 / 0.87962566103423978
            nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std)
        nn.init.zeros_(layer.bias)
    return model.to(memory_format=torch.channels_last)


def train(passes, seed, data, test):
    torch.manual_seed(seed)
    (x, y), model = data, net()
    steps = -(-len(x) // BATCH) * passes
    optimizer = torch.optim.Adam(model.parameters(), lr=MAX_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, MAX_RATE, total_steps=steps, pct_start=PCT_START, cycle_momentum=False)
    for epoch in range(passes):
        model.train()
        for at in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[at]), y[at]).backward()
            optimizer.step()
            schedule.step()
        print(f"{passes} passes, seed {seed}, after {epoch + 1}: {accuracy(model, test):.4f}, {time.process_time():.0f} s of the processor", file=sys.stderr, flush=True)
    return accuracy(model, test)


@torch.no_grad()
def accuracy(model, test):
    model.eval()
    right = sum(int((model(x).argmax(1) == y).sum()) for x, y in zip(test[0].split(1000), test[1].split(1000)))
    return right / len(test[1])


folder, seeds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
data, test = rows(folder, "train"), rows(folder, "t10k")
passes = {str(count): [] for count in PASSES}
for seed in range(1, seeds + 1):
    for count in PASSES:
        passes[str(count)].append(train(count, seed, data, test))
        with open(os.path.join(HERE, "pytorch.json"), "w") as file:
            json.dump({"torch": torch.__version__.split("+")[0], "testAccuracy": passes}, file, indent=2)
            file.write("\n")
