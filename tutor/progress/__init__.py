"""What the learner has done, in SQLite under TUTOR_HOME."""
