"""The version of the model: what results are made with."""

MODEL_VERSION = 1  # raised by every change that alters numbers; see CHANGELOG.md
