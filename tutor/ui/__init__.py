"""The screen: draws events, sends commands. The only room that may import Textual."""
