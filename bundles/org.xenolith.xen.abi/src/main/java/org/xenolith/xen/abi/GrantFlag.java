// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Flags of a grant entry and reserved references ({@code grant_table.h}). Names as there. */
public final class GrantFlag {
  public static final int GNTTAB_RESERVED_CONSOLE = 0;
  public static final int GNTTAB_RESERVED_XENSTORE = 1;
  public static final int GNTTAB_NR_RESERVED_ENTRIES = 8;
  public static final int GTF_invalid = 0;
  public static final int GTF_permit_access = 1;
  public static final int GTF_accept_transfer = 2;
  public static final int GTF_transitive = 3;
  public static final int GTF_type_mask = 3;
  public static final int GTF_transfer_committed = 4;
  public static final int GTF_readonly = 4;
  public static final int GTF_transfer_completed = 8;
  public static final int GTF_reading = 8;
  public static final int GTF_writing = 16;
  public static final int GTF_PWT = 32;
  public static final int GTF_PCD = 64;
  public static final int GTF_PAT = 128;
  public static final int GTF_sub_page = 0x100;

  private GrantFlag() {
  }
}
