"""Why two markets differ: Shapley values over mechanisms, and path dependence."""
