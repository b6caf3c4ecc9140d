"""main.py OUTDIR: the broad app, and what it reads from its objects."""

import os
import sys

from by_hand import by_hand
from cdk8s import App
from parts.clusters import clusters
from parts.exposure import exposure
from parts.functions import functions
from parts.placement import placement
from parts.pods import pods
from parts.releases import releases
from parts.scaling import scaling
from parts.traffic import traffic
from report import Report

outdir = sys.argv[1]
app = App(outdir=outdir)
report = Report()
for part in [by_hand, clusters, exposure, functions, placement, pods, releases, scaling, traffic]:
    part(app, report)
app.synth()
report.write(os.path.join(outdir, "report.txt"))
