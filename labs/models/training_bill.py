r"""What a training run cost, read backwards: from 6ND and the device hours to the utilisation of the hardware.

Sources: Kaplan et al. (arXiv:2001.08361), section 2.1 (6ND); MosaicML, *Introducing MPT-7B* (2023); Touvron et al.
(arXiv:2302.13971), section 2.4; Grattafiori et al. (arXiv:2407.21783), section 3.3; the model cards of Llama 3 and 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from labs.pretraining.training_compute import six_nd


# --8<-- [start:bill]
@dataclass(frozen=True)
class Run:
    """Active parameters, tokens, device hours and the dense 16-bit peak of one device in FLOP/s."""

    parameters: float
    tokens: float
    hours: float
    peak: float

    def flops(self) -> float:
        """6ND."""
        return six_nd(self.parameters, self.tokens)

    def per_device(self) -> float:
        """FLOP/s that a device did on average, restarts and idle time included."""
        return self.flops() / (self.hours * 3600)

    def utilisation(self) -> float:
        """Share of the peak, MFU by the 6ND count."""
        return self.per_device() / self.peak

    def price_per_hour(self, dollars: float) -> float:
        """What a device hour cost if the whole bill was `dollars`."""
        return dollars / self.hours


A100, H100 = 312e12, 989e12  # dense BF16 peaks of NVIDIA's data sheets
MPT_7B = Run(6.7e9, 1e12, 440 * 9.5 * 24, A100)
LLAMA_65B = Run(65.2e9, 1.4e12, 2048 * 21 * 24, A100)
LLAMA3_70B = Run(70.6e9, 15e12, 6.4e6, H100)
LLAMA31_405B = Run(405e9, 15.6e12, 30.84e6, H100)
# --8<-- [end:bill]
