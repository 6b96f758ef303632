"""The checks behind ``abm verify``: their predictions, that they can fail, and their page."""
