// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;

/**
 * What the JDK makes when it is asked for the first time, and every start asks for: made beside the framework's start, on the second core. Nothing depends on it; who
 * comes earlier makes it himself, or waits for the rest of it.
 */
final class Beforehand {
  /** Of a call to a function of the host's: {@code HostFunction} of the machine kit has the same. */
  static final int OPERANDS = 7;

  private Beforehand() {}

  /** Begins. @param calls whether functions of the host's will be called */
  static Thread begin(boolean calls) {
    return Thread.ofPlatform().daemon().name("beforehand").start(() -> {
      if (calls) {
        Linker.nativeLinker().downcallHandle(call(), Linker.Option.critical(false));
      }
      digest();
    });
  }

  /** The type of functions that are called; the JDK keeps what calls those of one type with the same options. */
  static FunctionDescriptor call() {
    return FunctionDescriptor.of(JAVA_LONG, Collections.nCopies(OPERANDS, JAVA_LONG).toArray(MemoryLayout[]::new));
  }

  private static void digest() {
    try {
      MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      // Who needs it says so.
    }
  }
}
