"""Puts the model that the fixture Bentos carry into the model store."""

import pathlib

import bentoml

with bentoml.models.create("word-table:v1") as model:
    pathlib.Path(model.path_of("words.txt")).write_text("ant\nbee\ncat\n" * 512)
