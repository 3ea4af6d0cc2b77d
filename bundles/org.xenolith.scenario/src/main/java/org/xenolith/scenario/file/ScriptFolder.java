// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the files of a scenario lie: a folder in the cache that its text names. A path may become state of a machine (the
 * configuration of a domain), so it must be the same in every run.
 */
final class ScriptFolder {
  private static final int DIGITS = 16;

  private ScriptFolder() {}

  static Path of(String scenario) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(scenario.getBytes(StandardCharsets.UTF_8));
      return cache().resolve("scenarios").resolve(HexFormat.of().formatHex(digest).substring(0, DIGITS));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** As the launcher script has it. */
  private static Path cache() {
    String own = System.getenv("XENOLITH_CACHE");
    if (own != null) {
      return Path.of(own);
    }
    String user = System.getenv("XDG_CACHE_HOME");
    return (user == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(user)).resolve("xenolith");
  }
}
