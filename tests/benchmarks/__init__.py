"""`make bench`: how far this service is from the limit of the same machine, in ratios. Nothing is asserted.

Each module that is named in `__main__.BENCHMARKS` measures one or more rows of the goals. The limit and our server take
turns, each alone on one core; what sends the load, PostgreSQL and Valkey have the other cores.
"""
