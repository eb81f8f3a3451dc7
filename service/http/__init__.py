"""What HTTP asks of every answer: caching, links, errors as answers, connections that nobody can hold for ever."""
