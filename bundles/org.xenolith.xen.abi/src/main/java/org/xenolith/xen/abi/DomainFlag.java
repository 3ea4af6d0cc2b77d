// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** State of a domain in {@link DomctlGetDomainInfo} ({@code domctl.h}). Names as there. */
public final class DomainFlag {
  public static final int XEN_DOMINF_dying = 1;
  public static final int XEN_DOMINF_hvm_guest = 2;
  public static final int XEN_DOMINF_shutdown = 4;
  public static final int XEN_DOMINF_paused = 8;
  public static final int XEN_DOMINF_blocked = 16;
  public static final int XEN_DOMINF_shutdownshift = 16;
  public static final int XEN_DOMINF_running = 32;
  public static final int XEN_DOMINF_debugged = 64;
  public static final int XEN_DOMINF_xs_domain = 128;
  public static final int XEN_DOMINF_shutdownmask = 255;
  public static final int XEN_DOMINF_hap = 0x100;
  public static final int XEN_INVALID_MAX_VCPU_ID = 0xffffffff;

  private DomainFlag() {
  }
}
