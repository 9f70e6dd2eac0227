"""Epsilons and their times by dp-accounting and prv-accountant: reads settings, writes one line an answer.

Settings come as lines "name noise-multiplier sampling-rate rounds [noise-multiplier sampling-rate rounds ...]".
Lines out: "library version name seconds epsilon", the median of some calls after one that is not counted.
"""
import statistics
import sys
import time
from importlib.metadata import version

DELTA = 1e-5
REPEATS = 5
PATIENCE = 10  # seconds


def timed(library, name, answer):
    start = time.process_time()
    epsilon = answer()
    times = [time.process_time() - start]
    if times[0] < PATIENCE:  # the first call, which also loads libraries, counts only where more would take too long
        times = []
        for _ in range(REPEATS):
            start = time.process_time()
            answer()
            times.append(time.process_time() - start)
    print(library, name, statistics.median(times), epsilon, flush=True)


def dp_accounting(kinds, kind_of_accountant):
    from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent
    from dp_accounting.pld import PLDAccountant
    from dp_accounting.rdp import RdpAccountant

    accountant = {"pld": PLDAccountant, "rdp": RdpAccountant}[kind_of_accountant]()
    for z, q, rounds in kinds:
        accountant.compose(SelfComposedDpEvent(PoissonSampledDpEvent(q, GaussianDpEvent(z)), rounds))
    return float(accountant.get_epsilon(DELTA))


def prv(kinds):
    from prv_accountant import PRVAccountant, PoissonSubsampledGaussianMechanism

    mechanisms = [PoissonSubsampledGaussianMechanism(noise_multiplier=z, sampling_probability=q) for z, q, _ in kinds]
    rounds = [r for _, _, r in kinds]
    accountant = PRVAccountant(prvs=mechanisms, max_self_compositions=rounds, eps_error=0.01, delta_error=1e-10)
    return float(accountant.compute_epsilon(delta=DELTA, num_self_compositions=rounds)[2])


def attempt(library, name, answer):
    try:
        timed(library, name, answer)
    except Exception as reason:  # a library that is absent or does not know a setting
        print(library, name, "failed:", str(reason).splitlines()[0] if str(reason) else type(reason).__name__, file=sys.stderr)


def main():
    versions = {}
    for library in ("dp-accounting", "prv-accountant"):
        try:
            versions[library] = version(library)
        except Exception:
            print(library, "is not installed", file=sys.stderr)
    print("versions", *(f"{name}={number}" for name, number in versions.items()))
    for line in sys.stdin:
        name, *numbers = line.split()
        kinds = [(float(z), float(q), int(rounds)) for z, q, rounds in zip(*[iter(numbers)] * 3)]
        if "dp-accounting" in versions:
            attempt("dp-accounting-pld", name, lambda: dp_accounting(kinds, "pld"))
            attempt("dp-accounting-rdp", name, lambda: dp_accounting(kinds, "rdp"))
        if "prv-accountant" in versions:
            attempt("prv-accountant", name, lambda: prv(kinds))


main()
