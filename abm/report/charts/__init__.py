"""What all figures share: style, bands, line panels."""
