"""The tour: a scripted guide, served on this machine in the wire format of a real endpoint."""
