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

/** Replays results of an x86-64 processor (AMD family 19h), recorded by {@code x87-vectors.c}. */
class X87GoldenTest {
  private static final Path VECTORS = Path.of(System.getProperty("basedir", "."), "src/test/resources/org/xenolith/x64/fp/x87.bin.gz");

  @Test
  void everyRecordedResultAndStatusWordIsReproduced() throws IOException {
    var vectors = new X87Vectors();
    try (var in = new GZIPInputStream(Files.newInputStream(VECTORS))) {
      vectors.replay(in);
    }
    assertEquals(List.of(), vectors.wrong);
    assertEquals(20_000, vectors.count);
    assertTrue(vectors.unmasked > 300, "unmasked exceptions recorded");
    for (int op = 0; op < 26; op++) {
      assertTrue(vectors.perOperation[op] > 500, "records of operation " + op);
    }
  }
}
