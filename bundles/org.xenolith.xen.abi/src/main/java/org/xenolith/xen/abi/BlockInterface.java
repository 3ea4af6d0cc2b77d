// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Operations, status and flags of the block interface ({@code io/blkif.h}). Names as there. */
public final class BlockInterface {
  public static final int BLKIF_RSP_OKAY = 0;
  public static final int BLKIF_OP_READ = 0;
  public static final int BLKIF_OP_WRITE = 1;
  public static final int BLKIF_DISCARD_SECURE = 1;
  public static final int BLKIF_RSP_ERROR = -1;
  public static final int BLKIF_RSP_EOPNOTSUPP = -2;
  public static final int BLKIF_OP_WRITE_BARRIER = 2;
  public static final int BLKIF_OP_FLUSH_DISKCACHE = 3;
  public static final int BLKIF_OP_RESERVED_1 = 4;
  public static final int BLKIF_OP_DISCARD = 5;
  public static final int BLKIF_OP_INDIRECT = 6;
  public static final int BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST = 8;
  public static final int BLKIF_MAX_SEGMENTS_PER_REQUEST = 11;
  public static final int VDISK_CDROM = 1;
  public static final int VDISK_REMOVABLE = 2;
  public static final int VDISK_READONLY = 4;

  private BlockInterface() {
  }
}
