// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Status of a single grant operation ({@code grant_table.h}). Names as there. */
public final class GrantStatus {
  public static final int GNTST_okay = 0;
  public static final int GNTST_general_error = -1;
  public static final int GNTST_bad_domain = -2;
  public static final int GNTST_bad_gntref = -3;
  public static final int GNTST_bad_handle = -4;
  public static final int GNTST_bad_virt_addr = -5;
  public static final int GNTST_bad_dev_addr = -6;
  public static final int GNTST_no_device_space = -7;
  public static final int GNTST_permission_denied = -8;
  public static final int GNTST_bad_page = -9;
  public static final int GNTST_bad_copy_arg = -10;
  public static final int GNTST_address_too_big = -11;
  public static final int GNTST_eagain = -12;
  public static final int GNTST_no_space = -13;

  private GrantStatus() {
  }
}
