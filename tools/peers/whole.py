"""A whole dream, from the command to the file, as a program of its own: `python whole.py PEER request.json dream.json picture.png
dream.png`. The requests are those of serve.py."""

import json
import sys

import numpy as np
from PIL import Image

import dreaming
from serve import load

name, network, dream, picture, result = sys.argv[1:]
with open(network) as file:
    peer = load(name, json.load(file))
with open(dream) as file:
    request = json.load(file)
pixels = np.asarray(Image.open(picture).convert("RGB"))
Image.fromarray(dreaming.dream(peer, pixels, request, np.random.RandomState(1))).save(result)
