// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Properties;

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

  private static final String COMPILER = "compiler.";

  /**
   * What Debian's Xen for an architecture says of itself: {@code debian.properties}, which has a line more for another one.
   *
   * @param capabilities kinds of guests, which name the architecture; of one that isn't there {@link #OURS} are true
   */
  static BuildFacts debian(String capabilities) {
    Properties said = new Properties();
    try (InputStream in = BuildFacts.class.getResourceAsStream("debian.properties")) {
      said.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return said.stringPropertyNames().stream().filter(key -> key.startsWith(COMPILER)).map(key -> key.substring(COMPILER.length()))
        .filter(capabilities::contains).findFirst().map(name -> new BuildFacts(said.getProperty(COMPILER + name), said.getProperty("by"),
            said.getProperty("domain"), said.getProperty("date"), HexFormat.of().parseHex(said.getProperty("id." + name)))).orElse(OURS);
  }
}
