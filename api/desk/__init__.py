"""The reference client of recipients and custodians (`pithead desk`): it alone opens what reporters entrust."""
