"""One learner in one lesson: commands in, events out, the store written before an event is published. Knows no screen and no Jupyter."""
