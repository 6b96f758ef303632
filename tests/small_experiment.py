"""A small experiment: two markets, a lever, a sweep; 8 runs."""

CONFIG = """
name = "small"
question = "Does it run?"
start = 2023-01-02
weeks = 60
seed = 3
replicates = 2
[markets.west]
profile = "west"
consumers = 300
launch = 2023-01-02
[markets.asia]
profile = "asia"
consumers = 200
[[scenarios]]
name = "deal"
levers = [{ kind = "set", market = "west", start = 5, weeks = 2, values = { "price.discount" = 0.5 } }]
[sweep]
"markets.west.norm.strength" = [0.0, 2.0]
"""
