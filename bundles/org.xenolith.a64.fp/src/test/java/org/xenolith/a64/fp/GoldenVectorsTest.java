// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Replays recorded results of qemu-aarch64 7.2 user mode: 70 vectors for each instruction. */
class GoldenVectorsTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/org/xenolith/a64/fp/golden.txt.gz");

  @Test
  void everyRecordedResultAndFlagIsReproduced() throws IOException {
    var operations = Operation.all();
    var seen = new HashSet<String>();
    var wrong = new ArrayList<String>();
    int vectors = 0;
    Operation operation = null;
    for (String line : lines()) {
      if (line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        operation = operations.get(line);
        assertNotNull(operation, "recorded, but not tested here: " + line);
        seen.add(line);
        continue;
      }
      vectors++;
      long[] v = new long[6];
      String[] fields = line.substring(1).split(" ");
      for (int i = 0; i < fields.length; i++) {
        v[i] = Long.parseUnsignedLong(fields[i], 16);
      }
      int last = fields.length - 1;
      long b = last > 3 ? v[2] : 0;
      long c = last > 4 ? v[3] : 0;
      for (int before : new int[] {0, FpStatus.IXC}) {   // IXC already set takes another way through the fast paths
        long[] got = operation.run(v[1], b, c, (int) v[0], before);
        if (got[0] != v[last - 1] || got[1] != (v[last] | before)) {
          wrong.add(String.format("%s:%s gave %x %x with IXC %s", operation, line, got[0], got[1], before != 0));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(operations.keySet(), seen, "instructions recorded");
    assertEquals(20020, vectors);
  }

  private static List<String> lines() throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(VECTORS))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }
}
