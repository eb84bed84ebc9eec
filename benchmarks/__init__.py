"""Speed and growth, each beside a named floor, as ratios within one run."""
