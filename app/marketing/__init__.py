"""Marketing: news by mail, to people who turned it on, for as long as they do not turn it off."""
