// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/**
 * A devicetree that can't be read, built or interpreted: what is wrong, where, and what to do about it.
 *
 * <p>It is the only exception that reading a blob and looking at its properties can give.
 */
public final class FdtException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** Value of {@link #offset()} when the fault isn't at one place of a blob. */
  public static final long NO_OFFSET = -1;

  private final long offset;
  private final String what;
  private final String remedy;

  /**
   * @param offset byte offset from the start of the blob, or {@link #NO_OFFSET}
   * @param what   the fault, naming node and property where there are any
   * @param remedy what the user can do
   */
  public FdtException(long offset, String what, String remedy) {
    super((offset == NO_OFFSET ? "" : "offset 0x" + Long.toHexString(offset) + ": ") + what + "; " + remedy);
    this.offset = offset;
    this.what = what;
    this.remedy = remedy;
  }

  FdtException(String what, String remedy) {
    this(NO_OFFSET, what, remedy);
  }

  /** The same fault, placed in a blob. */
  FdtException at(long place, String path) {
    return new FdtException(place, path + ": " + what, remedy);
  }

  /** Byte offset from the start of the blob, or {@link #NO_OFFSET}. */
  public long offset() {
    return offset;
  }

  /** The fault without place and remedy. */
  public String what() {
    return what;
  }

  /** What the user can do about it. */
  public String remedy() {
    return remedy;
  }
}
