// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import java.util.HexFormat;

/**
 * What tools and kernels are told of the build: what Debian 12's Xen on arm64 tells, whose ABI this is, so that nothing that
 * compares versions takes another path.
 */
final class BuildFacts {
  static final int MAJOR = 4;
  static final int MINOR = 17;
  static final String EXTRA_VERSION = ".7";
  static final String COMPILER = "aarch64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0";
  static final String COMPILED_BY = "pkg-xen-devel";
  static final String COMPILE_DOMAIN = "lists.alioth.debian.org";
  static final String COMPILE_DATE = "Wed Nov  4 16:52:28 UTC 2026";
  /** For any machine; with AArch32 at EL1 the next one, too. */
  static final String AARCH64 = "xen-3.0-aarch64 ";
  static final String AARCH32 = "xen-3.0-armv7l ";
  static final String CHANGESET = "";
  /** Where the hypervisor's own addresses begin. */
  static final long VIRTUAL_START = 0x20_0000;

  private static final byte[] BUILD_ID = HexFormat.of().parseHex("7a23ea1ef3374f2c4453d67a7962e1d695e9f270");

  private BuildFacts() {}

  /** The build identifier, 20 bytes. */
  static byte[] buildId() {
    return BUILD_ID.clone();
  }
}
