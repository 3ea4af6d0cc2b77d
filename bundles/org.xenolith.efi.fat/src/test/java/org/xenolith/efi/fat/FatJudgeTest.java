// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.testkit.FullLane;

/** Volumes of mformat that the layer has written: fsck.fat of dosfstools finds nothing to mend, and mcopy of mtools reads what was written. */
@FullLane
class FatJudgeTest {
  @TempDir
  private Path work;

  private Path tools;

  private record Said(int code, String text) {}

  private Said run(String... command) throws Exception {
    List<String> found = new ArrayList<>(List.of(command));
    if (tools != null && Files.isExecutable(tools.resolve(command[0]))) {
      found.set(0, tools.resolve(command[0]).toString());
    }
    Process process = new ProcessBuilder(found).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), String.join(" ", command));
    return new Said(process.exitValue(), text);
  }

  private void fetch() throws Exception {
    String root = System.getProperty("xenolith.root");
    ProcessBuilder fetch = new ProcessBuilder((root == null ? "../.." : root) + "/releng/test-tools", "mformat", "mcopy", "mdir",
        "fsck.vfat").redirectError(
            ProcessBuilder.Redirect.INHERIT);
    Process process = fetch.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), said);
    tools = said.isEmpty() ? null : Path.of(said);
  }

  private void ok(String... command) throws Exception {
    Said said = run(command);
    assertEquals(0, said.code, () -> String.join(" ", command) + ": " + said.text);
  }

  private void fsck(Path file, int step) throws Exception {
    Said said = run("fsck.vfat", "-n", file.toString());
    assertEquals(0, said.code, () -> "after operation " + step + ": " + said.text);
  }

  /** What mformat makes, from a floppy's to 36 MB with 32 bits, in each the same number of operations. */
  @ParameterizedTest
  @CsvSource({"12,2880,2", "16,20000,1", "32,70000,1"})
  void fsckFindsNothingAndMcopyReadsWhatWasWritten(int bits, int sectors, int perCluster) throws Exception {
    fetch();
    Path file = work.resolve("volume");
    List<String> format = new ArrayList<>(List.of("mformat", "-i", file.toString(), "-C", "-T", "" + sectors, "-h", "2", "-s", "18", "-c",
        ""
            + perCluster, "-v", "FIRST", "-N", "12345678"));
    if (bits == 32) {
      format.add("-F");
    }
    ok(format.toArray(String[]::new));
    byte[] image = Files.readAllBytes(file);
    assertEquals(bits, Volume.of(image, image.length).orElseThrow().bits());
    RandomWrites writes = new RandomWrites(image, bits + 100);
    for (int i = 1; i <= 1000; i++) {
      writes.step();
      if (i % 100 == 0) {
        writes.check(writes.bench.image());
        Files.write(file, writes.bench.image());
        fsck(file, i);
      }
    }
    assertTrue(writes.expected.size() > 20, () -> "files: " + writes.expected.size());
    Path out = Files.createDirectory(work.resolve("out"));
    ok("mcopy", "-i", file.toString(), "-s", "-n", "-Q", "::*", out.toString());
    for (var each : writes.expected.entrySet()) {
      Path copied = out.resolve(each.getKey());
      if (each.getValue() == null) {
        assertTrue(Files.isDirectory(copied), each.getKey());
      } else if (each.getKey().chars().allMatch(character -> character < 0x80)) { // mtools writes others as the host's locale has them
        assertArrayEquals(each.getValue(), Files.readAllBytes(copied), each.getKey());
      }
    }
    assertEquals(0, writes.label("Second one"));
    Files.write(file, writes.bench.image());
    fsck(file, 1001);
    Said label = run("mdir", "-i", file.toString(), "::");
    assertTrue(label.text.contains("SECOND ONE"), label.text);
  }
}
