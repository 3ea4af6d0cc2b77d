// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.RunReport;
import org.xenolith.testkit.FullLane;

/** Code that is kept between runs: it changes nothing that a guest does, and what is damaged is told of and not executed. */
@FullLane
class TranslationCacheTest {
  @TempDir
  private Path work;

  private Map<String, String> keeping(String where) {
    return Map.of("XENOLITH_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Dxenolith.memory=outside -Dxenolith.translations=" + where);
  }

  private Path folder() {
    return work.resolve("translations");
  }

  private String digest(String where, String... more) throws InterruptedException {
    Path report = work.resolve("report.json");
    Object[] line = Stream.concat(Stream.of("boot", "--guest", "tiny", "--verbose", "--report", report), Stream.of(more)).toArray();
    said = Product.run(keeping(where), line).expect(0);
    return RunReport.read(report).digest();
  }

  private Outcome said;

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.getFirst();
    }
  }

  @Test
  void aRunWithKeptCodeIsTheSameRun() throws IOException, InterruptedException {
    String none = digest("off");
    assertFalse(Files.exists(folder()));
    assertEquals(none, digest(folder().toString()));
    Object written = Files.getAttribute(onlyFile(), "unix:ino");
    assertEquals(none, digest(folder().toString()));
    assertEquals(written, Files.getAttribute(onlyFile(), "unix:ino"), "a run that had all code wrote it again");
    assertEquals(none, digest(folder().toString(), "--engine", "interpreter"));
  }

  @Test
  void aDamagedFileIsToldOfAndMadeAnew() throws IOException, InterruptedException {
    String first = digest(folder().toString());
    byte[] good = Files.readAllBytes(onlyFile());
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 16;
    Files.write(onlyFile(), bad);
    assertEquals(first, digest(folder().toString()));
    said.errHas("kept-translations.*cpu0.*" + onlyFile().getFileName() + " is damaged: its sum differs");
    assertEquals(good.length, Files.size(onlyFile()));
    assertEquals(first, digest(folder().toString()));
    assertFalse(said.err().contains("kept-translations"), said::toString);
  }

  @Test
  void theCacheIsListedAndCleared() throws IOException, InterruptedException {
    digest(folder().toString());
    String name = onlyFile().getFileName().toString();
    Product.run(keeping(folder().toString()), "cache", "list").expect(0).outHas("(?m)^ *[\\d,]+  20\\S+Z  " + name + "$").outHas(
        "bytes in 1 file in " + folder());
    Product.run(keeping(folder().toString()), "cache", "clear").expect(0).outHas("deleted 1 file in " + folder());
    Product.run(keeping(folder().toString()), "cache").expect(0).outHas("0  bytes in 0 files in " + folder());
    Product.run(keeping("off"), "cache").expect(0).outHas("0 files in no folder");
    Path file = Files.writeString(work.resolve("file"), "");
    Product.run(keeping(file.toString()), "cache", "list").expect(2).errHas("the folder '" + file);
  }
}
