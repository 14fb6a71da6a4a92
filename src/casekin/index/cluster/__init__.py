"""The cluster engine: an index on a Milvus server, behind the same handle."""

from casekin.index.cluster.address import Address, parse_address, show_address
from casekin.index.cluster.index import ClusterIndex

__all__ = ["Address", "ClusterIndex", "parse_address", "show_address"]
