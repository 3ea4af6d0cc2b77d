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

/** Replays results of x86-64 processors (AMD family 19h; Intel family 6, model 85), recorded by {@code x87-vectors.c}. */
class X87GoldenTest {
  private static final Path RESOURCES = Path.of(System.getProperty("basedir", "."), "src/test/resources/org/xenolith/x64/fp");

  @Test
  void everyRecordedResultAndStatusWordIsReproduced() throws IOException {
    X87Vectors vectors = replay("x87.bin.gz");
    assertEquals(List.of(), vectors.wrong);
    assertEquals(20_000, vectors.count);
    assertTrue(vectors.unmasked > 300, "unmasked exceptions recorded");
    for (int op = 0; op < 26; op++) {
      assertTrue(vectors.perOperation[op] > 500, "records of operation " + op);
    }
  }

  @Test
  void transcendentalResultsAreWithinOneOfTheLastPlaceAndTheirFlagsAsRecorded() throws IOException {
    X87Vectors vectors = replay("x87-transcendental.bin.gz");
    assertEquals(List.of(), vectors.wrong);
    assertEquals(12_000, vectors.count);
    assertTrue(vectors.unmasked > 400, "unmasked exceptions recorded");
    for (int op = 26; op < X87Vectors.OPERATIONS; op++) {
      assertTrue(vectors.perOperation[op] > 550, "records of operation " + op);
    }
    for (int op = 26; op <= 33; op++) {
      // The processor rounds correctly in most cases, so that much more would be an error of ours.
      assertTrue(vectors.equal[op] > 250, vectors.equal[op] + " equal of operation " + op);
      assertTrue(vectors.adjacent[op] * 8 < vectors.equal[op], vectors.adjacent[op] + " not equal of operation " + op);
    }
  }

  private static X87Vectors replay(String name) throws IOException {
    var vectors = new X87Vectors();
    try (var in = new GZIPInputStream(Files.newInputStream(RESOURCES.resolve(name)))) {
      vectors.replay(in);
    }
    return vectors;
  }
}
