// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Linux' scripts for gdb and Debian's cloud kernel with debugging information, as {@code releng/test-linux-gdb} gives them. */
public final class LinuxScripts {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-linux-gdb");

  private LinuxScripts() {}

  /** The folder with {@code vmlinux} and {@code scripts/gdb}; what can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
