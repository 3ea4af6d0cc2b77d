// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Debian's Xen for arm64, as {@code releng/test-xen} gives it. */
public final class XenHypervisor {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-xen");

  private XenHypervisor() {}

  /** The hypervisor's file; a hypervisor that can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
