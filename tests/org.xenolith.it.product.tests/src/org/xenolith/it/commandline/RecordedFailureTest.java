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
        runs.add(Product.guide(line.replace("target/", work + "/")).expect(3));
      }
    }
    assertEquals(3, runs.size());
    assertTrue(runs.getFirst().out().contains("tick 3"), runs.getFirst()::out);
    assertEquals(runs.getFirst().out(), runs.get(1).out());
    assertEquals(runs.getFirst().out(), runs.get(2).out());
    List<String> events = Files.readAllLines(work.resolve("failed.json")).stream().filter(line -> line.contains("\"cat\":\"console\""))
        .toList();
    assertTrue(events.getLast().contains("\"text\":\"tick 3\""), events::toString);
  }

  @Test
  void aRecordingThatIsCutOrOfAnotherVersionIsRefusedWithItsPlace() throws Exception {
    String header = "xenolith-journal 2\ntopology 00\ncommand - --guest tiny --memory 64M\n";
    Path cut = Files.writeString(work.resolve("cut.journal"), header + "7 7 input serial /pl011@90");
    Path later = Files.writeString(work.resolve("later.journal"), header.replace("journal 2", "journal 9"));
    Product.run("boot", "--replay", cut, "--history").expect(2).errHas("cut.journal, line 4: the file is cut, its last line has no end");
    Product.run("boot", "--replay", later, "--gdb", "halted").expect(2).errHas(
        "later.journal, line 1: .*format 9 is of a later version of Xenolith, this one reads format 2");
  }
}
