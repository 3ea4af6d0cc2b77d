// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of console_io ({@code xen.h}). Names as there. */
public final class ConsoleIo {
  public static final int CONSOLEIO_write = 0;
  public static final int CONSOLEIO_read = 1;

  private ConsoleIo() {
  }
}
