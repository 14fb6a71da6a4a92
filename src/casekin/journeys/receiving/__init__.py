"""What comes over the network: reports that join their studies, objects on their way to cases, rejections, pulls."""
