// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_setdomainhandle ({@code struct xen_domctl_setdomainhandle}). */
public final class DomctlSetDomainHandle extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int HANDLE = 0;
  /** Bytes of {@code handle}. */
  public static final int HANDLE_BYTES = 16;
}
