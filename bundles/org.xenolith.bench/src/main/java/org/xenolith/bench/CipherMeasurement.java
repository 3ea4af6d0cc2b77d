// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.bench.WorkloadMeasurement.Pass;
import org.xenolith.boot.api.GuestFile;

/** Debian's openssl in the Debian guest, over so many bytes that its own start doesn't count: code that nobody here compiled, with the instructions for ciphers. */
final class CipherMeasurement implements Measurement {
  private static final List<String> WORDS = List.of("sha256", "gcm");
  private static final int MEMORY = 512;
  private final List<String> ours;
  private final List<String> peer;

  /** Prepares the guest. */
  CipherMeasurement(TestBed bed) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian("openssl", List.of("openssl"), GuestFile.executable("/bin/bench", Files.readAllBytes(PeerTools.root()
        .resolve("tests/guest-workloads/openssl"))));
    Path tree = bed.file("openssl", bed.tree(MEMORY, false));
    String words = guest.commandLine() + " xl.bench=" + String.join(",", WORDS);
    ours = bed.ours(tree, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", words);
    peer = bed.qemu(MEMORY, false, tree, "-kernel", guest.kernel(), "-initrd", guest.initrd(), "-append", words);
  }

  @Override
  public String toString() {
    return BenchPart.OPENSSL.toString();
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
    Map<String, List<Pass>> passes = WorkloadMeasurement.passes(run.lines());
    for (String name : WORDS) {
      Pass pass = passes.getOrDefault(name, List.of()).stream().findFirst().orElseThrow(() -> new IllegalStateException(
          "the guest didn't finish openssl's " + name));
      Figure figure = figures.of(BenchPart.OPENSSL, name, "ms", "256 MiB by " + (name.equals("gcm") ? "AES-128-GCM" : "SHA-256"));
      figure.sum(isOurs, pass.sum());
      figure.add(isOurs, pass.host(), run.load());
    }
  }
}
