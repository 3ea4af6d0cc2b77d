// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Domain identities with a meaning of their own ({@code xen.h}). Names as there. */
public final class DomainId {
  public static final int DOMID_FIRST_RESERVED = 0x7ff0;
  public static final int DOMID_SELF = 0x7ff0;
  public static final int DOMID_IO = 0x7ff1;
  public static final int DOMID_XEN = 0x7ff2;
  public static final int DOMID_COW = 0x7ff3;
  public static final int DOMID_INVALID = 0x7ff4;
  public static final int DOMID_ANY = 0x7ff5;
  public static final int DOMID_MASK = 0x7fff;
  public static final int DOMID_IDLE = 0x7fff;

  private DomainId() {
  }
}
