"""What every mechanism has in common: a frozen class of parameters that explain themselves."""

from pydantic import BaseModel

from abm.parameters import STRICT


class Mechanism(BaseModel):
    """Parameters of one behavioural idea; unknown names, wrong types, NaN and infinities are refused."""

    model_config = STRICT
