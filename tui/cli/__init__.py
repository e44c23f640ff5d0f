"""The command line: composes all the layers."""
