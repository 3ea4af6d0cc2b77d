// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Linux' scripts for gdb and Debian's kernels with debugging information, the cloud kernel of PCs and that of Arm, as {@code releng/test-linux-gdb} gives them. */
public final class LinuxScripts {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-linux-gdb");
  private static final FetchScript ARM = new FetchScript("releng/test-linux-gdb", "arm64");

  private LinuxScripts() {}

  /** The folder with {@code vmlinux} and {@code scripts/gdb}; what can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }

  /** The same of Arm's kernel. */
  public static Path fetchedForArm() throws InterruptedException {
    return ARM.fetched();
  }
}
