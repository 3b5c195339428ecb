"""Trains livedream's own network from scratch: emoji over textures, cell by cell, against an adversary."""
