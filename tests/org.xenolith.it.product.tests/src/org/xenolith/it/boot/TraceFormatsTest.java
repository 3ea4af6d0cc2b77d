// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;

/** Traces of one short run in every form are read by whoever reads such files, and have the same events. */
class TraceFormatsTest {
  private static final Pattern EVENTS = Pattern.compile("trace: (\\d+) events in ");

  @TempDir
  private Path work;

  /** Traces a run, and says how many events it has. */
  private int traced(String text) throws InterruptedException {
    Outcome run = Product.run("boot", "--guest", "tiny", "--trace=" + text).expect(0);
    Matcher found = EVENTS.matcher(run.err());
    assertTrue(found.find(), run::err);
    return Integer.parseInt(found.group(1));
  }

  @Test
  void babeltraceReadsTheCommonTraceFormat() throws Exception {
    Path folder = work.resolve("ctf1");
    int events = traced(folder + ",format=ctf1");
    Outcome read = TestTools.run("babeltrace2", folder).expect(0);
    assertEquals("", read.err());
    List<String> lines = read.out().lines().toList();
    assertEquals(events, lines.size());
    assertTrue(lines.stream().anyMatch(line -> line.matches(
        "\\[00:00:00\\.000\\d+] \\(\\S+\\) access: \\{ cpu = 0, domain = -1, device = \"/pl011@9000000\" }, \\{ address = 0x9000\\w+, size = 4, write = 1, value = 0x\\w+ }")),
        lines::toString);
    assertTrue(read.out().contains("console: ") && read.out().contains("text = \"tick 10\", sent = 1"), read::out);
    Path limited = work.resolve("limited");
    int kept = traced(limited + ",format=ctf1,limit=8K");
    Outcome cut = TestTools.run("babeltrace2", limited).expect(0);
    assertEquals(kept, cut.out().lines().count());
    assertTrue(cut.err().contains("Tracer discarded " + (events - kept) + " events"), cut::err);
  }

  @Test
  void theSecondEditionHasTheSamePacketsAndIsDescribedInJson() throws Exception {
    Path folder = work.resolve("ctf2");
    Path first = work.resolve("first");
    traced(folder.toString());
    traced(first + ",format=ctf1");
    assertEquals(-1, Files.mismatch(folder.resolve("events"), first.resolve("events")));
    List<String> types = new ArrayList<>();
    String metadata = Files.readString(folder.resolve("metadata"));
    assertEquals('\u001E', metadata.charAt(0));
    for (String fragment : metadata.substring(1).split("\u001E")) {
      types.add(JsonParser.parseString(fragment).getAsJsonObject().get("type").getAsString());
    }
    assertEquals(List.of("preamble", "trace-class", "clock-class", "data-stream-class", "event-record-class"), types.stream().distinct()
        .toList());
  }

  @Test
  void theViewersJsonIsJson() throws Exception {
    Path file = work.resolve("tiny.json");
    int events = traced(file.toString());
    JsonArray found = JsonParser.parseString(Files.readString(file)).getAsJsonObject().getAsJsonArray("traceEvents");
    double before = 0;
    int instants = 0;
    for (JsonElement each : found) {
      JsonObject event = each.getAsJsonObject();
      if (event.get("ph").getAsString().equals("i")) {
        double now = event.get("ts").getAsDouble();
        assertTrue(now >= before && event.has("name") && event.has("pid") && event.has("tid") && event.has("args"), event::toString);
        before = now;
        instants++;
      }
    }
    assertEquals(events, instants);
  }

  @Test
  void flightRecordersReaderReadsItsForm() throws IOException, InterruptedException {
    Path file = work.resolve("tiny.jfr");
    int events = traced(file.toString());
    List<RecordedEvent> read = RecordingFile.readAllEvents(file).stream().filter(event -> event.getEventType().getName().equals(
        "org.xenolith.Trace")).toList();
    assertEquals(events, read.size());
    assertTrue(read.stream().anyMatch(event -> event.getLong("virtualTime") > 1000 && event.getString("kind").equals("access") && event
        .getString("details").startsWith("address=0x9000")), "no access");
  }

  @Test
  void aCaptureWithoutFramesIsOneNevertheless() throws Exception {
    Path file = work.resolve("tiny.pcapng");
    assertEquals(0, traced(file.toString()));
    assertEquals("", TestTools.run("tshark", "-r", file).expect(0).out());
  }

  @Test
  void theGuidesCommandsWork() throws Exception {
    Matcher fences = Pattern.compile("(?ms)^<!-- run by TraceFormatsTest.theGuidesCommandsWork -->\n```\n(.*?)^```").matcher(Files
        .readString(Product
            .root().resolve("docs/guides/trace-a-machine.md")));
    int commands = 0;
    while (fences.find()) {
      for (String line : fences.group(1).replace("target/", work + "/").lines().toList()) {
        if (line.startsWith("babeltrace2 ")) {
          TestTools.run("babeltrace2", line.substring(12)).expect(0).outHas("line: \\{ cpu = ");
        } else {
          Product.guide(line).expect(0);
        }
        commands++;
      }
    }
    assertEquals(6, commands);
    assertEquals(-1, Files.mismatch(work.resolve("tiny.json"), work.resolve("replayed.json")), "a replay's trace");
  }
}
