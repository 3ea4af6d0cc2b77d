// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import java.util.HexFormat;

/**
 * What tools and kernels are told of the build. The ABI's version is Xen's in any case, so that nothing that compares versions takes
 * another path; who compiled it, with what and when, is Xenolith's own, or Debian's for a run that is held against Debian's Xen.
 *
 * @param compiler what compiled it
 * @param compiledBy who compiled it
 * @param compileDomain where
 * @param compileDate when; a fixed text, so that two runs are alike
 * @param buildId the build identifier; empty when there is none
 */
record BuildFacts(String compiler, String compiledBy, String compileDomain, String compileDate, byte[] buildId) {
  static final int MAJOR = 4;
  static final int MINOR = 17;
  static final String EXTRA_VERSION = ".7";
  static final String CHANGESET = "";

  /** What is true: no compiler of C had part in it, and no linker gave it an identifier. */
  static final BuildFacts OURS = new BuildFacts("Java", "xenolith", "xenolith", "", new byte[0]);

  /** What Debian 12's Xen for arm64 (package xen-hypervisor-4.17-arm64 4.17.7+13-g2445b30a44-0+deb12u1) says of itself. */
  static final BuildFacts DEBIAN = new BuildFacts("aarch64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "pkg-xen-devel",
      "lists.alioth.debian.org", "Wed Nov  4 16:52:28 UTC 2026", HexFormat.of().parseHex("7a23ea1ef3374f2c4453d67a7962e1d695e9f270"));

  /** The same of its Xen for amd64 (package xen-hypervisor-4.17-amd64 of that version), which was made at the same second. */
  static final BuildFacts DEBIAN_AMD64 = new BuildFacts("x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0", DEBIAN.compiledBy,
      DEBIAN.compileDomain, DEBIAN.compileDate, HexFormat.of().parseHex("151b373fd64b321593bf987fd923cd10dabadac4"));
}
