// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Replays results of an x86-64 processor (AMD family 19h), recorded by {@code sse-vectors.c}. */
class SseGoldenTest {
  private static final Path VECTORS = Path.of(System.getProperty("basedir", "."), "src/test/resources/org/xenolith/x64/fp/sse.bin.gz");

  @Test
  void everyRecordedResultAndFlagIsReproduced() throws IOException {
    var vectors = new SseVectors();
    try (var in = new GZIPInputStream(Files.newInputStream(VECTORS))) {
      vectors.replay(in);
    }
    assertEquals(List.of(), vectors.wrong);
    assertEquals(20_000, vectors.count);
    assertTrue(vectors.unmasked > 300, "unmasked exceptions recorded");
    for (int op = 0; op < 74; op++) {
      if (op < 34 || op >= 40) {
        assertTrue(vectors.perOperation[op] > 200, "records of operation " + op);
      }
    }
  }
}
