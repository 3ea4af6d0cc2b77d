// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of xen_version ({@code version.h}). Names as there. */
public final class VersionOp {
  public static final int XENVER_version = 0;
  public static final int XENVER_extraversion = 1;
  public static final int XENVER_compile_info = 2;
  public static final int XENVER_capabilities = 3;
  public static final int XENVER_changeset = 4;
  public static final int XENVER_platform_parameters = 5;
  public static final int XENVER_get_features = 6;
  public static final int XENVER_pagesize = 7;
  public static final int XENVER_guest_handle = 8;
  public static final int XENVER_commandline = 9;
  public static final int XENVER_build_id = 10;

  private VersionOp() {
  }
}
