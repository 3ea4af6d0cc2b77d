// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of QEMU's on PATH. */
final class QemuProgram {
  private QemuProgram() {}

  /**
   * Where a program is.
   *
   * @param name    such as {@code qemu-aarch64}
   * @param packaged the Debian package that has it
   * @throws AssertionError if it isn't on PATH
   */
  static String find(String name, String packaged) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, name)).filter(Files::isExecutable)
        .findFirst().map(Path::toString)
        .orElseThrow(() -> new AssertionError("%s is not on PATH: install %s, or let releng/test-tools fetch it".formatted(name,
            packaged)));
  }
}
