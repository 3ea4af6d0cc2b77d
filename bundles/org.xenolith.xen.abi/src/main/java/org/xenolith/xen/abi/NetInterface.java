// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Flags, types and status of the network interface ({@code io/netif.h}). Names as there. */
public final class NetInterface {
  public static final int NETIF_RSP_OKAY = 0;
  public static final int NETIF_RSP_NULL = 1;
  public static final int NETIF_RSP_ERROR = -1;
  public static final int NETIF_RSP_DROPPED = -2;
  public static final int NETRXF_data_validated = 1;
  public static final int NETRXF_csum_blank = 2;
  public static final int NETRXF_more_data = 4;
  public static final int NETRXF_extra_info = 8;
  public static final int NETRXF_gso_prefix = 16;
  public static final int NETTXF_csum_blank = 1;
  public static final int NETTXF_data_validated = 2;
  public static final int NETTXF_more_data = 4;
  public static final int NETTXF_extra_info = 8;
  public static final int XEN_NETIF_EXTRA_TYPE_NONE = 0;
  public static final int XEN_NETIF_GSO_TYPE_NONE = 0;
  public static final int XEN_NETIF_GSO_TYPE_TCPV4 = 1;
  public static final int XEN_NETIF_EXTRA_FLAG_MORE = 1;
  public static final int XEN_NETIF_EXTRA_TYPE_GSO = 1;
  public static final int XEN_NETIF_EXTRA_TYPE_MCAST_ADD = 2;
  public static final int XEN_NETIF_GSO_TYPE_TCPV6 = 2;
  public static final int XEN_NETIF_EXTRA_TYPE_MCAST_DEL = 3;
  public static final int XEN_NETIF_EXTRA_TYPE_HASH = 4;
  public static final int XEN_NETIF_EXTRA_TYPE_MAX = 5;

  private NetInterface() {
  }
}
