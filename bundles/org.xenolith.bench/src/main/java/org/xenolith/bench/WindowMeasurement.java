// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.util.List;

/** How long it takes until the workbench's window is open and answers. Nobody is on the other side. */
final class WindowMeasurement implements Measurement {
  /** What the workbench says then. */
  private static final String OPEN = "the workbench is open";

  @Override
  public String toString() {
    return BenchPart.WINDOW.toString();
  }

  @Override
  public String peer() {
    return BenchPart.WINDOW.peer;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    if (isOurs) {
      EmulatorRun run = EmulatorRun.toTheMarker(List.of(PeerTools.launcher(), "workbench"), OPEN);
      figures.of(BenchPart.WINDOW, "open", "ms", "to a window that answers").add(true, run.marker(), run.load());
    }
  }
}
