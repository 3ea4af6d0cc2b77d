package org.xenolith.bench;

import java.io.IOException;

/** What is run on both sides in turn. */
interface Measurement {
  /** Runs it once on us, or once on the peer, and adds what came of it. */
  void run(boolean ours, Figures figures) throws IOException, InterruptedException;
}
