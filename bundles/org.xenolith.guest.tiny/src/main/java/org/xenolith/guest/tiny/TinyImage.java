// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.xenolith.a64.isa.Assembler;

/** The guest's memory image. */
final class TinyImage {
  private static final String SOURCE = "tiny.s";

  private TinyImage() {}

  /** Assembles the image. It runs at any 4 KiB aligned address; the loader chooses a 2 MiB aligned one. */
  static byte[] assemble() {
    return Assembler.program(0, source()).bytes();
  }

  private static String source() {
    try (InputStream in = TinyImage.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the bundle lacks its resource " + SOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
