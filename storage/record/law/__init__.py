"""Every number of the law: article, value, in force from and to."""

from storage.record.law.parameters import PARAMETERS, NotInForce, Parameter, parameter

__all__ = ["PARAMETERS", "NotInForce", "Parameter", "parameter"]
