"""Full screens and the questions that cover them."""
