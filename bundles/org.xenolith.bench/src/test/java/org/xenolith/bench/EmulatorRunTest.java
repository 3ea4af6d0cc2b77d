// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

class EmulatorRunTest {
  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }

  @Test
  void aMarkerCountsBeforeItsLineEnds() throws IOException, InterruptedException {
    // Without that the run would wait for the end of the line, which never comes.
    EmulatorRun run = EmulatorRun.toTheMarker(shell("echo one; printf 'now UP'; exec sleep 1000"), "UP");
    assertEquals(List.of("one"), run.lines().stream().map(EmulatorRun.Line::text).toList());
    assertTrue(run.marker() >= run.lines().getFirst().milliseconds());
  }

  @Test
  void linesAreCompleteAndInOrder() throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(shell("printf 'a\\r\\nUP b\\r\\n'; echo c; printf d"), "UP");
    assertEquals(List.of("a", "UP b", "c"), run.lines().stream().map(EmulatorRun.Line::text).toList());
  }

  @Test
  void aFailureIsToldWithTheLastLines() {
    String says = assertThrows(BadInput.class, () -> EmulatorRun.toItsEnd(shell("echo UP; echo why it failed; exit 3"), "UP")).getMessage();
    assertTrue(says.contains("exit code 3") && says.contains("why it failed"), says);
  }

  @Test
  void aMarkerThatNeverCameIsAFailure() {
    assertThrows(BadInput.class, () -> EmulatorRun.toItsEnd(shell("echo down"), "UP"));
  }

  @Test
  void passesOfAWorkloadAreTakenApart() {
    var passes = WorkloadMeasurement.passes(List.of(new EmulatorRun.Line("BENCH-START int", 100), new EmulatorRun.Line("noise", 120),
        new EmulatorRun.Line("BENCH int 30.500 ms sum=1f", 150), new EmulatorRun.Line("BENCH-START int", 160),
        new EmulatorRun.Line("BENCH int 20.000 ms sum=1f", 190), new EmulatorRun.Line("BENCH-START fp", 200),
        new EmulatorRun.Line("BENCH fp 5.000 ms sum=2", 207)));
    assertEquals("[int, fp]", passes.keySet().toString());
    assertEquals(List.of(50.0, 30.0), passes.get("int").stream().map(WorkloadMeasurement.Pass::host).toList());
    assertEquals(20.0, passes.get("int").getLast().guest());
    assertEquals("2", passes.get("fp").getFirst().sum());
  }
}
