// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** What modules for Debian's cloud kernel are built with, as {@code releng/test-linux-headers} gives it. */
public final class LinuxHeaders {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-linux-headers");

  private LinuxHeaders() {}

  /** The folder that make is told of; what can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
