"""The cluster engine: an index on a Milvus server, behind the same handle."""

from casekin.index.cluster.address import Address, is_address, parse_address
from casekin.index.cluster.index import ClusterIndex

__all__ = ["Address", "ClusterIndex", "is_address", "parse_address"]
