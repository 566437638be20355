"""How long courses of the state machines are: short and always the same in `make test`, long and ever new apart."""

from hypothesis import HealthCheck, Phase, settings

# Each step visits a real database or store: how long one takes says nothing, and a course costs about a second.
_PLAIN = settings(deadline=None, database=None, derandomize=False, suppress_health_check=list(HealthCheck))
# The short ones are not made shorter when one fails: that takes minutes, and the long ones do it.
SHORT = settings(_PLAIN, max_examples=12, stateful_step_count=25, derandomize=True, phases=[Phase.generate])
LONG = settings(_PLAIN, max_examples=150, stateful_step_count=50)
# Courses that visit nothing are cheap: more of them, and thousands at length.
PURE = settings(SHORT, max_examples=80, stateful_step_count=40)
PURE_LONG = settings(_PLAIN, max_examples=1_000, stateful_step_count=60)
