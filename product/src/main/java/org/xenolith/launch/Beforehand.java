// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What is made when it is asked for the first time, and every start asks for: made beside the framework's start, on the second core. Nothing depends on it; who comes
 * earlier makes it himself, or waits for the rest of it.
 */
final class Beforehand {
  /** Of the machine kit: its initialization has the JVM link calls of the host's functions. */
  static final String CALLS = "org.xenolith.machine.kit.HostFunction";

  private Beforehand() {}

  /** Begins. @param calls whether functions of the host's will be called */
  static Thread begin(boolean calls) {
    return Thread.ofPlatform().daemon().name("beforehand").start(() -> {
      if (calls) {
        initialize(CALLS);
      }
      digest();
    });
  }

  /** Initializes a class of the bundles that come with the product. Returns whether it is there. */
  static boolean initialize(String name) {
    try {
      Class.forName(name);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      // Who needs it says so.
      return false;
    }
  }

  private static void digest() {
    try {
      MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException | InternalError e) {
      // Who needs it says so.
    }
  }
}
