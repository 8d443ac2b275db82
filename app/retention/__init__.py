"""The sweeper: ends by the clock what is over, and writes down what it ended."""
