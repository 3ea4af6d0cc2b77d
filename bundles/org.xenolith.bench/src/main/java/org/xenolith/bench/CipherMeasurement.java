// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.bench.WorkloadMeasurement.Pass;
import org.xenolith.boot.api.GuestFile;

/** Debian's openssl in the Debian guest, over so many bytes that its own start doesn't count: code that nobody here compiled, with the instructions for ciphers. */
final class CipherMeasurement implements Measurement {
  /** What {@code tests/guest-workloads/openssl} is asked for, and what that is for people. */
  private static final Map<String, String> WORK = new TreeMap<>(Map.of("sha256", "SHA-256", "gcm", "AES-128-GCM"));
  private static final int MEMORY = 512;
  private final GuestLines lines;

  /** Prepares the guest. */
  CipherMeasurement(TestBed bed) throws IOException, InterruptedException {
    Path script = PeerTools.root().resolve("tests/guest-workloads/openssl");
    GuestFiles guest = bed.debian("openssl", List.of("openssl"), GuestFile.executable("/bin/bench", Files.readAllBytes(script)));
    Path tree = bed.file("openssl", bed.tree(MEMORY, false));
    lines = GuestLines.of(bed, guest, MEMORY, tree, guest.commandLine() + " xl.bench=" + String.join(",", WORK.keySet()));
  }

  @Override
  public String toString() {
    return BenchPart.OPENSSL.toString();
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = lines.toItsEnd(isOurs);
    Map<String, List<Pass>> passes = WorkloadMeasurement.passes(run.lines());
    WORK.forEach((name, says) -> {
      if (!passes.containsKey(name)) {
        throw new IllegalStateException("the guest didn't finish openssl's " + name);
      }
      Pass pass = passes.get(name).getFirst();
      Figure figure = figures.of(BenchPart.OPENSSL, name, "ms", "256 MiB by " + says);
      figure.sum(isOurs, pass.sum());
      figure.add(isOurs, pass.host(), run.load());
    });
  }
}
