// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** A recording is all that another computer needs to come to the same end; one that is cut or of another version is refused, whatever is wanted of it. */
class RecordedFailureTest {
  @TempDir
  private Path work;

  @FullLane
  @Test
  void theGuidesCommandsWork() throws Exception {
    Matcher fences = Pattern.compile("(?ms)^<!-- run by RecordedFailureTest.theGuidesCommandsWork in the full lane: .*?-->\n```\n(.*?)^```")
        .matcher(Files.readString(Product.root().resolve("docs/guides/ci-recording.md")));
    List<Outcome> runs = new ArrayList<>();
    while (fences.find()) {
      for (String line : fences.group(1).lines().toList()) {
        runs.add(Product.guide(line.replace("target/", work + "/")).expect(line.contains("journals") ? 5 : 3));
      }
    }
    assertEquals(6, runs.size());
    String console = runs.getFirst().out();
    assertTrue(console.contains("tick 3"), console);
    runs.get(2).errHas("the scenario fails here\n.*wrong-prompt.journal:\\d+: step \\d+, expect .* failed").outHas(
        "(?m)^\\(xenolith\\) bt( all)?$").outHas("#0  0x");
    String opened = runs.get(3).out();
    assertTrue(opened.startsWith(console + "(xenolith) status\n"), opened);
    runs.get(3).outHas("\\(xenolith\\) back 10\nin the past: [0-9,]+ instructions");
    assertEquals(console, runs.get(4).out());
    assertEquals(console, runs.get(5).out());
    List<String> events = Files.readAllLines(work.resolve("failed.json")).stream().filter(line -> line.contains("\"cat\":\"console\""))
        .toList();
    assertTrue(events.getLast().contains("\"text\":\"tick 3\""), events::toString);
  }

  /** As the guide says it: nothing of the first computer is there but the file. */
  @FullLane
  @Test
  void aKernelsPanicIsOpenedWhereTheKernelCalledIt() throws Exception {
    Path folder = Files.createDirectory(work.resolve("first"));
    Files.writeString(folder.resolve("panics.scenario"), """
        platform: {board: virt, gic: 3, cpus: 2, memory: 256M}
        guest: {name: debian, append: xl.shell}
        steps:
          - expect: 'xenolith:/# $'
          - type: "echo c > /proc/sysrq-trigger\\n"
          - expect: 'never seen'
        """);
    Product.run("run", "--record", folder, folder.resolve("panics.scenario")).expect(1);
    Path journal = Files.move(folder.resolve("panics.journal"), work.resolve("issue.journal"));
    Files.delete(folder.resolve("panics.scenario"));
    long began = System.nanoTime();
    Outcome opened = Product.shell("echo 'regs X0' | ./xenolith open " + journal).expect(1);
    System.out.printf("from the recording to the failing instruction: %.1f s%n", (System.nanoTime() - began) / 1e9);
    opened.errHas("issue.journal:6: step 3, expect never seen, failed\n").errHas("the guest panicked: 'Kernel panic - not syncing: sysrq");
    opened.outHas("(?s)\\(xenolith\\) back-to panic\nin the past: .*\ncpu\\d at 0x\\w+ panic, EL1, .*#0  0x\\w+ panic\n"
        + "  #1  0x\\w+ sysrq_handle_crash.*#3  0x\\w+ write_sysrq_trigger").outHas("\\(xenolith\\) regs X0\nin the past: .*\nX0 = 0x");
  }

  @Test
  void aRecordingThatIsCutOrOfAnotherVersionIsRefusedWithItsPlace() throws Exception {
    String header = "xenolith-journal 2\ntopology 00\ncommand - --guest tiny --memory 64M\n";
    Path cut = Files.writeString(work.resolve("cut.journal"), header + "7 7 input serial /pl011@90");
    Path later = Files.writeString(work.resolve("later.journal"), header.replace("journal 2", "journal 9"));
    Product.run("boot", "--replay", cut, "--history").expect(2).errHas("cut.journal, line 4: the file is cut, its last line has no end");
    Product.run("open", later).expect(2).errHas(
        "recording '.*later.journal': line 1: it is of another version of Xenolith, .* this one reads"
            + " format 2: use that version, or record anew");
    Product.run("boot", "--replay", later, "--gdb", "halted").expect(2).errHas(
        "later.journal, line 1: .*format 9 is of a later version of Xenolith, this one reads format 2");
  }
}
