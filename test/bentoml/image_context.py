"""Writes the build context of a Bento's image, as `bentoml containerize` hands it to Docker, into a folder."""

import shutil
import sys

import bentoml
from bentoml._internal.container import construct_containerfile

tag, folder = sys.argv[1:]
with construct_containerfile(bentoml.get(tag)) as (context, _):
    shutil.copytree(context, folder)
