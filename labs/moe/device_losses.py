r"""The three balance losses of DeepSeek-V2: per expert, per device, and of what each device receives.

Source: DeepSeek-V2 (arXiv:2405.04434), section 2.2.3, equations 23 to 31. The first two are
DeepSeekMoE's (arXiv:2401.06066, section 3.3). Each is its α where everything is even.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:losses]
def balance_losses(p: Array, ids: Ids, n_devices: int, limit: int) -> tuple[float, float, float]:
    """(expert, device, communication) loss with α = 1: `p` (T, E) softmax scores, `ids` (T, K), M = `limit`."""
    n_tokens, n_experts = p.shape
    k, size = ids.shape[1], n_experts // n_devices
    counts = np.bincount(ids.ravel(), minlength=n_experts)  # (E,)
    f = n_experts / (k * n_tokens) * counts  # (E,), 1 where even
    mean_p = p.mean(axis=0)  # (E,)
    device_f = f.reshape(n_devices, size).mean(axis=1)  # (D,)
    device_p = mean_p.reshape(n_devices, size).sum(axis=1)  # (D,)
    sent = np.zeros((n_tokens, n_devices))
    np.put_along_axis(sent, ids // size, 1.0, axis=-1)  # a token goes to a device once, for all its experts there
    comm_f = n_devices / (limit * n_tokens) * sent.sum(axis=0)  # (D,)
    return float(f @ mean_p), float(device_f @ device_p), float(comm_f @ device_p)


# --8<-- [end:losses]
