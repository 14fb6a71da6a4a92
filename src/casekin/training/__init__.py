"""Training of encoders: losses, what they are trained on, and the proof that no held-out case was among it.

Only `losses` and `gather` import torch, the `train` extra; the rest runs without it.
"""
