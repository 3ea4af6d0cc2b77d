// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_setnodeaffinity and XEN_DOMCTL_getnodeaffinity; a {@link ControlBitmap} ({@code struct
 * xen_domctl_nodeaffinity}).
 */
public final class DomctlNodeAffinity extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int NODEMAP = 0;
  /** Bytes of {@code nodemap}. */
  public static final int NODEMAP_BYTES = 16;
}
