// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a trace in the Common Trace Format. */
final class CtfFolder {
  private CtfFolder() {}

  /**
   * Makes it, or takes one that is empty or has nothing but an earlier trace of ours, and puts a description into it.
   *
   * @throws IOException if it has something else
   */
  static void make(Path folder, String metadata) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        List<String> others = files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(CtfWriter.DATA) && !name.equals(
            CtfWriter.METADATA)).sorted().toList();
        if (!others.isEmpty()) {
          throw new IOException("the folder has other files than a trace's: " + others.getFirst());
        }
      }
    } else {
      Files.createDirectory(folder);
    }
    Files.writeString(folder.resolve(CtfWriter.METADATA), metadata);
  }
}
