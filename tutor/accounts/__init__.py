"""GitHub, Google and Kaggle: where a credential lies, whether the service accepts it, what it may do, and how to get one.

Knows no screen. One room for each service, all with the same face (`model.Account`); `guide` is how a learner is led to a credential.
"""
