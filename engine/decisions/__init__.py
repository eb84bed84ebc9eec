"""What process owners write as rules: FEEL and DMN."""
